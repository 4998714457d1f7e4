"""The open cases that lean on a source: by a running clock whose rule cites it, or by the rulebook they are kept by."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy import Date as SqlDate
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.orm import defer

from app.access.permissions import Permission
from app.access.records import Account
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.administration.commands import TouchedView
from app.administration.queries.sources import HOME, latest_readings, unseen_changes
from app.administration.records import SourceReading
from app.cases import queries as cases
from app.cases.records import Case
from app.clocks.records import Clock
from app.policy.loader import Volume
from app.policy.model import Rulebook
from app.policy.sources import leaning

AT_ONCE = 25
AT_MOST_COUNTED = 999
CLOCKS, MOVES = "deadlines", "moves"


@dataclass(frozen=True)
class Leaners:
    """The versions of the rulebook that cite a source, and the clocks in them whose rules do."""

    versions: tuple[str, ...]
    clocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TouchedCase:
    """One open case and why it is listed."""

    case: Case
    lead: str
    stage: str
    clocks: tuple[Clock, ...]
    why: str


@dataclass(frozen=True)
class TouchedPage:
    """One page of them, how many there are, and the mark of the next page."""

    rows: list[TouchedCase]
    count: int
    with_clocks: int
    next: str

    @property
    def counts(self) -> tuple[str, str]:
        """Both counts as they are shown."""
        return said(self.count), said(self.with_clocks)


def said(count: int) -> str:
    """Counted only so far."""
    return f"more than {AT_MOST_COUNTED:,}" if count > AT_MOST_COUNTED else f"{count:,}"


def leaners(work: Work, code: str, until: date | None = None) -> Leaners:
    """A version written after a change was read may know of it already, so only those before it count."""
    versions, clocks = [], []
    for volume in _volumes(work):
        entries = leaning(volume.book).get(code, ()) if _counts(volume, until) else ()
        versions += [volume.policy_id] if entries else []
        clocks += [(volume.policy_id, entry.code) for entry in entries if entry.block == CLOCKS]
    return Leaners(tuple(versions), tuple(clocks))


def _volumes(work: Work) -> Iterator[Volume]:
    """Every version that a case may be kept by: those in the folder, and older bytes that the database keeps."""
    found = (*work.policies.versions(work.house.agency), *work.policies.stored)
    yield from {volume.policy_id: volume for volume in found if volume.agency == work.house.agency}.values()


def _counts(volume: Volume, until: date | None) -> bool:
    return until is None or volume.effective_from <= until


def touched_page(work: Work, code: str, view: TouchedView) -> TouchedPage | None:
    """One page, found by key; nothing for those who may not know of cases."""
    if not work.may(Permission.CASE_READ):
        return None
    change = latest_readings(work, changed=True).get(code)
    on = leaners(work, code, change.read_on if change else None)
    every, clocked = _touched(work, on), _touched(work, on).where(_has_clock(on))
    count, with_clocks = _count(work, every), _count(work, clocked)
    found = _listed(work, clocked if view.by else every, view) if (with_clocks if view.by else count) else []
    shown = _shown(work, code, on, found[:AT_ONCE])
    last = shown[-1].case if len(found) > AT_ONCE else None
    following = f"?by={view.by}&after_day={last.queue_on}&after={last.id}#cases" if last else ""
    return TouchedPage(shown, count, with_clocks, following)


def _listed(work: Work, chosen: Select[Case], view: TouchedView) -> list[tuple[Case, str]]:
    """The next cases with whoever leads them, and one more."""
    if view.after_day is not None and view.after is not None:
        place = tuple_(literal(view.after_day, SqlDate), literal(view.after, SqlUuid))
        chosen = chosen.where(tuple_(Case.queue_on, Case.id) > place)
    led = chosen.outerjoin(Account, Account.id == Case.lead_id).with_only_columns(Case, Account.display_name)
    narrow = led.options(defer(Case.narrative), defer(Case.search_words), defer(Case.source_values))
    rows = work.session.execute(narrow.order_by(Case.queue_on, Case.id).limit(AT_ONCE + 1))
    return [(row[0], row[1] or "") for row in rows]


def _touched(work: Work, on: Leaners) -> Select[Case]:
    """Open cases kept by such a version, or with a clock that was counted again by one."""
    by_version = Case.policy_id.in_(on.versions)
    return cases.visible_cases(work).where(Case.closed_on.is_(None), or_(by_version, _has_clock(on)))


def _has_clock(on: Leaners) -> ColumnElement[bool]:
    """Asked of one case after the other, in the order of the list: it ends when a page is full.

    As `EXISTS` it would be worked out for all of them first, since nothing is known of how many pass row security.
    """
    one = select(Clock.id).where(Clock.case_id == Case.id, _leans(on)).limit(1).correlate(Case)
    return one.scalar_subquery().is_not(None)


def _leans(on: Leaners) -> ColumnElement[bool]:
    """A running clock whose rule cites the source."""
    return and_(Clock.stopped_on.is_(None), tuple_(Clock.policy_id, Clock.rule).in_(on.clocks))


def _count(work: Work, query: Select[Case]) -> int:
    some = query.with_only_columns(Case.id).limit(AT_MOST_COUNTED + 1).subquery()
    return work.session.scalar(select(func.count()).select_from(some)) or 0


def _shown(work: Work, code: str, on: Leaners, rows: list[tuple[Case, str]]) -> list[TouchedCase]:
    query = select(Clock).where(Clock.case_id.in_([case.id for case, _ in rows]), _leans(on))
    running: dict[UUID, list[Clock]] = {}
    for clock in work.session.scalars(query.order_by(Clock.due_on, Clock.id)):
        running.setdefault(clock.case_id, []).append(clock)
    return [_one(work, code, case, lead, tuple(running.get(case.id, ()))) for case, lead in rows]


def _one(work: Work, code: str, case: Case, lead: str, clocks: tuple[Clock, ...]) -> TouchedCase:
    book = work.policies.named(case.policy_id)
    labels = Counter(work.policies.named(each.policy_id).clock(each.rule).label.to("en") for each in clocks)
    if labels:
        why = f"Runs by it: {', '.join(_times(label, count) for label, count in labels.items())}"
    elif case.stage in _stages(book, code):
        why = "The next moves from its stage rest on it"
    else:
        why = "The rulebook it is kept by cites it"
    return TouchedCase(case, lead, book.stage(case.stage).label.to("en"), clocks, why)


def _times(label: str, count: int) -> str:
    """A clock that runs for several officers or demands stands there once."""
    return label if count == 1 else f"{label} ({count})"


def _stages(book: Rulebook, code: str) -> set[str]:
    """The stages from which a move that cites the source leads on."""
    return {book.moves[int(each.code)].from_ for each in leaning(book).get(code, ()) if each.block == MOVES}


def my_touched(work: Work, reading: SourceReading) -> int:
    """How many open cases that this person leads a change touches."""
    on = leaners(work, reading.source, reading.read_on)
    return _count(work, _touched(work, on).where(Case.lead_id.in_(work.actor.places)))


def changes_for_me(work: Work) -> WaitingList | None:
    """For the first page: sources that changed and touch cases of this person, until they have taken notice."""
    if not work.may(Permission.CASE_READ):
        return None
    found = [(reading, my_touched(work, reading)) for reading in unseen_changes(work)]
    rows = [_waiting(work.book, reading, count) for reading, count in found if count]
    return WaitingList("Sources of the law that changed", rows) if rows else None


def _waiting(book: Rulebook, reading: SourceReading, count: int) -> Waiting:
    titles = {source.code: source.title for source in book.meta.sources}
    whose = "one of your open cases leans" if count == 1 else f"{said(count)} of your open cases lean"
    return Waiting(titles.get(reading.source, reading.source), f"{HOME}/{reading.source}", f"{whose} on it")
