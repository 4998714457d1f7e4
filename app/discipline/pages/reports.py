"""The tab of a case with the reports that the law wants sent to others, and what is on file of each."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions as case_actions
from app.cases import queries as cases
from app.discipline import actions, queries
from app.discipline.commands import CorrectReport, RecordReport
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/reports", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Worker = Annotated[Work, may(Permission.CASE_WORK)]


@router.get("")
def show_reports(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """Every report of the rulebook; with `?report=…` or `?corrects_id=…` also the form to put it on file."""
    case = case_actions.read_case(work, case_id)
    return show(
        request,
        work,
        "discipline/reports.html",
        title=f"Case {case.number}: reports to others",
        typed=form,
        home=f"/office/cases/{case_id}/reports",
        **cases.case_frame(work, case, "reports"),
        **queries.reports_view(
            work,
            case,
            report=form.value("report") or request.query_params.get("report", ""),
            # A correction that was refused comes here with the report in its address.
            corrects_id=str(request.path_params.get("report_id", request.query_params.get("corrects_id", ""))),
        ),
    )


@router.post("/record")
@or_show(show_reports)
def record_report(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.record_report(work, case_id, form.ask(RecordReport))
    return done(request, goto=f"/office/cases/{case_id}/reports?done=saved")


@router.post("/{report_id}/correct")
@or_show(show_reports)
def correct_report(request: Request, form: Posted, work: Worker, case_id: UUID, report_id: UUID) -> Response:
    actions.correct_report(work, case_id, report_id, form.ask(CorrectReport))
    return done(request, goto=f"/office/cases/{case_id}/reports?done=saved")
