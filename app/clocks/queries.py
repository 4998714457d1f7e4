"""Selects of clocks, and the arithmetic of one of them in words."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.clocks.records import Clock, Pause
from app.kernel import deadlines
from app.kernel.deadlines import Explanation


def visible_clocks(work: Work) -> Select[Clock]:
    """Clocks; row security keeps those of walled cases away, and the caller has asked for the case itself."""
    return select(Clock)


def running_clocks(work: Work, case_id: UUID) -> list[Clock]:
    """What still runs in one case."""
    query = visible_clocks(work).where(Clock.case_id == case_id, Clock.stopped_on.is_(None))
    return list(work.session.scalars(query.order_by(Clock.due_on, Clock.id)))


def clocks_of(work: Work, case_id: UUID) -> list[Clock]:
    """Every clock of one case, running ones first."""
    query = visible_clocks(work).where(Clock.case_id == case_id)
    return list(work.session.scalars(query.order_by(Clock.stopped_on.desc().nulls_first(), Clock.due_on, Clock.id)))


def get_clock(work: Work, clock_id: UUID, *, for_update: bool = False) -> Clock:
    """One clock, or 404."""
    query = visible_clocks(work).where(Clock.id == clock_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def pauses_of(work: Work, clock_ids: Iterable[UUID]) -> dict[UUID, list[Pause]]:
    """The pauses of several clocks, in one statement."""
    found: dict[UUID, list[Pause]] = {}
    for pause in work.session.scalars(select(Pause).where(Pause.clock_id.in_(list(clock_ids))).order_by(Pause.from_on)):
        found.setdefault(pause.clock_id, []).append(pause)
    return found


def intervals(work: Work, clock: Clock, pauses: Iterable[Pause]) -> list[deadlines.Pause]:
    """Pauses as the arithmetic takes them, each with its reason in words."""
    book = work.policies.named(clock.policy_id)
    return [deadlines.Pause(p.kind, book.toll(p.kind).label.to("en"), p.from_on, p.until_on) for p in pauses]


def why_this_date(work: Work, clock: Clock, pauses: Iterable[Pause]) -> Explanation | None:
    """Start, every counted stretch, each pause and holiday, the roll, the law."""
    book = work.policies.named(clock.policy_id)
    return book.explain(clock.rule, clock.started_on, intervals(work, clock, pauses), today=work.today)
