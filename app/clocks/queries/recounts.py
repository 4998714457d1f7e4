"""Recounts: how far each has come, and the running clocks of the next batch."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account
from app.access.work import Work
from app.clocks.queries.lapses import Moved, moved
from app.clocks.queries.running import visible_clocks
from app.clocks.records import Clock, ClockChange, Recount

LATEST = 30
CHANGES_AT_ONCE = 100
NIGHT, RULEBOOK, BY_HAND = "night", "rulebook", "asked"
COLUMNS: tuple[Any, ...] = (
    Clock.id,
    Clock.case_id,
    Clock.rule,
    Clock.policy_id,
    Clock.started_on,
    Clock.due_on,
    Clock.round,
    Clock.laps,
)


@dataclass(frozen=True)
class Counted:
    """A running clock as it stands before it is counted again."""

    id: UUID
    case_id: UUID
    rule: str
    policy_id: str
    started_on: date
    due_on: date
    round: int
    laps: int


def latest_recounts(work: Work) -> list[Row[Recount, str]]:
    """The latest ones with whoever asked, the newest first."""
    work.need(Permission.CLOCK_RECOUNT)
    query = select(Recount, Account.display_name).outerjoin(Account, Account.id == Recount.asked_by_id)
    return list(work.session.execute(query.order_by(Recount.asked_at.desc(), Recount.id).limit(LATEST)))


def get_recount(work: Work, recount_id: UUID, *, for_update: bool = False) -> Recount:
    """One recount, or 404."""
    work.need(Permission.CLOCK_RECOUNT)
    query = select(Recount).where(Recount.id == recount_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def changes_in(work: Work, recount_id: UUID, after: UUID | None = None) -> list[Moved]:
    """What one recount moved, a page at a time and one more; only clocks this person may know of."""
    query = visible_clocks(work).join(ClockChange, ClockChange.clock_id == Clock.id)
    query = query.where(ClockChange.recount_id == recount_id)
    if after is not None:
        query = query.where(ClockChange.id > after)
    rows = work.session.execute(
        query.with_only_columns(ClockChange, Clock).order_by(ClockChange.id).limit(CHANGES_AT_ONCE + 1)
    )
    return moved(work, [(change, clock) for change, clock in rows])


def unfinished(work: Work, kind: str | None = None) -> list[Recount]:
    """Recounts that are not at their end, the oldest first."""
    query = select(Recount).where(Recount.finished_at.is_(None))
    if kind is not None:
        query = query.where(Recount.kind == kind)
    return list(work.session.scalars(query.order_by(Recount.asked_at, Recount.id)))


def is_night_counted(work: Work, day: date) -> bool:
    """True where this day's recount was begun."""
    query = select(Recount.id).where(Recount.kind == NIGHT, Recount.day == day)
    return work.session.scalar(query) is not None


def count_running(work: Work) -> int:
    """How many clocks run that have a date."""
    query = select(func.count()).select_from(Clock).where(Clock.stopped_on.is_(None), Clock.due_on.is_not(None))
    return work.session.scalar(query) or 0


def next_running(work: Work, recount: Recount, most: int) -> list[Counted]:
    """The next running clocks, case by case, locked; one that somebody is changing this moment waits for tonight."""
    query = select(*COLUMNS).where(Clock.stopped_on.is_(None), Clock.due_on.is_not(None))
    if recount.after_case is not None and recount.after_clock is not None:
        query = query.where(tuple_(Clock.case_id, Clock.id) > tuple_(recount.after_case, recount.after_clock))
    query = query.order_by(Clock.case_id, Clock.id).limit(most).with_for_update(skip_locked=True)
    return [Counted(*row) for row in work.session.execute(query)]
