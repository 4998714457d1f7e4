"""Allegations and findings as a program states and writes them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

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
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(prefix="/api/v1", tags=["allegations"], route_class=StrictRoute)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Stater = Annotated[Work, may(Permission.ALLEGATION_STATE)]
Identifier = Annotated[Work, may(Permission.OFFICER_IDENTIFY)]
Recommender = Annotated[Work, may(Permission.FINDING_RECOMMEND)]
Reviewer = Annotated[Work, may(Permission.FINDING_REVIEW)]

READING = documented(401, 403, 404, 422)
CHANGING = documented(401, 403, 404, 409, 413, 422)


class Answer(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FindingMade(Answer):
    """What one authority found; an earlier word says when it was set aside."""

    id: UUID
    allegation_id: UUID
    life: str
    disposition: str
    finding_class: str
    standard: str
    reasons: str
    found_on: date | None
    superseded_at: datetime | None


class AllegationStated(Answer):
    """One thing one officer is said to have done."""

    id: UUID
    case_id: UUID
    position: int
    category: str
    officer_id: UUID | None
    person_id: UUID | None
    wording: str
    stated_on: date
    withdrawn_at: datetime | None
    version: int


class AllegationWithFindings(AllegationStated):
    """The same with every finding on it."""

    findings: list[FindingMade]


class Allegations(Answer):
    """The allegations of one case."""

    items: list[AllegationWithFindings]


class Named(Answer):
    """The officer who has been named."""

    officer_id: UUID


def _stated(allegation: Any) -> AllegationStated:
    return AllegationStated.model_validate(allegation, from_attributes=True)


def _made(finding: Any) -> FindingMade:
    return FindingMade.model_validate(finding, from_attributes=True)


@router.get(
    "/cases/{case_id}/allegations", response_model=Allegations, operation_id="list_allegations", responses=READING
)
def list_allegations(work: Reader, case_id: UUID) -> Allegations:
    """What is alleged in one case, with the findings of every authority side by side."""
    case = case_actions.read_case(work, case_id)
    findings = queries.list_findings(work, case.id)
    items = [
        AllegationWithFindings(
            **_stated(each).model_dump(), findings=[_made(f) for f in findings if f.allegation_id == each.id]
        )
        for each in queries.list_allegations(work, case.id)
    ]
    return Allegations(items=items)


@router.post(
    "/cases/{case_id}/allegations/state",
    status_code=201,
    response_model=AllegationStated,
    operation_id="state_allegation",
    responses=CHANGING,
)
def state_allegation(work: Stater, case_id: UUID, ask: StateAllegation) -> AllegationStated:
    """States an allegation against an officer, known or described."""
    allegation = actions.state_allegation(work, case_id, ask)
    work.flush()
    return _stated(allegation)


@router.post(
    "/cases/{case_id}/officers/{officer_id}/identify",
    response_model=Named,
    operation_id="identify_officer",
    responses=CHANGING,
)
def identify_officer(work: Identifier, case_id: UUID, officer_id: UUID, ask: IdentifyOfficer) -> Named:
    """Names an officer who had been unknown."""
    return Named(officer_id=actions.identify_officer(work, case_id, officer_id, ask).id)


@router.post(
    "/allegations/{allegation_id}/withdraw",
    response_model=AllegationStated,
    operation_id="withdraw_allegation",
    responses=CHANGING,
)
def withdraw_allegation(work: Stater, allegation_id: UUID, ask: WithdrawAllegation) -> AllegationStated:
    """No longer pursues an allegation; it stays on file."""
    allegation = actions.withdraw_allegation(work, allegation_id, ask)
    work.flush()
    return _stated(allegation)


@router.post(
    "/allegations/{allegation_id}/recommend",
    status_code=201,
    response_model=FindingMade,
    operation_id="recommend_finding",
    responses=CHANGING,
)
def recommend_finding(work: Recommender, allegation_id: UUID, ask: RecommendFinding) -> FindingMade:
    """Writes the investigator's finding."""
    return _made(actions.recommend_finding(work, allegation_id, ask))


@router.post(
    "/allegations/{allegation_id}/review",
    status_code=201,
    response_model=FindingMade,
    operation_id="review_finding",
    responses=CHANGING,
)
def review_finding(work: Reviewer, allegation_id: UUID, ask: ReviewFinding) -> FindingMade:
    """Writes the supervisor's finding: the same as the investigator's, or another with reasons."""
    return _made(actions.review_finding(work, allegation_id, ask))
