"""What the lists of clocks ask of cases: a line for each, who leads them, and where they stand in the queue."""

from datetime import date
from uuid import UUID

from sqlalchemy import Row, Select, func, not_, select

from app.access.records import Account
from app.access.work import Work
from app.cases.records import Assignment, Case
from app.clocks.queries import CaseLine
from app.clocks.records import Clock


def case_lines(work: Work, case_ids: set[UUID]) -> dict[UUID, CaseLine]:
    """Number and lead of several cases; the caller has checked that this person may know of them."""
    query = select(Case.id, Case.number, Case.lead_id, Account.display_name)
    query = query.outerjoin(Account, Account.id == Case.lead_id).where(Case.id == func.any(list(case_ids)))
    return {row.id: CaseLine(row.number, row.lead_id, row.display_name or "") for row in work.session.execute(query)}


def works_on_case(work: Work, case_id: UUID) -> bool:
    """Whether this person leads the case or led it once."""
    led = select(Assignment.id).where(Assignment.case_id == case_id, Assignment.account_id.in_(work.actor.places))
    lead_id = work.session.scalar(select(Case.lead_id).where(Case.id == case_id))
    return lead_id in work.actor.places or work.session.scalar(led.limit(1)) is not None


def cases_led_by(_: Work, account_id: UUID | None) -> Select[UUID]:
    """The ids of the cases that somebody leads; without an account, of the open ones that nobody does."""
    query = select(Case.id)
    if account_id is None:
        return query.where(Case.lead_id.is_(None), Case.closed_on.is_(None))
    return query.where(Case.lead_id == account_id)


def places_of(work: Work, case_ids: set[UUID]) -> list[Row[UUID, date, date, date]]:
    """Open cases with their place in the queue and the earliest date that runs; none that is being changed just now."""
    runs = (Clock.case_id == Case.id) & Clock.stopped_on.is_(None) & not_(Clock.is_least)
    earliest = select(func.min(Clock.due_on)).where(runs).correlate(Case).scalar_subquery()
    query = select(Case.id, Case.due_on, Case.queue_on, earliest.label("earliest"))
    query = query.where(Case.id == func.any(list(case_ids)), Case.closed_on.is_(None))
    return list(work.session.execute(query.with_for_update(of=Case, skip_locked=True)))
