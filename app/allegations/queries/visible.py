"""Which allegations and findings a person may know of, and those of one case."""

from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.allegations.records import Allegation, Finding
from app.cases import queries as cases
from app.cases.records import Case
from app.commission.records import Motion
from app.kernel.errors import NotFound
from app.people import queries as people
from app.people.records import Officer, Person


def visible_allegations(work: Work) -> Select[Allegation]:
    """The allegations of the cases this person may know of."""
    return select(Allegation).where(Allegation.case_id.in_(cases.visible_cases(work).with_only_columns(Case.id)))


def visible_findings(work: Work) -> Select[Finding]:
    """The findings in the cases this person may know of."""
    return select(Finding).where(Finding.case_id.in_(cases.visible_cases(work).with_only_columns(Case.id)))


def get_allegation(work: Work, allegation_id: UUID, *, for_update: bool = False) -> Allegation:
    """One allegation, or 404."""
    query = visible_allegations(work).where(Allegation.id == allegation_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def list_allegations(work: Work, case_id: UUID) -> list[Allegation]:
    """The allegations of one case, withdrawn ones among them."""
    query = visible_allegations(work).where(Allegation.case_id == case_id)
    return list(work.session.scalars(query.order_by(Allegation.position, Allegation.id)))


def list_findings(work: Work, case_id: UUID) -> list[Finding]:
    """Every finding of one case, also those that a later word superseded, the first first."""
    query = visible_findings(work).where(Finding.case_id == case_id)
    return list(work.session.scalars(query.order_by(Finding.id)))


def standing_finding(work: Work, allegation_id: UUID, life: str) -> Finding | None:
    """What this authority now says of one allegation."""
    query = visible_findings(work).where(Finding.allegation_id == allegation_id, Finding.life == life)
    return work.session.scalars(query.where(Finding.superseded_at.is_(None))).one_or_none()


def next_position(work: Work, case_id: UUID) -> int:
    """Where the next allegation of this case stands."""
    last = work.session.scalar(select(func.max(Allegation.position)).where(Allegation.case_id == case_id))
    return (last or 0) + 1


def is_first_of_officer(work: Work, case_id: UUID, officer_id: UUID) -> bool:
    """True where the case does not name this officer yet."""
    query = select(Allegation.id).where(Allegation.case_id == case_id, Allegation.officer_id == officer_id)
    return work.session.scalar(query.limit(1)) is None


def officers_in_case(work: Work, case_id: UUID) -> set[UUID]:
    """The officers who have a name in the case and against whom something stands."""
    query = select(Allegation.officer_id).join(Officer, Officer.id == Allegation.officer_id)
    query = query.where(Allegation.case_id == case_id, Allegation.withdrawn_at.is_(None), Officer.is_unknown.is_(False))
    return set(work.session.scalars(query))


def allegations_against(work: Work, case_id: UUID, officer_id: UUID) -> list[Allegation]:
    """What is alleged against one officer in one case, locked."""
    query = visible_allegations(work).where(Allegation.case_id == case_id, Allegation.officer_id == officer_id)
    return list(work.session.scalars(query.with_for_update()))


def person_of_case(work: Work, case_id: UUID, person_id: UUID) -> Person:
    """Somebody with a part in this case, or 404."""
    found = next((person for person in people.list_persons(work, case_id) if person.id == person_id), None)
    if found is None:
        raise NotFound()
    return found


def motion_of(work: Work, motion_id: UUID) -> Motion:
    """A motion of the commission, for the job that writes down what it decided."""
    return one_or_not_found(work, select(Motion).where(Motion.id == motion_id))
