"""Selects of officers: the roster by name or badge, one officer, where they served."""

import base64
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_

from app.access.permissions import Permission
from app.access.reading import found
from app.access.work import Work
from app.kernel.errors import Invalid
from app.kernel.text import clean_line
from app.people.records import Officer, Posting
from app.people.rules import officer_label

AT_MOST = 50


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
    work: Work, words: str = "", after: tuple[str, UUID] | None = None, departments: Collection[str] = ()
) -> list[Officer]:
    """Officers by name or badge, in order of name, a page at a time; one more than a page says there is a next."""
    query = visible_officers(work).where(Officer.is_unknown.is_(False))
    if departments:
        query = query.where(Officer.department_id.in_(departments))
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
