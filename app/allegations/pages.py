"""The office's pages of allegations: all of one case with their lives side by side, one of them, an officer named."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.allegations import actions, queries
from app.allegations.commands import (
    IdentifyOfficer,
    RecommendFinding,
    ReviewFinding,
    StateAllegation,
    WithdrawAllegation,
)
from app.cases import actions as case_actions
from app.cases import queries as cases
from app.kernel.errors import NotFound
from app.kernel.text import clean_line
from app.people import queries as people
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Stater = Annotated[Work, may(Permission.ALLEGATION_STATE)]
Identifier = Annotated[Work, may(Permission.OFFICER_IDENTIFY)]
Recommender = Annotated[Work, may(Permission.FINDING_RECOMMEND)]
Reviewer = Annotated[Work, may(Permission.FINDING_REVIEW)]
SEARCH = 100


@router.get("/allegations")
def show_allegations(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """What is alleged against whom, and what each authority found."""
    case = case_actions.read_case(work, case_id)
    words = _words(request)
    view = queries.allegations_view(work, case)
    found = queries.officers_to_choose(work, case, words, form.value("officer_id"))
    return show(
        request,
        work,
        "allegations/list.html",
        title=f"Case {case.number}: allegations",
        typed=form,
        looked_for=words,
        found=found,
        choices=_choices(view["officers"], found),
        departments=[(each.code, each.label.to("en")) for each in work.policies.named(case.policy_id).departments],
        lives_heads=[(life.label.to("en"), "") for life in work.policies.named(case.policy_id).lives],
        **cases.case_frame(work, case, "allegations"),
        **view,
    )


def _choices(known: list[tuple[UUID, str, bool]], found: list[tuple[UUID, str]]) -> list[tuple[str, str]]:
    """The officers of the case, those of the search, and last somebody without a name."""
    named = {str(key): label for key, label in [*((k, label) for k, label, _ in known), *found]}
    return [*named.items(), ("", "An officer nobody can name yet, described below")]


def _words(request: Request) -> str:
    """What was typed into the search for an officer; what cannot be read finds nobody."""
    try:
        return clean_line(request.query_params.get("officer", ""))[:SEARCH]
    except ValueError:
        return ""


@router.get("/allegations/{allegation_id}")
def show_allegation(request: Request, work: Reader, case_id: UUID, allegation_id: UUID, form: Blank) -> Response:
    """One allegation: every finding with its reasons, also earlier ones, and the form of whoever may find."""
    case = case_actions.read_case(work, case_id)
    view = queries.allegations_view(work, case)
    shown = next((each for each in view["allegations"] if each.allegation.id == allegation_id), None)
    if shown is None:
        raise NotFound()
    return show(
        request,
        work,
        "allegations/allegation.html",
        title=f"Case {case.number}: {shown.category}",
        typed=form,
        shown=shown,
        **cases.case_frame(work, case, "allegations"),
        **view,
    )


@router.get("/officers/{officer_id}/identify")
def show_identify(request: Request, work: Identifier, case_id: UUID, officer_id: UUID, form: Blank) -> Response:
    """Who an unknown officer was: search the roster, choose one."""
    case = case_actions.read_case(work, case_id)
    unknown = people.get_officer(work, officer_id)
    words = _words(request)
    context: dict[str, Any] = cases.case_frame(work, case, "allegations")
    return show(
        request,
        work,
        "allegations/identify.html",
        title=f"Case {case.number}: name an officer",
        typed=form,
        looked_for=words,
        found=queries.officers_to_choose(work, case, words, form.value("officer_id")),
        unknown=unknown,
        unknown_label=people.label(unknown),
        **context,
    )


@router.post("/allegations/state")
@or_show(show_allegations)
def state_allegation(request: Request, form: Posted, work: Stater, case_id: UUID) -> Response:
    actions.state_allegation(work, case_id, form.ask(StateAllegation))
    return done(request, goto=f"/office/cases/{case_id}/allegations?done=saved")


@router.post("/officers/{officer_id}/identify")
@or_show(show_identify)
def identify_officer(request: Request, form: Posted, work: Identifier, case_id: UUID, officer_id: UUID) -> Response:
    actions.identify_officer(work, case_id, officer_id, form.ask(IdentifyOfficer))
    return done(request, goto=f"/office/cases/{case_id}/allegations?done=saved")


@router.post("/allegations/{allegation_id}/withdraw")
@or_show(show_allegation)
def withdraw_allegation(request: Request, form: Posted, work: Stater, case_id: UUID, allegation_id: UUID) -> Response:
    actions.withdraw_allegation(work, allegation_id, form.ask(WithdrawAllegation))
    return done(request, goto=f"/office/cases/{case_id}/allegations?done=saved")


@router.post("/allegations/{allegation_id}/recommend")
@or_show(show_allegation)
def recommend_finding(
    request: Request, form: Posted, work: Recommender, case_id: UUID, allegation_id: UUID
) -> Response:
    actions.recommend_finding(work, allegation_id, form.ask(RecommendFinding))
    return done(request, goto=f"/office/cases/{case_id}/allegations/{allegation_id}?done=saved")


@router.post("/allegations/{allegation_id}/review")
@or_show(show_allegation)
def review_finding(request: Request, form: Posted, work: Reviewer, case_id: UUID, allegation_id: UUID) -> Response:
    actions.review_finding(work, allegation_id, form.ask(ReviewFinding))
    if work.actor.outsider:
        return done(request, goto="/office?done=saved")
    return done(request, goto=f"/office/cases/{case_id}/allegations/{allegation_id}?done=saved")
