"""The office's pages of officers: the roster by name or badge, and one officer with what later stages know of them."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.people import queries
from app.people.commands import RosterView
from app.web.answers import show
from app.web.work import may

router = APIRouter(prefix="/office/officers", include_in_schema=False)

Reader = Annotated[Work, may(Permission.OFFICER_READ)]


@dataclass(frozen=True)
class Line:
    """One officer of the roster."""

    id: UUID
    name: str
    badge: str
    rank: str
    unit: str
    department: str


@router.get("")
def list_officers(request: Request, work: Reader, view: Annotated[RosterView, Query()]) -> Response:
    """The roster, a page at a time."""
    officers = queries.list_officers(work, view.q, queries.after(view.cursor))
    following = queries.cursor_of(officers[queries.AT_MOST - 1]) if len(officers) > queries.AT_MOST else ""
    departments = {each.code: each.label.to("en") for each in work.book.departments}
    lines = [
        Line(o.id, queries.name_of(o), o.badge, o.rank, o.unit, departments.get(o.department_id, o.department_id))
        for o in officers[: queries.AT_MOST]
    ]
    asked = {"q": view.q} if view.q else {}
    return show(
        request,
        work,
        "people/officers.html",
        part="people/_officers.html",
        title="Officers",
        view=view,
        lines=lines,
        next_page=f"/office/officers?{urlencode(asked | {'cursor': following})}" if following else "",
        first_page=f"/office/officers?{urlencode(asked)}".rstrip("?") if view.cursor else "",
    )


@router.get("/{officer_id}")
def show_officer(request: Request, work: Reader, officer_id: UUID) -> Response:
    """One officer: where they served, and what every stage knows of them that this person may know."""
    officer = queries.get_officer(work, officer_id)
    known = queries.get_officer(work, officer.known_as_id) if officer.known_as_id else None
    departments = {each.code: each.label.to("en") for each in work.book.departments}
    return show(
        request,
        work,
        "people/officer.html",
        title=queries.label(officer),
        officer=officer,
        known=known,
        known_label=queries.label(known) if known else "",
        department=departments.get(officer.department_id, officer.department_id),
        postings=queries.list_postings(work, officer.id),
        parts=[found for part in work.parts("officer") if (found := part(work, officer.id)) is not None],
    )
