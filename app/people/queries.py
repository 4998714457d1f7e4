"""Selects of people: officers by name or badge, and identities for those who may open them."""

import base64
import json
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_

from app.access.permissions import Permission
from app.access.reading import found
from app.access.work import Work
from app.infra.keyholder import Wrapped
from app.infra.sealing import aad, open_sealed
from app.kernel.errors import Invalid, NotAllowed
from app.kernel.text import clean_line
from app.people.records import Demographic, Identity, IdentityKey, Officer, Person, Posting
from app.people.rules import Who, officer_label

AT_MOST = 50
_SAME = {
    Identity.email_index: "email address",
    Identity.phone_index: "telephone",
    Identity.name_index: "name, and perhaps another person",
}


def visible_officers(work: Work) -> Select[Officer]:
    """Officers, for those who may look into the roster."""
    work.need(Permission.OFFICER_READ)
    return select(Officer)


def get_officer(work: Work, officer_id: UUID) -> Officer:
    """One officer, or 404."""
    return found(work.session.scalar(visible_officers(work).where(Officer.id == officer_id)))


def find_officer(work: Work, officer_id: str) -> Officer | None:
    """The officer whose id somebody sent, if it is one."""
    try:
        key = UUID(officer_id)
    except ValueError:
        return None
    return work.session.scalar(visible_officers(work).where(Officer.id == key))


def list_officers(
    work: Work, words: str = "", after: tuple[str, UUID] | None = None, department_id: str = ""
) -> list[Officer]:
    """Officers by name or badge, in order of name, a page at a time; one more than a page says there is a next."""
    query = visible_officers(work).where(Officer.is_unknown.is_(False))
    if department_id:
        query = query.where(Officer.department_id == department_id)
    if words:
        start = " ".join(words.casefold().split())
        query = query.where(or_(Officer.sort_name.startswith(start, autoescape=True), Officer.badge == words.strip()))
    if after is not None:
        query = query.where(tuple_(Officer.sort_name, Officer.id) > after)
    return list(work.session.scalars(query.order_by(Officer.sort_name, Officer.id).limit(AT_MOST + 1)))


def cursor_of(officer: Officer) -> str:
    """Where the page after this officer begins."""
    return base64.urlsafe_b64encode(officer.id.bytes + officer.sort_name.encode()).decode().rstrip("=")


def after(cursor: str) -> tuple[str, UUID] | None:
    """The place that a cursor names; Invalid where it names none."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return clean_line(raw[16:].decode()), UUID(bytes=raw[:16])
    except ValueError:
        raise Invalid({"cursor": "This page's mark cannot be read. Begin again at the first page."}) from None


def name_of(officer: Officer) -> str:
    """Last name first, as the roster is ordered."""
    return officer_label(officer.last_name, officer.first_name, "", officer.description, is_unknown=officer.is_unknown)


def officers_by_id(work: Work, ids: set[UUID]) -> dict[UUID, Officer]:
    """Several officers at once, for pages that name them; the caller has checked the case."""
    if not ids:
        return {}
    return {officer.id: officer for officer in work.session.scalars(select(Officer).where(Officer.id.in_(ids)))}


def label(officer: Officer) -> str:
    """How this officer is named in a list."""
    return officer_label(
        officer.last_name, officer.first_name, officer.badge, officer.description, is_unknown=officer.is_unknown
    )


def list_postings(work: Work, officer_id: UUID) -> list[Posting]:
    """Where an officer served, the latest first."""
    work.need(Permission.OFFICER_READ)
    query = select(Posting).where(Posting.officer_id == officer_id).order_by(Posting.from_on.desc())
    return list(work.session.scalars(query))


def list_persons(work: Work, case_id: UUID) -> list[Person]:
    """The people of a case, by their labels alone."""
    return list(work.session.scalars(select(Person).where(Person.case_id == case_id).order_by(Person.label)))


def person_of_filing(work: Work, filing_id: UUID) -> Person | None:
    """The filer as a person without a name."""
    return work.session.scalar(select(Person).where(Person.filing_id == filing_id, Person.role == "filer"))


def own_person_id(work: Work, filing_id: UUID) -> UUID | None:
    """The filer as a person, for the filer: no more than which one they are."""
    return work.session.scalar(select(Person.id).where(Person.filing_id == filing_id, Person.role == "filer"))


def list_demographics(work: Work, case_id: UUID) -> list[Demographic]:
    """What complainants said of themselves."""
    return list(
        work.session.scalars(select(Demographic).where(Demographic.case_id == case_id).order_by(Demographic.position))
    )


def get_person(work: Work, person_id: UUID) -> Person:
    """One person, or 404."""
    return found(work.session.scalar(select(Person).where(Person.id == person_id)))


def read_identity(work: Work, person_id: UUID) -> Who:
    """Opens the vault for one person; who calls this journals it: `actions.open_identity` and the letters' job."""
    if not work.may(Permission.IDENTITY_OPEN):
        raise NotAllowed("Your role does not open identities.")
    kept = work.session.scalar(select(Identity).where(Identity.person_id == person_id))
    own = work.session.scalar(select(IdentityKey).where(IdentityKey.person_id == person_id))
    if kept is None or own is None or own.wrapped_key is None:
        return Who()
    key = work.keys.holder.unwrap(Wrapped(own.key_id, own.wrapped_key), person_id)
    opened = open_sealed(key, kept.sealed, aad("identities", "sealed", person_id, kept.key_id))
    return Who(**json.loads(opened))


def has_email(work: Work, person_id: UUID) -> bool:
    """True where an address is kept; asked by its keyed hash, without opening the vault."""
    return _is_kept(work, person_id, Identity.email_index.is_not(None))


def has_identity(work: Work, person_id: UUID) -> bool:
    """True where the vault holds somebody's name or contact that was not erased."""
    return _is_kept(work, person_id)


def filings_of_same_person(work: Work, filing_ids: list[UUID]) -> dict[UUID, str]:
    """Other filings by whoever made these, with what is the same; by keyed hashes, without opening the vault."""
    work.need(Permission.IDENTITY_OPEN)
    own = select(Identity.email_index, Identity.phone_index, Identity.name_index)
    own = own.join(Person, Person.id == Identity.person_id).where(Person.filing_id.in_(filing_ids))
    known = list(work.session.execute(own.where(Person.role == "filer")))
    found: dict[UUID, str] = {}
    for column, words in _SAME.items():
        kept = {getattr(row, column.key) for row in known} - {None}
        query = select(Person.filing_id).join(Identity, Identity.person_id == Person.id).where(column.in_(kept))
        for filing_id in work.session.scalars(query.where(Person.role == "filer")):
            if filing_id is not None:
                found.setdefault(filing_id, words)
    return {key: words for key, words in found.items() if key not in filing_ids}


def _is_kept(work: Work, person_id: UUID, *also: ColumnElement[bool]) -> bool:
    query = select(Identity.person_id).join(IdentityKey, IdentityKey.person_id == Identity.person_id)
    query = query.where(Identity.person_id == person_id, IdentityKey.wrapped_key.is_not(None), *also)
    return work.session.scalar(query) is not None
