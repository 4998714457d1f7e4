"""What the department reads: the demands addressed to it, and nothing of who complained."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import load_only

from app.access.permissions import Permission
from app.access.reading import found, one_or_not_found
from app.access.walls import may_know
from app.access.work import Work
from app.cases.records import Case
from app.evidence import rules
from app.evidence.records import Demand

ANSWERED_SHOWN = 50
# What the department's own database role may read of a demand; asking for more is refused by the database.
ADDRESSED = (
    Demand.id,
    Demand.case_id,
    Demand.department_id,
    Demand.number,
    Demand.kind,
    Demand.wording,
    Demand.sent_on,
    Demand.due_on,
    Demand.answer,
    Demand.answer_wording,
    Demand.answered_on,
    Demand.answered_by_id,
    Demand.version,
    Demand.last_entry_id,
)


def visible_to_department(work: Work) -> Select[Demand]:
    """What is addressed to the department of whoever asks; row security says the same."""
    work.need(Permission.DEMAND_ANSWER)
    query = select(Demand).where(Demand.department_id == (work.actor.department_id or ""))
    query = query.where(may_know(work, Demand.case_id))
    return query.options(load_only(*ADDRESSED, raiseload=True))


def addressed_demand(work: Work, demand_id: UUID, *, for_update: bool = False) -> Demand:
    """One demand on this department, or 404."""
    query = visible_to_department(work).where(Demand.id == demand_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


@dataclass(frozen=True)
class AddressedShown:
    """A demand as the department reads it: nothing of it says who complained, or what they said."""

    demand: Demand
    case_number: str
    policy_id: str
    kind: str
    answer: str
    answers: tuple[tuple[str, str], ...]
    authority: str
    days_left: int


def department_view(work: Work) -> dict[str, list[AddressedShown]]:
    """The open demands, overdue ones first, and those answered last."""
    query = visible_to_department(work)
    waiting = list(work.session.scalars(query.where(Demand.answered_on.is_(None)).order_by(Demand.due_on, Demand.id)))
    answered = query.where(Demand.answered_on.is_not(None)).order_by(Demand.answered_on.desc(), Demand.id)
    done = list(work.session.scalars(answered.limit(ANSWERED_SHOWN)))
    numbers = _cases_of(work, [*waiting, *done])
    return {
        "waiting": [_addressed(work, each, numbers[each.case_id]) for each in waiting],
        "done": [_addressed(work, each, numbers[each.case_id]) for each in done],
    }


def addressed_shown(work: Work, demand: Demand) -> AddressedShown:
    """One demand as the department reads it."""
    return _addressed(work, demand, found(_cases_of(work, [demand]).get(demand.case_id)))


def _cases_of(work: Work, demands: list[Demand]) -> dict[UUID, Row[UUID, str, str]]:
    """Number and rulebook of the cases: all that the department's role may read of them."""
    query = select(Case.id, Case.number, Case.policy_id).where(Case.id.in_({each.case_id for each in demands}))
    return {row.id: row for row in work.session.execute(query)}


def _addressed(work: Work, demand: Demand, case: Any) -> AddressedShown:
    book = work.policies.named(case.policy_id)
    kind = next((each for each in book.demands.kinds if each.code == demand.kind), None)
    return AddressedShown(
        demand=demand,
        case_number=case.number,
        policy_id=case.policy_id,
        kind=rules.kind_label(book, demand.kind),
        answer=rules.answer_label(book, demand.kind, demand.answer) if demand.answer else "",
        answers=tuple((each.code, each.label.to("en")) for each in kind.answers) if kind else (),
        authority=(book.clock(kind.clock).authority or "") if kind else "",
        days_left=(demand.due_on - work.today).days,
    )
