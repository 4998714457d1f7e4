"""The demands of a case, and what somebody still waits for."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.cases import queries as cases
from app.cases.records import Case
from app.evidence import rules
from app.evidence.records import Demand
from app.policy.model import Rulebook
from app.policy.model.powers import Act

FEW = 12


def visible_demands(work: Work) -> Select[Demand]:
    """The demands of the cases this person may know of."""
    work.need(Permission.DEMAND_READ)
    return select(Demand).where(Demand.case_id.in_(cases.visible_cases(work).with_only_columns(Case.id)))


def get_demand(work: Work, demand_id: UUID, *, for_update: bool = False) -> Demand:
    """One demand, or 404."""
    query = visible_demands(work).where(Demand.id == demand_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def list_demands(work: Work, case_id: UUID) -> list[Demand]:
    """The demands of one case, open ones first, the nearest date first."""
    query = visible_demands(work).where(Demand.case_id == case_id)
    return list(work.session.scalars(query.order_by(Demand.answered_on.desc().nulls_first(), Demand.due_on, Demand.id)))


@dataclass(frozen=True)
class DemandShown:
    """A demand as its case shows it."""

    demand: Demand
    kind: str
    to: str
    answer: str
    age: int
    days_left: int
    sent_by: str


def demand_shown(work: Work, book: Rulebook, demand: Demand, names: dict[UUID, str]) -> DemandShown:
    """One demand as its case shows it."""
    return DemandShown(
        demand=demand,
        kind=rules.kind_label(book, demand.kind),
        to=book.department(demand.department_id).label.to("en") if len(book.departments) > 1 else "",
        answer=rules.answer_label(book, demand.kind, demand.answer) if demand.answer else "",
        age=rules.age(demand.sent_on, demand.answered_on, work.today),
        days_left=(demand.due_on - work.today).days,
        sent_by=names.get(demand.sent_by_id, "") if demand.sent_by_id else "",
    )


def my_work(work: Work) -> WaitingList | None:
    """Demands on this person's cases that the department has not answered in time."""
    may_read = work.may(Permission.DEMAND_READ) and work.may(Permission.CASE_READ)
    if not may_read or work.stop_of(Act.DEMANDS) is not None:
        return None
    query = cases.visible_cases(work).join(Demand, Demand.case_id == Case.id).with_only_columns(Demand, Case)
    query = query.where(Demand.answered_on.is_(None), Demand.due_on < work.today, Case.closed_on.is_(None))
    if not work.may(Permission.CASE_ASSIGN):
        query = query.where(Case.lead_id.in_(work.actor.places))
    rows = [
        Waiting(
            f"{demand.number}, {case.number}",
            f"/office/cases/{case.id}/evidence",
            rules.kind_label(work.policies.named(case.policy_id), demand.kind),
            demand.due_on,
        )
        for demand, case in work.session.execute(query.order_by(Demand.due_on, Demand.id).limit(FEW))
    ]
    return WaitingList("Demands the department owes", rows) if rows else None


def no_open_demand(work: Work, case_id: UUID) -> bool:
    """A fact for guards. Where nothing can be asked any more, no answer can be owed: such a demand holds up nothing."""
    if work.stop_of(Act.DEMANDS) is not None:
        return True
    query = select(Demand.id).where(Demand.case_id == case_id, Demand.answered_on.is_(None))
    return work.session.scalar(query.limit(1)) is None
