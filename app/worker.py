"""The worker: runs the jobs that events left behind, and seals the journal."""

import threading
import time
from collections.abc import Callable, Mapping
from uuid import UUID

import procrastinate
import psycopg

from app import stages
from app.access.actor import Actor
from app.access.held import hold
from app.access.work import House, Work, open_work
from app.audit.checkpoints import Signer
from app.audit.sealer import JournalDamaged, keep_sealing
from app.config import Settings
from app.infra.db import Door
from app.infra.log import log, report_failure, start_logging
from app.infra.queue import open_queue
from app.operations.house import open_house
from app.policy.acting import ActStopped

AGAIN_AFTER = 3.0
RETRIES = 8
STALLED_AFTER = 60
Job = Callable[..., object]


def main(settings: Settings, owner_url: str) -> None:
    """Works until it is told to stop."""
    start_logging()
    house = open_house(settings, owner_url, stages.WIRING)
    queue = open_queue(house.databases.dsn(Door.WORKER))
    register_jobs(queue, house, stages.JOBS)
    register_periodic(queue, house, stages.PERIODIC)
    threading.Thread(target=seal_for_ever, args=(house,), daemon=True).start()
    queue.run_worker(concurrency=2, install_signal_handlers=True, delete_jobs="successful")


def register_jobs(queue: procrastinate.App, house: House, jobs: Mapping[str, Job]) -> None:
    """Every job by its name; each run is one Work of the worker's own, safe to run twice."""
    for name, job in jobs.items():
        queue.task(name=name, retry=procrastinate.RetryStrategy(max_attempts=RETRIES, exponential_wait=2))(
            _run(house, name, job)
        )

    @queue.periodic(cron="* * * * *")
    @queue.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True)
    async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        """A job whose worker was killed goes back to the queue."""
        manager = context.app.job_manager
        for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            await manager.retry_job(stalled)


def register_periodic(
    queue: procrastinate.App, house: House, periodic: Mapping[str, tuple[str, Callable[[Work], object]]]
) -> None:
    """What is done by the clock, one at a time; the worker's next start does not make up for a time it missed."""
    for name, (when, job) in periodic.items():
        run = _run(house, name, job)
        task = queue.task(name=name, queueing_lock=name, lock=name)(lambda timestamp, run=run: run())
        queue.periodic(cron=when)(task)


def run_job(house: House, name: str, job: Job, **ids: str) -> None:
    """One job in one Work; one that today's law stops is noted, and waits for the power instead of failing for ever."""
    try:
        with open_work(house, Actor.system(name)) as work:
            job(work, **{key: UUID(value) for key, value in ids.items()})
    except ActStopped as stopped:
        with open_work(house, Actor.system(name)) as work:
            hold(work, name, ids, stopped.stop.act)


def _run(house: House, name: str, job: Job) -> Callable[..., None]:
    def run(**ids: str) -> None:
        try:
            run_job(house, name, job, **ids)
        except Exception as failure:
            report_failure(failure, route=f"job:{name}")
            raise

    return run


def signer_of(house: House) -> Signer:
    """Who signs this installation's checkpoints."""
    return Signer(f"candor/{house.agency}", house.keys.checkpoint_key)


def seal_for_ever(house: House) -> None:
    """Gives every committed entry its place in the tree; a damaged tree is told again and again, and never signed."""
    while True:
        try:
            with psycopg.connect(house.databases.dsn(Door.SEALER), autocommit=True) as connection:
                keep_sealing(connection, signer_of(house), _tell_sealed, threading.Event())
        except (psycopg.Error, JournalDamaged) as failure:
            report_failure(failure, route="sealer")
            time.sleep(AGAIN_AFTER)


def _tell_sealed(count: int) -> None:
    log().info("journal:sealed", count=count)
