"""What the rulebook leans on: every source with its day, one of them with the open cases, and the reading of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import sources as actions
from app.administration.commands import ReadSourceAgain, TouchedView
from app.administration.queries import sources as queries
from app.administration.queries import touched
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/rulebook/sources", include_in_schema=False)

Reader = Annotated[Work, may(Permission.RULEBOOK_READ)]
Owner = Annotated[Work, may(Permission.SOURCE_READ)]
Lead = Annotated[Work, may(Permission.CASE_READ)]
FIRST = TouchedView()


@router.get("")
def list_sources(request: Request, work: Reader) -> Response:
    """Every source, the one to be read first first."""
    return show(
        request,
        work,
        "administration/sources.html",
        title="Sources of the rulebook",
        book=work.book,
        lines=queries.source_lines(work),
    )


@router.get("/{code}")
def show_source(
    request: Request, work: Reader, code: str, form: Blank, view: Annotated[TouchedView, Query()] = FIRST
) -> Response:
    """One source: what leans on it, how often it was read again, and which open cases it touches."""
    found = queries.source_view(work, code)
    unseen = queries.unseen_changes(work, code)
    return show(
        request,
        work,
        "administration/source.html",
        title=found["line"].source.title,
        typed=form,
        view=view,
        home=f"{queries.HOME}/{code}",
        book=work.book,
        touched=touched.touched_page(work, code, view),
        to_note=[each for each in unseen if work.may(Permission.CASE_READ) and touched.my_touched(work, each)],
        **found,
    )


@router.post("/{code}/read")
@or_show(show_source)
def read_source_again(request: Request, form: Posted, work: Owner, code: str) -> Response:
    actions.read_source_again(work, code, form.ask(ReadSourceAgain))
    return done(request, goto=f"{queries.HOME}/{code}?done=saved")


@router.post("/{code}/changes/{number}/note")
@or_show(show_source)
def note_change(request: Request, form: Posted, work: Lead, code: str, number: int) -> Response:
    actions.see_change(work, code, number)
    return done(request, goto=f"{queries.HOME}/{code}?done=saved")
