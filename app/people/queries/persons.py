"""Selects of people in a case, by their labels alone, and of what they chose to say of themselves."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.access.reading import found
from app.access.work import Work
from app.people.records import Demographic, Person


def list_persons(work: Work, case_id: UUID) -> list[Person]:
    """The people of a case, by their labels alone."""
    return list(work.session.scalars(select(Person).where(Person.case_id == case_id).order_by(Person.label)))


def person_of_filing(work: Work, filing_id: UUID) -> Person | None:
    """The filer as a person without a name."""
    return work.session.scalar(select(Person).where(Person.filing_id == filing_id, Person.role == "filer"))


def person_named(work: Work, filing_id: UUID, person_id: UUID | None) -> Person | None:
    """Somebody whom the filing names: the filer, or another one by their id."""
    if person_id is None:
        return person_of_filing(work, filing_id)
    return work.session.scalar(select(Person).where(Person.filing_id == filing_id, Person.id == person_id))


def others_of_filing(work: Work, filing_id: UUID) -> Sequence[Person]:
    """Whom else the filing names, without a name: whom it happened to, and who saw it."""
    query = select(Person).where(Person.filing_id == filing_id, Person.role != "filer")
    return work.session.scalars(query.order_by(Person.label, Person.id)).all()


def own_person_id(work: Work, filing_id: UUID) -> UUID | None:
    """The filer as a person, for the filer: no more than which one they are."""
    return work.session.scalar(select(Person.id).where(Person.filing_id == filing_id, Person.role == "filer"))


def get_person(work: Work, person_id: UUID) -> Person:
    """One person, or 404."""
    return found(work.session.scalar(select(Person).where(Person.id == person_id)))


def list_demographics(work: Work, case_id: UUID) -> list[Demographic]:
    """What complainants said of themselves."""
    return list(
        work.session.scalars(select(Demographic).where(Demographic.case_id == case_id).order_by(Demographic.position))
    )
