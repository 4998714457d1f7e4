"""The tab of milestones: what happened outside, with its law, its clocks, its day and its proof."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import RecordMilestone
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/milestones", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Worker = Annotated[Work, may(Permission.CASE_WORK)]


@router.get("")
def show_milestones(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """Every milestone of the rulebook; with `?milestone=…` or `?corrects_id=…` also the form to put it on file."""
    case = actions.read_case(work, case_id)
    asked = {name: form.value(name) or request.query_params.get(name, "") for name in ("milestone", "corrects_id")}
    return show(
        request,
        work,
        "cases/milestones.html",
        title=f"Case {case.number}: milestones",
        typed=form,
        home=f"/office/cases/{case_id}/milestones",
        **queries.case_frame(work, case, "milestones"),
        **queries.milestones_view(work, case, **asked),
    )


@router.post("/record")
@or_show(show_milestones)
def record_milestone(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.record_milestone(work, case_id, form.ask(RecordMilestone))
    return done(request, goto=f"/office/cases/{case_id}/milestones?done=saved")
