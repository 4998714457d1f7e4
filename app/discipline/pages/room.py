"""The same for the commission's secretary, of docketed cases alone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.commission.actions import read_docketed_case
from app.discipline import actions, queries
from app.discipline.commands import RecommendDiscipline
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/commission/cases/{case_id}/discipline", include_in_schema=False)

Reader = Annotated[Work, may(Permission.RECOMMENDATION_READ)]
Recommender = Annotated[Work, may(Permission.RECOMMENDATION_SEND)]


@router.get("")
def show_room_discipline(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """What follows from the vote on each allegation."""
    read_docketed_case(work, case_id)
    case = queries.case_at_hand(work, case_id)
    return show(
        request,
        work,
        "discipline/room.html",
        title=f"Case {case.number}: discipline",
        typed=form,
        case=case,
        home=f"/commission/cases/{case_id}/discipline",
        **queries.discipline_view(work, case),
    )


@router.post("/recommend", name="recommend_discipline")
@or_show(show_room_discipline)
def recommend_in_room(request: Request, form: Posted, work: Recommender, case_id: UUID) -> Response:
    actions.recommend_discipline(work, case_id, form.ask(RecommendDiscipline))
    return done(request, goto=f"/commission/cases/{case_id}/discipline?done=saved")
