"""The form for a case that nobody complained of."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import OpenOwnCase
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/own-cases", include_in_schema=False)

Worker = Annotated[Work, may(Permission.CASE_WORK)]


@router.get("")
def show_opening(request: Request, work: Worker, form: Blank) -> Response:
    """The kinds that this person may open, and what is to be said."""
    title = "Open a case without a complaint"
    return show(request, work, "cases/opening.html", title=title, typed=form, **queries.opening_view(work))


@router.post("/open")
@or_show(show_opening)
def open_own_case(request: Request, form: Posted, work: Worker) -> Response:
    case = actions.open_own_case(work, form.ask(OpenOwnCase))
    return done(request, goto=f"/office/cases/{case.id}?done=saved")
