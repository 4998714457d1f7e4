"""Selects of cases: the queue by keyset, one case, its notes, tasks and attempts to reach people."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, column, func, literal, or_, select, tuple_
from sqlalchemy import Date as SqlDate
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.orm import InstrumentedAttribute

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account, AccountRole, Wall
from app.access.work import Work
from app.cases import rules
from app.cases.commands import QueueView
from app.cases.records import Assignment, Case, ContactAttempt, Note, Task
from app.clocks import queries as clocks
from app.kernel.errors import Invalid

OPEN_TASKS = 20


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue and the cursor of the next."""

    rows: list[Row[Case, str | None]]
    next: str | None


def visible_cases(work: Work) -> Select[Case]:
    """The cases this person may know of: by role, less those behind a wall."""
    work.need(Permission.CASE_READ)
    walled = select(Wall.case_id).where(Wall.account_id == work.actor.id, Wall.lifted_at.is_(None))
    return select(Case).where(Case.id.not_in(walled))


def get_case(work: Work, case_id: UUID, *, for_update: bool = False) -> Case:
    """One case, or 404."""
    query = visible_cases(work).where(Case.id == case_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def case_by_number(work: Work, number: str) -> Case | None:
    """The case of that number, if it is this person's to see."""
    return work.session.scalars(visible_cases(work).where(Case.number == number)).one_or_none()


def queue_page(work: Work, view: QueueView) -> QueuePage:
    """One page, found by key and never by counting: the last page costs what the first does."""
    day = Case.opened_on if view.sort.endswith("opened_on") else Case.queue_on
    falling = view.sort.startswith("-")
    after = _decode(view.cursor) if view.cursor else None
    query = visible_cases(work).outerjoin(Account, Account.id == Case.lead_id).add_columns(Account.name.label("lead"))
    query = query.where(*_wanted(work, view, after, day, falling=falling))
    order = (day.desc(), Case.id.desc()) if falling else (day, Case.id)
    rows = list(work.session.execute(query.order_by(*order).limit(view.limit + 1)))
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
    lead = account_named(work, view.assignee) if view.assignee else None
    if view.q:
        return [Case.id.in_(_found(work, view, after, lead))]
    wanted: list[ColumnElement[bool]] = []
    if after is not None:
        place = tuple_(literal(after[0], SqlDate), literal(after[1], SqlUuid))
        wanted.append(tuple_(day, Case.id) < place if falling else tuple_(day, Case.id) > place)
    if view.stage:
        wanted.append(Case.stage == view.stage)
    if view.assignee:
        wanted.append(Case.lead_id == lead)
    if view.due_before:
        wanted.append(Case.queue_on < view.due_before)
    return wanted


def _found(work: Work, view: QueueView, after: tuple[date, UUID] | None, lead: UUID | None) -> Select[UUID]:
    """Ids from the narrow search function: it uses the full-text index, which row security would keep from use."""
    nobody = UUID(int=0)
    with_lead = (lead or nobody) if view.assignee else None
    call = func.search_cases(
        view.q,
        view.stage or None,
        literal(with_lead, SqlUuid),
        literal(view.due_before, SqlDate),
        view.sort,
        literal(after[0] if after else None, SqlDate),
        literal(after[1] if after else None, SqlUuid),
        view.limit + 1,
    ).table_valued(column("id", SqlUuid))
    return select(call.c.id)


def _encode(day: date, case_id: UUID) -> str:
    return base64.urlsafe_b64encode(day.toordinal().to_bytes(4) + case_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> tuple[date, UUID]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return date.fromordinal(int.from_bytes(raw[:4])), UUID(bytes=raw[4:])
    except (ValueError, OverflowError, binascii.Error):
        raise Invalid({"cursor": "This page's mark cannot be read. Begin again at the first page."}) from None


def account_named(work: Work, name: str) -> UUID | None:
    """The account of that user name."""
    return work.session.scalar(select(Account.id).where(Account.name == name))


def investigators(work: Work) -> list[Account]:
    """Who may lead a case."""
    query = select(Account).join(AccountRole, AccountRole.account_id == Account.id)
    query = query.where(AccountRole.role == "investigator", Account.status == "active").order_by(Account.name)
    return list(work.session.scalars(query))


def names_of(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    """How people of the office are shown beside what they did."""
    if not ids:
        return {}
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def notes_of(work: Work, case_id: UUID) -> list[Note]:
    """The notes this person may read: the team's, and their own private ones; row security says the same."""
    own = and_(Note.reader == "mine", Note.written_by_id == work.actor.id)
    query = select(Note).where(Note.case_id == case_id, or_(Note.reader != "mine", own))
    return list(work.session.scalars(query.order_by(Note.written_at.desc())))


def tasks_of(work: Work, case_id: UUID) -> list[Task]:
    """The tasks of one case, open ones first."""
    query = select(Task).where(Task.case_id == case_id)
    return list(
        work.session.scalars(query.order_by(Task.done_at.desc().nulls_first(), Task.due_on.nulls_last(), Task.id))
    )


def my_open_tasks(work: Work) -> list[Row[Task, Case]]:
    """What this person has to do, the nearest first, with the case of each."""
    mine = visible_cases(work).subquery()
    query = select(Task, Case).join(Case, Case.id == Task.case_id).join(mine, mine.c.id == Case.id)
    query = query.where(Task.assignee_id == work.actor.id, Task.done_at.is_(None))
    return list(work.session.execute(query.order_by(Task.due_on.nulls_last(), Task.id).limit(OPEN_TASKS)))


def get_task(work: Work, task_id: UUID) -> Task:
    """One task, or 404."""
    return one_or_not_found(work, select(Task).where(Task.id == task_id).with_for_update())


def attempts_of(work: Work, case_id: UUID) -> list[ContactAttempt]:
    """The log of attempts to reach people."""
    query = select(ContactAttempt).where(ContactAttempt.case_id == case_id)
    return list(work.session.scalars(query.order_by(ContactAttempt.made_at.desc())))


def assignment_of(work: Work, case_id: UUID) -> Assignment | None:
    """Who leads the case now, as a row with its beginning."""
    query = select(Assignment).where(Assignment.case_id == case_id, Assignment.until_at.is_(None))
    return work.session.scalars(query).one_or_none()


def is_classified(work: Work, case_id: UUID) -> bool:
    """A fact for guards."""
    return bool(get_case(work, case_id).classification)


def investigator_assigned(work: Work, case_id: UUID) -> bool:
    """A fact for guards."""
    return get_case(work, case_id).lead_id is not None


def stage_labels(work: Work) -> dict[str, str]:
    """The office's words for the stages, of the rulebook in force."""
    return {stage.code: stage.label.to("en") for stage in work.book.stages}


def case_view(work: Work, case: Case) -> dict[str, Any]:
    """Everything the case page shows of this stage, and what this person can do to it."""
    book = work.policies.named(case.policy_id)
    notes, attempts, running = (
        notes_of(work, case.id),
        attempts_of(work, case.id),
        clocks.clocks_of(work, case.id),
    )
    pauses = clocks.pauses_of(work, [clock.id for clock in running])
    people = {note.written_by_id for note in notes} | {attempt.made_by_id for attempt in attempts}
    roles = {str(role) for role in work.actor.roles}
    return {
        "case": case,
        "book": book,
        "stages": [(stage.code, stage.label.to("en")) for stage in book.stages],
        "notes": notes,
        "tasks": tasks_of(work, case.id),
        "attempts": attempts,
        "names": names_of(work, people | ({case.lead_id} if case.lead_id else set())),
        "leads": investigators(work) if work.may(Permission.CASE_ASSIGN) else [],
        "clocks": [(clock, clocks.why_this_date(work, clock, pauses.get(clock.id, []))) for clock in running],
        "moves": rules.moves_for(book, case.stage, roles) if work.may(Permission.CASE_MOVE) else (),
        "tabs": [tab for part in work.parts("case_tabs") if (tab := part(work, case)) is not None],
        "can": {
            "assign": work.may(Permission.CASE_ASSIGN),
            "work": work.may(Permission.CASE_WORK),
            "note": work.may(Permission.NOTE_WRITE),
            "move": work.may(Permission.CASE_MOVE),
            "pause": work.may(Permission.CLOCK_PAUSE),
        },
    }
