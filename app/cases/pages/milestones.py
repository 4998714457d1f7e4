"""The tab of milestones: what happened outside, with its law, its clocks, its day and its proof."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import RecordMilestone, WithdrawMilestone
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/milestones", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
ASKED = ("milestone", "corrects_id", "withdraws_id")
Worker = Annotated[Work, may(Permission.CASE_WORK)]


@router.get("")
def show_milestones(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """Every milestone of the rulebook; with `?milestone=…`, `?corrects_id=…` or `?withdraws_id=…` also its form."""
    case = actions.read_case(work, case_id)
    # A withdrawal that was refused comes here with the milestone in its address.
    known = {**request.query_params, "withdraws_id": request.query_params.get("withdraws_id", _in_address(request))}
    asked = {name: form.value(name) or known.get(name, "") for name in ASKED}
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


def _in_address(request: Request) -> str:
    return str(request.path_params.get("milestone_id", ""))


@router.post("/record")
@or_show(show_milestones)
def record_milestone(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.record_milestone(work, case_id, form.ask(RecordMilestone))
    return done(request, goto=f"/office/cases/{case_id}/milestones?done=saved")


@router.post("/{milestone_id}/withdraw")
@or_show(show_milestones)
def withdraw_milestone(request: Request, form: Posted, work: Worker, case_id: UUID, milestone_id: UUID) -> Response:
    actions.withdraw_milestone(work, case_id, milestone_id, form.ask(WithdrawMilestone))
    return done(request, goto=f"/office/cases/{case_id}/milestones?done=saved")
