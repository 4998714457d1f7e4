"""The queue: one page by key, and how many cases stand behind each saved filter."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, column, func, literal, not_, select, tuple_
from sqlalchemy import Date as SqlDate
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.orm import InstrumentedAttribute, defer

from app.access.records import Account
from app.access.work import Work
from app.cases import rules
from app.cases.commands import NOBODY, QueueView
from app.cases.queries.visible import account_named, visible_cases
from app.cases.records import Case
from app.clocks.records import Clock
from app.kernel.errors import Invalid

AT_MOST_COUNTED = 99
SOON = 7
# What the search function takes for "led by nobody", and what no account has: an unknown name finds nothing.
LED_BY_NOBODY = UUID(int=0)
UNKNOWN = UUID(int=1)


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue and the cursor of the next."""

    rows: list[Row[Case, str, str]]
    next: str | None


@dataclass(frozen=True)
class SavedFilter:
    """A filter people use every day, with how many cases stand behind it; counted only to a hundred."""

    label: str
    asks: dict[str, str]
    count: int

    @property
    def shown(self) -> str:
        """The count as it stands on the tab."""
        return f"{AT_MOST_COUNTED}+" if self.count > AT_MOST_COUNTED else str(self.count)


def queue_page(work: Work, view: QueueView) -> QueuePage:
    """One page, found by key and never by counting: the last page costs what the first does."""
    day = Case.opened_on if view.sort.endswith("opened_on") else Case.queue_on
    falling = view.sort.startswith("-")
    after = _decode(view.cursor) if view.cursor else None
    led = visible_cases(work).outerjoin(Account, Account.id == Case.lead_id)
    query = led.with_only_columns(Case, Account.name, Account.display_name)
    query = query.where(*_wanted(work, view, after, day, falling=falling))
    order = (day.desc(), Case.id.desc()) if falling else (day, Case.id)
    # A row of the queue shows no narrative: the long columns stay where they are.
    narrow = query.options(defer(Case.narrative), defer(Case.search_words), defer(Case.source_values))
    rows = list(work.session.execute(narrow.order_by(*order).limit(view.limit + 1)))
    more = len(rows) > view.limit
    rows = rows[: view.limit]
    last = rows[-1][0] if more else None
    following = _encode(last.opened_on if day is Case.opened_on else last.queue_on, last.id) if last else None
    return QueuePage(rows, following)


def _wanted(
    work: Work,
    view: QueueView,
    after: tuple[date, UUID] | None,
    day: InstrumentedAttribute[date],
    *,
    falling: bool,
) -> list[ColumnElement[bool]]:
    lead = _lead(work, view)
    if view.q:
        return [Case.id.in_(_found(view, after, lead))]
    wanted: list[ColumnElement[bool]] = []
    if after is not None:
        place = tuple_(literal(after[0], SqlDate), literal(after[1], SqlUuid))
        wanted.append(tuple_(day, Case.id) < place if falling else tuple_(day, Case.id) > place)
    if view.stage:
        wanted.append(Case.stage == view.stage)
    if lead is not None:
        wanted.append(_unassigned() if lead == LED_BY_NOBODY else Case.lead_id == lead)
    if view.due_before:
        wanted.append(Case.queue_on < view.due_before)
    return wanted


def _lead(work: Work, view: QueueView) -> UUID | None:
    if not view.assignee:
        return None
    return LED_BY_NOBODY if view.assignee == NOBODY else account_named(work, view.assignee) or UNKNOWN


def _unassigned() -> ColumnElement[bool]:
    """Open cases that nobody leads; a partial index holds exactly these."""
    return and_(Case.lead_id.is_(None), Case.closed_on.is_(None))


def _found(view: QueueView, after: tuple[date, UUID] | None, lead: UUID | None) -> Select[UUID]:
    """Ids from the narrow search function: it uses the full-text index, which row security would keep from use."""
    call = (
        func.search_cases(
            view.q,
            view.stage or None,
            literal(lead, SqlUuid),
            literal(view.due_before, SqlDate),
            view.sort,
            literal(after[0] if after else None, SqlDate),
            literal(after[1] if after else None, SqlUuid),
            view.limit + 1,
        )
        .table_valued(column("id", SqlUuid))
        .render_derived()
    )
    return select(call.c.id)


def _encode(day: date, case_id: UUID) -> str:
    return base64.urlsafe_b64encode(day.toordinal().to_bytes(4) + case_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> tuple[date, UUID]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return date.fromordinal(int.from_bytes(raw[:4])), UUID(bytes=raw[4:])
    except (ValueError, OverflowError, binascii.Error):
        raise Invalid({"cursor": "This page's mark cannot be read. Begin again at the first page."}) from None


def saved_filters(work: Work) -> list[SavedFilter]:
    """The filters of every morning with their counts, in one statement that stops counting at a hundred each."""
    soon = work.today + timedelta(days=SOON + 1)
    kinds: list[tuple[str, dict[str, str], ColumnElement[bool]]] = [
        ("Mine", {"assignee": work.actor.name}, and_(Case.lead_id == work.actor.id, Case.queue_on < rules.NO_DATE)),
        (f"Late or due in {SOON} days", {"due_before": soon.isoformat()}, Case.queue_on < soon),
        ("Overdue", {"due_before": work.today.isoformat()}, Case.queue_on < work.today),
        ("Unassigned", {"assignee": NOBODY}, _unassigned()),
    ]
    counts = [_counted(visible_cases(work).where(wanted)) for _, _, wanted in kinds]
    found = work.session.execute(select(*counts)).one()
    return [SavedFilter(label, asks, found[at]) for at, (label, asks, _) in enumerate(kinds)]


def _counted(cases: Select[Case]) -> ColumnElement[int]:
    some = cases.with_only_columns(Case.id).limit(AT_MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def nearest_clocks(work: Work, found: QueuePage) -> dict[UUID, str]:
    """Which clock each case of a page stands there for, in one statement: the first that runs out.

    Where none has a day, the duty that has lasted longest, with the days that have passed.
    """
    cases = {case.id: case for case, _, _ in found.rows if case.closed_on is None}
    query = select(Clock.case_id, Clock.rule, Clock.due_on, Clock.started_on)
    query = query.where(Clock.case_id.in_(cases), Clock.stopped_on.is_(None), not_(Clock.is_least))
    query = query.order_by(Clock.case_id, Clock.due_on.desc().nulls_first(), Clock.started_on.desc(), Clock.id)
    labels: dict[UUID, str] = {}
    for row in work.session.execute(query):
        label = work.policies.named(cases[row.case_id].policy_id).clock(row.rule).label.to("en")
        labels[row.case_id] = label if row.due_on is not None else _passed(label, (work.today - row.started_on).days)
    return labels


def _passed(label: str, days: int) -> str:
    return f"{label}: {days} {'day' if days == 1 else 'days'} so far"


def stage_labels(work: Work) -> dict[str, str]:
    """The office's words for the stages, of the rulebook in force."""
    return {stage.code: stage.label.to("en") for stage in work.book.stages}


def category_labels(work: Work) -> dict[str, str]:
    """The office's words for what is alleged, of the rulebook in force."""
    return {category.code: category.label.to("en") for category in work.book.allegations}
