"""The department's door for demands: what is asked of it, by when, and its answer. Never who complained."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.evidence import actions, queries
from app.evidence.commands import AnswerDemand
from app.evidence.pages.office import sent_file
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/department", include_in_schema=False)

Liaison = Annotated[Work, may(Permission.DEMAND_ANSWER)]


@router.get("")
def list_demands(request: Request, work: Liaison) -> Response:
    """What the department owes, overdue first, and what it has answered."""
    return show(
        request, work, "evidence/department.html", title="Demands", **dict[str, Any](queries.department_view(work))
    )


@router.get("/demands/{demand_id}")
def show_demand(request: Request, work: Liaison, demand_id: UUID, form: Blank) -> Response:
    """One demand with the form of its answer."""
    shown = queries.addressed_shown(work, queries.addressed_demand(work, demand_id))
    return show(request, work, "evidence/answer.html", title=f"Demand {shown.demand.number}", typed=form, shown=shown)


@router.post("/demands/{demand_id}/answer")
@or_show(show_demand)
def answer_demand(request: Request, form: Posted, work: Liaison, demand_id: UUID) -> Response:
    ask = form.ask(AnswerDemand)
    actions.answer_demand(work, demand_id, ask, sent_file(work, form))
    return done(request, goto="/department?done=sent")
