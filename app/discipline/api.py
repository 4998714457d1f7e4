"""Recommendations as a program sends them, and as the department's program answers them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.discipline import actions, queries
from app.discipline.commands import GiveAnswer, RecommendDiscipline
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(prefix="/api/v1", tags=["discipline"], route_class=StrictRoute)

Recommender = Annotated[Work, may(Permission.RECOMMENDATION_SEND)]
Liaison = Annotated[Work, may(Permission.ANSWER_GIVE)]

LISTING = documented(401, 403, 422)
CHANGING = documented(401, 403, 404, 409, 413, 422)


class RecommendationSent(BaseModel):
    """What was recommended, by when an answer is due, and what came; never who complained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    case_id: UUID | None
    allegation_id: UUID | None
    department_id: str
    number: str
    measure: str
    reasons: str
    sent_on: date | None
    due_on: date | None
    answer: str | None
    answer_reasons: str
    imposed: str
    answered_on: date | None
    version: int


class Recommendations(BaseModel):
    """Those that wait for an answer, the nearest day first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[RecommendationSent]


def _sent(work: Work, recommendation: Any) -> RecommendationSent:
    work.flush()
    return RecommendationSent.model_validate(recommendation, from_attributes=True)


@router.post(
    "/cases/{case_id}/recommendations/recommend",
    status_code=201,
    response_model=RecommendationSent,
    operation_id="recommend_discipline",
    responses=CHANGING,
)
def recommend_discipline(work: Recommender, case_id: UUID, ask: RecommendDiscipline) -> RecommendationSent:
    """A measure for one allegation on which the commission found; it goes out with the findings."""
    return _sent(work, actions.recommend_discipline(work, case_id, ask))


@router.get(
    "/department/recommendations",
    response_model=Recommendations,
    operation_id="list_recommendations",
    responses=LISTING,
)
def list_recommendations(work: Liaison) -> Recommendations:
    """What your department owes an answer to."""
    return Recommendations(items=[_sent(work, one.recommendation) for one in queries.addressed(work)["waiting"]])


@router.post(
    "/department/recommendations/{recommendation_id}/answer",
    response_model=RecommendationSent,
    operation_id="give_answer",
    responses=CHANGING,
)
def give_answer(work: Liaison, recommendation_id: UUID, ask: GiveAnswer) -> RecommendationSent:
    """The department's answer, once."""
    return _sent(work, actions.give_answer(work, recommendation_id, ask))
