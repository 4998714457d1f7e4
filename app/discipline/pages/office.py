"""The tab of a case that shows who said what on each allegation, and where discipline is recommended."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions as case_actions
from app.cases import queries as cases
from app.discipline import actions, queries
from app.discipline.commands import DecideDispute, RecommendDiscipline
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/discipline", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Recommender = Annotated[Work, may(Permission.RECOMMENDATION_SEND)]
Decider = Annotated[Work, may(Permission.DISPUTE_DECIDE)]


@router.get("")
def show_discipline(
    request: Request, work: Reader, case_id: UUID, form: Blank, dispute_id: str | UUID = ""
) -> Response:
    """Investigator, supervisor, commission and department side by side, and what stands; with `?dispute_id=…` also
    the form for its decision."""
    case = case_actions.read_case(work, case_id)
    book = work.policies.named(case.policy_id)
    return show(
        request,
        work,
        "discipline/case.html",
        title=f"Case {case.number}: discipline",
        typed=form,
        home=f"/office/cases/{case_id}/discipline",
        **cases.case_frame(work, case, "discipline"),
        **queries.discipline_view(work, case),
        **queries.to_decide(work, case, book, str(dispute_id)),
        kept=queries.file_kept(work, case, book),
    )


@router.post("/recommend")
@or_show(show_discipline)
def recommend_discipline(request: Request, form: Posted, work: Recommender, case_id: UUID) -> Response:
    actions.recommend_discipline(work, case_id, form.ask(RecommendDiscipline))
    return done(request, goto=f"/office/cases/{case_id}/discipline?done=saved")


@router.post("/disputes/{dispute_id}/decide")
@or_show(show_discipline)
def decide_dispute(request: Request, form: Posted, work: Decider, case_id: UUID, dispute_id: UUID) -> Response:
    actions.decide_dispute(work, case_id, dispute_id, form.ask(DecideDispute))
    return done(request, goto=f"/office/cases/{case_id}/discipline?done=saved")
