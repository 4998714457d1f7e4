"""The lapse list: every running clock by days left, a page at a time; and what of it waits for one person."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, not_, or_, select, tuple_
from sqlalchemy import Date as SqlDate
from sqlalchemy import Uuid as SqlUuid

from app.access.permissions import Permission
from app.access.work import Work
from app.clocks import rules
from app.clocks.commands import LapseView
from app.clocks.queries.lines import CaseLine, case_lines, cases_led_by
from app.clocks.queries.running import visible_clocks
from app.clocks.queries.shown import ShownClock, shown_many
from app.clocks.queries.told import ASKED
from app.clocks.records import Clock, ClockChange, ClockWarning, Extension, Pause
from app.kernel.errors import Invalid

A_PAGE = 50
AT_MOST_COUNTED = 99
FEW = 12


@dataclass(frozen=True)
class LapsePage:
    """One page of the list and the cursor of the next."""

    rows: list[tuple[ShownClock, CaseLine]]
    next: str | None


@dataclass(frozen=True)
class Tab:
    """A view people use every day, with how many clocks stand behind it; counted only to a hundred."""

    label: str
    asks: dict[str, str]
    count: int

    @property
    def shown(self) -> str:
        """The count as it stands on the tab."""
        return f"{AT_MOST_COUNTED}+" if self.count > AT_MOST_COUNTED else str(self.count)


def lapse_page(work: Work, view: LapseView) -> LapsePage:
    """One page, found by key and never by counting: the last page costs what the first does."""
    query = _listed(work, view)
    day, clock_id = _decode(view.cursor) if view.cursor else (date.min, None)
    found = _dated(work, query, day, clock_id) if day is not None else []
    if len(found) <= A_PAGE:
        found += _counting_up(work, query, clock_id if day is None else None, A_PAGE + 1 - len(found))
    page = found[:A_PAGE]
    following = _encode(page[-1].due_on, page[-1].id) if len(found) > A_PAGE else None
    return LapsePage(with_lines(work, page), following)


def _dated(work: Work, query: Select[Clock], day: date, clock_id: UUID | None) -> list[Clock]:
    query = query.where(Clock.due_on.is_not(None))
    if clock_id is not None:
        query = query.where(tuple_(Clock.due_on, Clock.id) > tuple_(literal(day, SqlDate), literal(clock_id, SqlUuid)))
    return list(work.session.scalars(query.order_by(Clock.due_on, Clock.id).limit(A_PAGE + 1)))


def _counting_up(work: Work, query: Select[Clock], clock_id: UUID | None, most: int) -> list[Clock]:
    """After everything that has a date: duties without a number of days, the oldest rows as they stand."""
    query = query.where(Clock.due_on.is_(None))
    if clock_id is not None:
        query = query.where(Clock.id > clock_id)
    return list(work.session.scalars(query.order_by(Clock.id).limit(most)))


def with_lines(work: Work, clocks: list[Clock]) -> list[tuple[ShownClock, CaseLine]]:
    """Each clock with its case in one line."""
    lines = case_lines(work, {clock.case_id for clock in clocks})
    return [(each, lines.get(each.clock.case_id, CaseLine())) for each in shown_many(work, clocks)]


def tabs(work: Work) -> list[Tab]:
    """The everyday views with their counts, in one statement that stops counting at a hundred each."""
    views = [
        ("Mine", {"who": "mine"}),
        ("Without an answer", {"show": "unanswered"}),
        *([("Risen to me", {"show": "risen"})] if _ranks(work) else []),
        ("Lapsed", {"show": "lapsed"}),
        ("Asked for", {"show": "asked"}),
        ("To choose", {"show": "choice"}),
        ("Nobody’s", {"who": "nobody"}),
    ]
    counts = [_counted(_listed(work, LapseView.model_validate(asks))) for _, asks in views]
    found = work.session.execute(select(*counts)).one()
    return [Tab(label, asks, found[at]) for at, (label, asks) in enumerate(views)]


def _visible(work: Work) -> Select[Clock]:
    work.need(Permission.CASE_READ)
    return visible_clocks(work)


def _running(work: Work) -> Select[Clock]:
    """What runs; a least time that is over asks for nothing any more."""
    return _visible(work).where(Clock.stopped_on.is_(None), or_(not_(Clock.is_least), Clock.due_on >= work.today))


def _listed(work: Work, view: LapseView) -> Select[Clock]:
    """What runs; where an answer is wanted also what lapsed and has stopped since."""
    owed = view.show in ("unanswered", "risen")
    return (_visible(work) if owed else _running(work)).where(*_wanted(work, view))


def _counted(clocks: Select[Clock]) -> ColumnElement[int]:
    some = clocks.with_only_columns(Clock.id).limit(AT_MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _wanted(work: Work, view: LapseView) -> list[ColumnElement[bool]]:
    wanted = [Clock.rule == view.rule] if view.rule else []
    if view.who:
        wanted.append(led_by_me(work) if view.who == "mine" else led_by(work, None))
    return wanted + _shown_as(work, view.show)


def led_by(work: Work, account_id: UUID | None) -> ColumnElement[bool]:
    """Of the cases that this person leads; without one, of those that nobody does."""
    selects = cases_led_by(work, account_id)
    return or_(*(Clock.case_id.in_(each) for each in selects)) if selects else literal(value=False)


def led_by_me(work: Work) -> ColumnElement[bool]:
    """Of the cases of whoever asks, and of those for whom they stand in."""
    return or_(*(led_by(work, account_id) for account_id in work.actor.places), literal(value=False))


def _shown_as(work: Work, show: str) -> list[ColumnElement[bool]]:
    if show == "unanswered":
        return [has_open_warning()]
    if show == "risen":
        return [has_open_warning(ClockWarning.level.in_(_ranks(work)))]
    if show == "lapsed":
        return [Clock.due_on < work.today, not_(Clock.is_least)]
    if show == "choice":
        return [Clock.waits_for_choice.is_(True)]
    return [_is_asked()] if show == "asked" else []


def has_open_warning(*also: ColumnElement[bool]) -> ColumnElement[bool]:
    """With a warning, or a lapse, that nobody has answered."""
    return exists().where(ClockWarning.clock_id == Clock.id, _stands(), *also)


def _stands() -> ColumnElement[bool]:
    return and_(ClockWarning.ended_on.is_(None), ClockWarning.acknowledged_at.is_(None))


def _is_asked() -> ColumnElement[bool]:
    """From the few that are asked for, not from every clock that runs."""
    pauses = select(Pause.clock_id).where(Pause.state == ASKED)
    return Clock.id.in_(pauses.union_all(select(Extension.clock_id).where(Extension.state == ASKED)))


def _ranks(work: Work) -> list[str]:
    """The levels at which a warning is this person's by role; those who only hold files have none."""
    return sorted(str(role) for role in work.actor.roles) if work.may(Permission.CASE_ASSIGN) else []


def _encode(day: date | None, clock_id: UUID) -> str:
    """No day is the number 0, which no day has."""
    number = day.toordinal() if day is not None else 0
    return base64.urlsafe_b64encode(number.to_bytes(4) + clock_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> tuple[date | None, UUID]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        number = int.from_bytes(raw[:4])
        return date.fromordinal(number) if number else None, UUID(bytes=raw[4:])
    except (ValueError, OverflowError, binascii.Error):
        raise Invalid({"cursor": "This page's mark cannot be read. Begin again at the first page."}) from None


# --- what waits for one person ---


def waiting_clocks(work: Work, *, most: int = FEW) -> list[tuple[ShownClock, CaseLine]]:
    """Clocks whose warning this person has to answer: of the files held, and what rose to their role."""
    held = and_(led_by_me(work), has_open_warning(ClockWarning.level == rules.HOLDER))
    risen = has_open_warning(ClockWarning.level.in_(_ranks(work)))
    # First the few that have a warning at all: of an OR the database would ask every clock.
    warned = Clock.id.in_(select(ClockWarning.clock_id).where(_stands()))
    query = _visible(work).where(warned, or_(held, risen)).order_by(Clock.due_on, Clock.id).limit(most)
    return with_lines(work, list(work.session.scalars(query)))


def asked_clocks(work: Work) -> list[tuple[ShownClock, CaseLine]]:
    """Clocks on which a pause or more time was asked for."""
    query = _running(work).where(_is_asked()).order_by(Clock.due_on, Clock.id).limit(FEW)
    return with_lines(work, list(work.session.scalars(query)))


def clocks_to_choose(work: Work) -> list[tuple[ShownClock, CaseLine]]:
    """Clocks that may count from several days, of which nobody has chosen one."""
    query = _running(work).where(Clock.waits_for_choice).order_by(Clock.due_on, Clock.id).limit(FEW)
    return with_lines(work, list(work.session.scalars(query)))


@dataclass(frozen=True)
class Moved:
    """A clock whose date moved because it was counted again."""

    change: ClockChange
    clock: Clock
    label: str
    line: CaseLine


def unseen_changes(work: Work, *, most: int = A_PAGE) -> list[Moved]:
    """Dates that moved in cases this person leads and that they have not seen yet, in the order of moving."""
    query = visible_clocks(work).join(ClockChange, ClockChange.clock_id == Clock.id)
    query = query.where(ClockChange.seen_at.is_(None), led_by_me(work))
    rows = work.session.execute(query.with_only_columns(ClockChange, Clock).order_by(ClockChange.id).limit(most))
    found = [(change, clock) for change, clock in rows]
    return moved(work, found)


def moved(work: Work, found: Iterable[tuple[ClockChange, Clock]]) -> list[Moved]:
    """Changes with the word for the clock and the case of each."""
    rows = list(found)
    lines = case_lines(work, {clock.case_id for _, clock in rows})
    return [
        Moved(
            change,
            clock,
            work.policies.named(clock.policy_id).clock(clock.rule).label.to("en"),
            lines.get(clock.case_id, CaseLine()),
        )
        for change, clock in rows
    ]
