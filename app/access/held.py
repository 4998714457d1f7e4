"""Jobs that today's law does not let be done: each is noted once, waits, and is taken up when the power is back."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import select

from app.access.work import Work
from app.kernel.events import Event
from app.policy.model.powers import Act
from app.policy.records import HeldJob


class JobHeld(Event):
    """A job was not done, because the law of the day stops what it does."""

    tag: ClassVar[str] = "policy:job:held"
    sentence: ClassVar[str] = "Left “{job}” undone, because today’s rulebook stops {act}."

    held_id: UUID
    job: str
    act: str
    case_id: UUID | None = None


class JobTakenUp(Event):
    """What had waited for a power is done now."""

    tag: ClassVar[str] = "policy:job:taken_up"
    sentence: ClassVar[str] = "Took up “{job}”, because {act} may be done again."

    held_id: UUID
    job: str
    act: str


def hold(work: Work, job: str, args: Mapping[str, str], act: Act) -> HeldJob:
    """Notes a job that may not be done today; the same one is noted once."""
    for waiting in waiting_jobs(work):
        if (waiting.job, waiting.args) == (job, dict(args)):
            return waiting
    held = work.add(HeldJob(id=uuid4(), job=job, args=dict(args), act=act.value, held_at=work.now))
    case_id = UUID(args["case_id"]) if "case_id" in args else None
    work.happened(JobHeld(held_id=held.id, job=job, act=act.value, case_id=case_id))
    return held


def waiting_jobs(work: Work) -> list[HeldJob]:
    """What waits for a power, the first first."""
    query = select(HeldJob).where(HeldJob.taken_up_at.is_(None)).order_by(HeldJob.held_at, HeldJob.id)
    return list(work.session.scalars(query.with_for_update(skip_locked=True)))


def take_up_held(work: Work) -> None:
    """Queues again whatever may be done again."""
    for held in waiting_jobs(work):
        if work.stop_of(Act(held.act)) is None:
            held.taken_up_at = work.now
            entry_id = work.happened(JobTakenUp(held_id=held.id, job=held.job, act=held.act))
            work.defer(held.job, held.args, entry_id)
