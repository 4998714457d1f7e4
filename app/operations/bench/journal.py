"""What the journal costs and how fast it is sealed; and whether its owner can alter it unseen."""

import asyncio
import importlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.access import work as working
from app.access.work import House
from app.administration.events import EntryProved
from app.audit import journal
from app.audit.checkpoints import Verifier
from app.audit.records import JournalEntry
from app.audit.sealer import keep_sealing
from app.infra.db import Door
from app.infra.schema import bare
from app.infra.sending import Insert, Statement, send
from app.operations import proof
from app.operations.bench.client import OK
from app.operations.bench.figures import Proof, middle, quantile
from app.operations.bench.site import Site, filing
from app.operations.bench.statements import call
from app.operations.journal_attacks import Field, Outcome, attack_again_and_again, fill
from app.operations.serve import WEB

WRITERS = 8
KIND = "system:bench"
LOOK_EVERY = 0.25
WARM_UP = 3.0
JOURNALLED = 'INSERT INTO "journal_entries"'
# What waits, as the sealer asks; the entries of the measure bear the moment they were written.
LAG = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0) FROM journal_entries
WHERE (xid, seq) > (SELECT xid, seq FROM journal_leaves ORDER BY index DESC LIMIT 1)"""
Progress = Callable[[str], None]


# -- attacks --------------------------------------------------------------------------------------


def attacked(house: House, owner_url: str, times: int, seed: int, progress: Progress) -> Outcome:
    """So many attacks by the owner of the database on a journal of which one checkpoint has left the house."""
    dice = random.Random(seed)  # noqa: S311 - an attack by chance, no secret
    signer = proof.signer_of(house)
    with psycopg.connect(bare(owner_url), autocommit=True) as conn:
        progress("Filling a journal")
        field = Field(conn, signer, dice, fill(conn, signer, dice))
        progress(f"Attacking it {times} times")
        clean_before = _is_clean(field)
        outcome = attack_again_and_again(field, times)
        if not (clean_before and _is_clean(field)):
            outcome.missed.append("an untouched journal was called altered")
    return outcome


def prove_attacks(house: House, owner_url: str, times: int, progress: Progress) -> Proof:
    """All of them, and that an untouched journal is called clean before and after."""
    seed = 4
    outcome = attacked(house, owner_url, times, seed, progress)
    found = outcome.total - len(outcome.missed)
    return Proof(
        outcome.total == times == found,
        {"attacks": outcome.total, "found": found, "kinds": outcome.tried, "missed": outcome.missed, "seed": seed},
        "Each attack in a transaction of the database's owner, with every trigger taken away, then looked for by the "
        "verifier with one checkpoint kept outside, then undone. The kinds come by turns, their places by chance; "
        "where the tree was rebuilt and signed with the stolen key, the checkpoint outside alone tells.",
    )


def _is_clean(field: Field) -> bool:
    with field.conn.transaction():
        verifier = Verifier(field.signer.verifier_key)
        return proof.verify_on(field.conn, verifier, outside=[field.outside]).ok


# -- sealing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sealed:
    """What was written in a run, how fast, and how long the oldest entry waited at each look."""

    written: int
    seconds: float
    lags: Sequence[float]
    checkpoints: int
    is_whole: bool

    def figures(self) -> dict[str, Any]:
        """As they are kept."""
        return {
            "events_per_second": round(self.written / self.seconds, 1),
            "seconds": round(self.seconds, 1),
            "lag_median_s": round(middle(self.lags), 2),
            "lag_p99_s": round(quantile(self.lags, 0.99), 2),
            "lag_most_s": round(max(self.lags), 2),
            "checkpoints": self.checkpoints,
            "all_sealed_and_verified": self.is_whole,
        }


def sealed_while_writing(house: House, rate: int, seconds: float) -> Sealed:
    """Events at a steady rate, each a transaction of its own, while the sealer of the worker runs beside."""
    stop, lags = threading.Event(), list[float]()
    before = _numbers(house)
    threads = [threading.Thread(target=_keep_sealing, args=(house, stop))]
    threads += [threading.Thread(target=_write, args=(house, rate / WRITERS, stop)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    with psycopg.connect(house.databases.dsn(Door.BACKUP), autocommit=True) as looking:
        while time.monotonic() - began < WARM_UP + seconds:
            time.sleep(LOOK_EVERY)
            if time.monotonic() - began > WARM_UP:
                row = looking.execute(LAG).fetchone()
                lags.append(float(row[0]) if row else 0.0)
    stop.set()
    took = time.monotonic() - began
    for thread in threads:
        thread.join()
    after = _numbers(house)
    is_whole = _sealed_to_the_end(house)
    return Sealed(after[0] - before[0], took, lags, after[1] - before[1], is_whole)


def prove_sealing(house: House, rate: int, seconds: float, most_lag: float) -> Proof:
    """A minute of it, and then the whole verified."""
    found = sealed_while_writing(house, rate, seconds)
    figures = found.figures() | {"load_average": round(os.getloadavg()[0], 2)}
    # A rate that the writers themselves did not reach proves nothing.
    fast = figures["events_per_second"] >= rate * 0.98
    return Proof(
        fast and found.is_whole and figures["lag_most_s"] < most_lag,
        figures,
        f"{WRITERS} writers, {rate} events a second together, each a transaction of its own, for {seconds} s beside "
        f"the worker's own sealing; every {LOOK_EVERY} s the age of the oldest entry without a place. Then what is "
        "left is sealed and the whole journal verified.",
    )


def _write(house: House, rate: float, stop: threading.Event) -> None:
    """One writer: late ones are made up for, so that the rate is that of the clock."""
    insert, began, written = Insert.into(JournalEntry), time.monotonic(), 0
    with psycopg.connect(house.databases.dsn(Door.WORKER), autocommit=True) as conn:
        while not stop.is_set():
            wait = began + written / rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            # The process's clock and the server's are one here; to ask the server would halve the writers.
            row = journal.row_of(
                EntryProved(case_id=uuid4(), entry_id=uuid4()), datetime.fromtimestamp(time.time(), UTC), KIND, None
            )
            statement = insert.of(row)
            conn.execute(statement.text.encode(), statement.values)
            written += 1


def _keep_sealing(house: House, stop: threading.Event) -> None:
    with psycopg.connect(house.databases.dsn(Door.SEALER), autocommit=True) as connection:
        keep_sealing(connection, proof.signer_of(house), lambda _: None, stop)


def _numbers(house: House) -> tuple[int, int]:
    with psycopg.connect(house.databases.dsn(Door.BACKUP)) as conn:
        row = conn.execute("SELECT (SELECT count(*) FROM journal_entries), (SELECT count(*) FROM checkpoints)")
        found = row.fetchone()
        return (int(found[0]), int(found[1])) if found else (0, 0)


def _sealed_to_the_end(house: House) -> bool:
    stop = threading.Event()
    with psycopg.connect(house.databases.dsn(Door.SEALER), autocommit=True) as connection:
        stop.set()
        keep_sealing(connection, proof.signer_of(house), lambda _: None, stop)
    found = proof.verify(house)
    return found.ok and found.unsealed == 0


# -- what an entry costs --------------------------------------------------------------------------


def filing_with_and_without(site: Site, turns: int, each: int, progress: Progress) -> tuple[list[float], list[float]]:
    """Seconds for so many filings by turns, as they are and without their journal entry, in this very process."""
    app: FastAPI = getattr(importlib.import_module(WEB[0]), WEB[1])(
        site.settings.model_copy(update={"limits": "off"}), site.owner_url
    )
    return asyncio.run(_by_turns(app, turns, each, progress))


def prove_cost(site: Site, turns: int, each: int, most: float, progress: Progress) -> Proof:
    """The share of a filing's time that its journal entry takes."""
    as_it_is, without = filing_with_and_without(site, turns, each, progress)
    shares = [1 - bare / whole for whole, bare in zip(as_it_is, without, strict=True)]
    figures = {
        "share_of_a_filing": round(middle(shares), 4),
        "filing_ms": round(middle(as_it_is) / each * 1000, 2),
        "without_ms": round(middle(without) / each * 1000, 2),
        "load_average": round(os.getloadavg()[0], 2),
    }
    return Proof(
        figures["share_of_a_filing"] <= most,
        figures,
        f"POST /api/v1/filings in one process, {each} by turns with and without the entry (its bytes, their hash and "
        f"the row), {turns} turns; the share of each turn, their median.",
    )


async def _by_turns(app: FastAPI, turns: int, each: int, progress: Progress) -> tuple[list[float], list[float]]:
    as_it_is, without = [], []
    async with app.router.lifespan_context(app):
        for turn in range(turns + 1):
            progress(f"turn {turn} of {turns}")
            one = await _file(app, each)
            with _no_journal():
                other = await _file(app, each)
            if turn:  # the first one warms up
                as_it_is.append(one)
                without.append(other)
    return as_it_is, without


async def _file(app: FastAPI, count: int) -> float:
    began = time.perf_counter()
    for number in range(count):
        answer = await call(app, filing(number))
        if answer.status not in OK:
            raise RuntimeError(f"a filing was answered {answer.status}")
    return time.perf_counter() - began


@contextmanager
def _no_journal() -> Iterator[None]:
    """Neither the bytes, nor their hash, nor the row; nothing else in a filing needs them."""
    entry = journal.entry

    def nothing(*_: Any, **__: Any) -> journal.Written:
        return journal.Written(UUID(int=0), b"\0" * 32, Statement(JOURNALLED, []))

    def rest(session: Session, statements: Sequence[Statement]) -> Any:
        kept = [each for each in statements if not each.text.startswith(JOURNALLED)]
        return send(session, kept) if kept else None

    working.send, journal.entry = rest, nothing  # type: ignore[attr-defined]
    try:
        yield
    finally:
        working.send, journal.entry = send, entry  # type: ignore[attr-defined]
