"""What was granted, asked and warned of on clocks, for several of them at once; and their dates, worked out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.clocks import rules
from app.clocks.records import Clock, ClockChange, ClockWarning, Extension, Pause
from app.kernel import deadlines
from app.kernel.calendar import Calendar
from app.kernel.deadlines import Beginning, Explanation, Rule, WhatIf
from app.policy.model import Rulebook

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
T = TypeVar("T", Pause, Extension, ClockWarning, ClockChange)


def _by_clock(work: Work, query: Select[T]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for row in work.session.scalars(query):
        found[row.clock_id].append(row)
    return dict(found)


def pauses_of(work: Work, clock_ids: Iterable[UUID]) -> dict[UUID, list[Pause]]:
    """The pauses of several clocks that were granted, in one statement."""
    query = select(Pause).where(Pause.clock_id == func.any(list(clock_ids)), Pause.state == GRANTED)
    return _by_clock(work, query.order_by(Pause.from_on, Pause.id))


def extensions_of(work: Work, clock_ids: Iterable[UUID]) -> dict[UUID, list[Extension]]:
    """More time that was asked for on several clocks, granted or not, in the order of asking."""
    query = select(Extension).where(Extension.clock_id == func.any(list(clock_ids)))
    return _by_clock(work, query.order_by(Extension.asked_on, Extension.id))


def warnings_of(work: Work, clock_ids: Iterable[UUID]) -> dict[UUID, ClockWarning]:
    """The warning that stands on each of several clocks."""
    query = select(ClockWarning).where(
        ClockWarning.clock_id == func.any(list(clock_ids)), ClockWarning.ended_on.is_(None)
    )
    return {clock_id: rows[0] for clock_id, rows in _by_clock(work, query).items()}


def requests_of(work: Work, clock_id: UUID) -> tuple[list[Pause], list[Extension]]:
    """Everything that was ever asked for on one clock, with what came of it."""
    pauses = select(Pause).where(Pause.clock_id == clock_id).order_by(Pause.from_on, Pause.id)
    extensions = select(Extension).where(Extension.clock_id == clock_id).order_by(Extension.asked_on, Extension.id)
    return list(work.session.scalars(pauses)), list(work.session.scalars(extensions))


def warnings_ever(work: Work, clock_id: UUID) -> list[ClockWarning]:
    """Every warning of one clock, the latest first."""
    query = select(ClockWarning).where(ClockWarning.clock_id == clock_id)
    return list(work.session.scalars(query.order_by(ClockWarning.raised_on.desc(), ClockWarning.step)))


def changes_of(work: Work, clock_id: UUID) -> list[ClockChange]:
    """Each time this clock was counted again and came to another day."""
    return list(
        work.session.scalars(select(ClockChange).where(ClockChange.clock_id == clock_id).order_by(ClockChange.id))
    )


def get_pause(work: Work, clock_id: UUID, pause_id: UUID) -> Pause:
    """One pause of this clock, or 404."""
    query = select(Pause).where(Pause.id == pause_id, Pause.clock_id == clock_id)
    return one_or_not_found(work, query.with_for_update())


def get_extension(work: Work, clock_id: UUID, extension_id: UUID) -> Extension:
    """One extension of this clock, or 404."""
    query = select(Extension).where(Extension.id == extension_id, Extension.clock_id == clock_id)
    return one_or_not_found(work, query.with_for_update())


def get_warning(work: Work, clock_id: UUID, warning_id: UUID) -> ClockWarning:
    """One warning of this clock, or 404."""
    query = select(ClockWarning).where(ClockWarning.id == warning_id, ClockWarning.clock_id == clock_id)
    return one_or_not_found(work, query.with_for_update())


def intervals_by(book: Rulebook, pauses: Iterable[Pause]) -> list[deadlines.Pause]:
    """Pauses as the arithmetic takes them, each with its reason in words."""
    return [rules.interval(book.toll(each.kind), each.from_on, each.until_on) for each in pauses]


def extras_by(book: Rulebook, rule: str, extensions: Iterable[Extension]) -> list[deadlines.Extension]:
    """Extensions as the arithmetic takes them, refused and undecided ones too: they stand in the explanation."""
    clock = book.clock(rule)
    return [
        rules.extra(  # noqa: S610 - no query of Django
            clock,
            rules.extension_named(clock, each.kind),
            each.amount,
            each.unit,
            each.asked_on,
            each.decided_on if each.state == GRANTED else None,
            each.decided_on if each.state == REFUSED else None,
        )
        for each in extensions
    ]


@dataclass(frozen=True)
class Reckoned:
    """One clock as the arithmetic takes it."""

    rule: Rule
    start: date
    calendar: Calendar
    tolled: list[deadlines.Pause]
    extended: list[deadlines.Extension]
    beginning: Beginning


def reckoned(book: Rulebook, clock: Clock, pauses: Iterable[Pause], extensions: Iterable[Extension]) -> Reckoned | None:
    """Nothing where the law's number is not known."""
    rule = book.clock(clock.rule)
    if rule.rule is None:
        return None
    extras = extras_by(book, clock.rule, extensions)
    begun = rules.beginning(rule, clock.started_by)
    return Reckoned(rule.rule, clock.started_on, book.calendar, intervals_by(book, pauses), extras, begun)


def why_this_date(
    work: Work, clock: Clock, pauses: Iterable[Pause], extensions: Iterable[Extension] = ()
) -> Explanation | None:
    """Start, every counted stretch, each pause, extension and holiday, the roll, the law."""
    one = reckoned(work.policies.named(clock.policy_id), clock, pauses, extensions)
    if one is None:
        return None
    return deadlines.explain(
        one.rule,
        one.start,
        one.calendar,
        one.tolled,
        today=work.today,
        extended=one.extended,
        beginning=one.beginning,
    )


def what_if(work: Work, clock: Clock, more: deadlines.Pause) -> WhatIf | None:
    """The same beside what it would be with one more pause; nothing is changed."""
    pauses, extensions = pauses_of(work, [clock.id]), extensions_of(work, [clock.id])
    book = work.policies.named(clock.policy_id)
    one = reckoned(book, clock, pauses.get(clock.id, []), extensions.get(clock.id, []))
    if one is None:
        return None
    return deadlines.what_if(
        one.rule,
        one.start,
        one.calendar,
        one.tolled,
        pauses=[more],
        today=work.today,
        extended=one.extended,
        beginning=one.beginning,
    )
