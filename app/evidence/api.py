"""Demands as a program sends and follows them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions as case_actions
from app.evidence import actions, queries
from app.evidence.commands import SendDemand
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(prefix="/api/v1", tags=["evidence"], route_class=StrictRoute)

Reader = Annotated[Work, may(Permission.DEMAND_READ)]
Demander = Annotated[Work, may(Permission.DEMAND_SEND)]


class DemandSent(BaseModel):
    """What the department was asked for, by when, and what came."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    case_id: UUID
    department_id: str
    number: str
    kind: str
    wording: str
    sent_on: date
    due_on: date
    answer: str | None
    answer_wording: str
    answered_on: date | None
    contradicted_on: date | None


class Demands(BaseModel):
    """The demands of one case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[DemandSent]


def _sent(demand: Any) -> DemandSent:
    return DemandSent.model_validate(demand, from_attributes=True)


@router.get(
    "/cases/{case_id}/demands",
    response_model=Demands,
    operation_id="list_demands",
    responses=documented(401, 403, 404, 422),
)
def list_demands(work: Reader, case_id: UUID) -> Demands:
    """What was asked of the department in one case."""
    case = case_actions.read_case(work, case_id)
    return Demands(items=[_sent(each) for each in queries.list_demands(work, case.id)])


@router.post(
    "/cases/{case_id}/demands/send",
    status_code=201,
    response_model=DemandSent,
    operation_id="send_demand",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def send_demand(work: Demander, case_id: UUID, ask: SendDemand) -> DemandSent:
    """Asks the department for something, by the day the rulebook gives it."""
    demand = actions.send_demand(work, case_id, ask)
    work.flush()
    return _sent(demand)
