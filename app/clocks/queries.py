"""Selects of clocks, and the arithmetic of one of them in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.clocks import rules
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


@dataclass(frozen=True)
class ShownClock:
    """A clock as a person reads it: its name, its day and why, whose turn it is, and what follows if it lapses."""

    clock: Clock
    label: str
    about: str
    state: str
    days_left: int
    due_on: date
    why: Explanation | None
    owner: str
    consequence: str
    reasons: tuple[tuple[str, str, str], ...]
    open_pause: Pause | None


def shown(
    work: Work, found: Iterable[Clock], pauses: Mapping[UUID, list[Pause]], officers: Mapping[UUID, str]
) -> list[ShownClock]:
    """Clocks with their arithmetic; `officers` names those whom a clock of their own concerns."""
    return [_shown(work, clock, pauses.get(clock.id, []), officers) for clock in found]


def _shown(work: Work, clock: Clock, pauses: list[Pause], officers: Mapping[UUID, str]) -> ShownClock:
    book = work.policies.named(clock.policy_id)
    rule = book.clock(clock.rule)
    why = why_this_date(work, clock, pauses)
    # With a pause still open the date moves every day: the explanation counts up to today, the row to its granting.
    due_on = why.due_on if why is not None and clock.stopped_on is None else clock.due_on
    is_paused = rules.is_paused_on([(p.from_on, p.until_on) for p in pauses], work.today)
    tolling = [book.toll(code) for code in rule.tolling]
    return ShownClock(
        clock=clock,
        label=rule.label.to("en"),
        about=officers.get(clock.officer_id, "") if clock.officer_id else "",
        state=rules.state_of(due_on, clock.stopped_on, is_paused=is_paused),
        days_left=(due_on - work.today).days,
        due_on=due_on,
        why=why,
        owner=rules.OWNERS.get(rule.owner, ""),
        consequence=rule.consequence.to("en") if rule.consequence else "",
        reasons=tuple(
            (t.code, t.label.to("en"), t.evidence_needed.to("en") if t.evidence_needed else "") for t in tolling
        ),
        open_pause=next((p for p in pauses if p.until_on is None), None),
    )


def shown_clock(work: Work, clock: Clock) -> ShownClock:
    """One clock with its arithmetic."""
    return _shown(work, clock, pauses_of(work, [clock.id]).get(clock.id, []), {})


def what_if(work: Work, clock: Clock, extra: deadlines.Pause) -> Explanation | None:
    """The arithmetic as it would be with one more pause; nothing is changed."""
    book = work.policies.named(clock.policy_id)
    tolled = intervals(work, clock, pauses_of(work, [clock.id]).get(clock.id, []))
    return book.explain(clock.rule, clock.started_on, [*tolled, extra], today=work.today)


def running_dates(work: Work, case_id: UUID) -> list[tuple[str, date]]:
    """The rule and the date of each clock that runs in one case; a filer may read these columns and no more."""
    query = select(Clock.rule, Clock.due_on).where(Clock.case_id == case_id, Clock.stopped_on.is_(None))
    return [(row.rule, row.due_on) for row in work.session.execute(query.order_by(Clock.due_on))]
