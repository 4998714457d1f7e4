"""What was granted, asked and warned of on clocks, for several of them at once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.clocks import rules
from app.clocks.records import Agreement, ClockChange, ClockWarning, Extension, Pause
from app.kernel import deadlines
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


def agreements_of(work: Work, clock_id: UUID) -> dict[UUID, list[Agreement]]:
    """Who agreed to more time on one clock, by what was asked for."""
    query = select(Agreement).where(Agreement.clock_id == clock_id).order_by(Agreement.agreed_on, Agreement.party)
    found: dict[UUID, list[Agreement]] = defaultdict(list)
    for row in work.session.scalars(query):
        found[row.extension_id].append(row)
    return dict(found)


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


def tolled(work: Work, book: Rulebook, pauses: Iterable[Pause]) -> list[deadlines.Pause]:
    """The same with the days on which no clock runs, by the law of today."""
    return [*intervals_by(book, pauses), *rules.standstills(work.book)]


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
