"""The tab that says who sees what: compartments, what is kept, who is on which side, and who has read it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import KeepCase, NameSide
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/walls", include_in_schema=False)

Waller = Annotated[Work, may(Permission.CASE_ASSIGN)]
GONE = "/office/cases?done=kept"


@router.get("")
def show_walls(request: Request, work: Waller, case_id: UUID, form: Blank) -> Response:
    """Who may see what of this case, and why."""
    case = actions.read_case(work, case_id)
    return show(
        request,
        work,
        "cases/walls.html",
        title=f"Case {case.number}: who sees what",
        typed=form,
        home=f"/office/cases/{case_id}/walls",
        **queries.case_frame(work, case, "walls"),
        **queries.walls_view(work, case),
    )


@router.post("/keep")
@or_show(show_walls)
def keep_case(request: Request, form: Posted, work: Waller, case_id: UUID) -> Response:
    """Whoever keeps a case may lose it by that."""
    ask = form.ask(KeepCase)
    actions.keep_case(work, case_id, ask)
    is_inside = ask.keep in work.house.access.inside(work.actor.roles)
    return done(request, goto=f"/office/cases/{case_id}/walls?done=saved" if is_inside else GONE)


@router.post("/lift")
@or_show(show_walls)
def lift_case(request: Request, form: Posted, work: Waller, case_id: UUID) -> Response:
    actions.lift_case(work, case_id, form.ask(KeepCase))
    return done(request, goto=f"/office/cases/{case_id}/walls?done=saved")


@router.post("/sides/name")
@or_show(show_walls)
def name_side(request: Request, form: Posted, work: Waller, case_id: UUID) -> Response:
    actions.name_side(work, case_id, form.ask(NameSide))
    return done(request, goto=f"/office/cases/{case_id}/walls?done=saved#sides")


@router.post("/sides/{side_id}/end")
@or_show(show_walls)
def end_side(request: Request, form: Posted, work: Waller, case_id: UUID, side_id: UUID) -> Response:
    actions.end_side(work, case_id, side_id)
    return done(request, goto=f"/office/cases/{case_id}/walls?done=saved#sides")


@router.post("/filer/keep")
@or_show(show_walls)
def keep_filer(request: Request, form: Posted, work: Waller, case_id: UUID) -> Response:
    actions.keep_filer(work, case_id)
    return done(request, goto=f"/office/cases/{case_id}/walls?done=saved#filer")
