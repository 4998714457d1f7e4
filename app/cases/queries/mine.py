"""What waits for one person this morning: their cases, tasks and messages; for those who assign, what nobody has."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, not_, select, true
from sqlalchemy.orm import aliased

from app.access.permissions import Permission
from app.access.records import Account
from app.access.work import Work
from app.cases.commands import NOBODY, QueueView
from app.cases.queries.queue import QueuePage, queue_page, saved_filters
from app.cases.queries.visible import visible_cases
from app.cases.records import Case, Task
from app.clocks.records import Clock
from app.clocks.rules import OWNERS
from app.correspondence.records import Message
from app.intake import queries as intake
from app.intake.records import Filing

OPEN_TASKS = 20
FEW = 12
MINE = 40
LOOKING_AHEAD = 14


@dataclass(frozen=True)
class LapsingClock:
    """A clock that ended or soon ends, with its case and whose turn it is."""

    clock: Clock
    case: Case
    label: str
    owner: str
    lead: str


def my_open_tasks(work: Work) -> list[Row[Task, Case]]:
    """What this person has to do, the nearest first, with the case of each."""
    query = visible_cases(work).join(Task, Task.case_id == Case.id).with_only_columns(Task, Case)
    query = query.where(Task.assignee_id.in_(work.actor.places), Task.done_at.is_(None), Case.closed_on.is_(None))
    return list(work.session.execute(query.order_by(Task.due_on.nulls_last(), Task.id).limit(OPEN_TASKS)))


def unread_messages(work: Work) -> list[Row[Message, Filing, str]]:
    """Messages of filers that nobody answered or read: on this person's cases, and on filings that are no case yet."""
    filings = intake.visible_filings(work).outerjoin(Case, Case.id == Filing.case_id)
    query = filings.join(Message, Message.filing_id == Filing.id).with_only_columns(Message, Filing, Case.number)
    query = query.where(Message.is_from_filer, Message.read_at.is_(None))
    if not work.may(Permission.FILING_SCREEN):
        query = query.where(Case.lead_id.in_(work.actor.places))
    return list(work.session.execute(query.order_by(Message.sent_at).limit(FEW)))


def lapsing_clocks(work: Work) -> list[LapsingClock]:
    """Clocks that have ended or end within two weeks, over all visible cases."""
    until = work.today + timedelta(days=LOOKING_AHEAD)
    # The clocks are walked in the order of their dates and each one's case is looked at, until there are enough: the
    # planner does not know how many pass the walls, and would otherwise read all that are open first.
    seen = visible_cases(work).where(Case.id == Clock.case_id, Case.closed_on.is_(None)).correlate(Clock)
    case = aliased(Case, seen.offset(0).lateral("seen"))
    query = select(Clock, case, Account.display_name).select_from(Clock).join(case, true())
    query = query.outerjoin(Account, Account.id == case.lead_id)
    query = query.where(Clock.stopped_on.is_(None), Clock.due_on <= until, not_(Clock.is_least))
    rows = work.session.execute(query.order_by(Clock.due_on, Clock.id).limit(FEW * 2))
    return [_lapsing(work, clock, case, lead) for clock, case, lead in rows]


def _lapsing(work: Work, clock: Clock, case: Case, lead: str | None) -> LapsingClock:
    book = work.policies.named(clock.policy_id)
    rule = book.clock(clock.rule)
    return LapsingClock(clock, case, rule.label.to("en"), OWNERS.get(rule.owner, ""), lead or "nobody yet")


def _open(page: QueuePage) -> QueuePage:
    """Without the closed ones, which stand last in the queue: they ask for nothing any more."""
    return QueuePage([row for row in page.rows if row[0].closed_on is None], page.next)


def my_work(work: Work) -> dict[str, Any]:
    """Everything on the first page, as far as this person's role has it."""
    assigns, reads = work.may(Permission.CASE_ASSIGN), work.may(Permission.CASE_READ)
    nobody = QueueView(assignee=NOBODY, limit=FEW)
    mine = QueueView(assignee=work.actor.name, limit=MINE)
    away = work.actor.stands_for if reads else ()
    waiting = intake.list_unscreened(work) if work.may(Permission.FILING_SCREEN) else []
    return {
        "reads": reads,
        "saved": saved_filters(work) if reads else [],
        "mine": _open(queue_page(work, mine)) if reads else QueuePage([], None),
        "standing_in": [(each, _open(queue_page(work, QueueView(assignee=each.name, limit=MINE)))) for each in away],
        "tasks": my_open_tasks(work) if reads else [],
        "messages": unread_messages(work) if work.may(Permission.FILING_READ) else [],
        "waiting": waiting,
        "handed": _open(queue_page(work, QueueView(limit=FEW))).rows if reads and work.actor.outsider else [],
        "unassigned": queue_page(work, nobody) if assigns else None,
        "lapsing": lapsing_clocks(work) if assigns else None,
        "can_lead": work.may(Permission.FINDING_RECOMMEND),
        "parts": [found for part in work.parts("my_work") if (found := part(work)) is not None],
    }
