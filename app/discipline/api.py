"""Recommendations as a program sends them, and as the department's program answers them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions as case_actions
from app.discipline import actions, queries, rules
from app.discipline.commands import CorrectReport, DecideDispute, GiveAnswer, RecommendDiscipline, RecordReport
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(prefix="/api/v1", tags=["discipline"], route_class=StrictRoute)

Recommender = Annotated[Work, may(Permission.RECOMMENDATION_SEND)]
Reader = Annotated[Work, may(Permission.CASE_READ)]
Worker = Annotated[Work, may(Permission.CASE_WORK)]
Decider = Annotated[Work, may(Permission.DISPUTE_DECIDE)]
Liaison = Annotated[Work, may(Permission.ANSWER_GIVE)]

LISTING = documented(401, 403, 422)
READING = documented(401, 403, 404, 422)
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


class DisputeKept(BaseModel):
    """A dispute about an answer; its outcome, who decided, and whose word stands are null or empty while it is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    recommendation_id: UUID
    dispute: str
    decided_by: str
    burden_on: str
    opened_on: date
    outcome: str | None
    decided_on: date | None
    deciders: str
    stands: str | None


class Disputes(BaseModel):
    """The disputes of one case, the first first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[DisputeKept]


def _kept(work: Work, policy_id: str, row: Any) -> DisputeKept:
    found = rules.dispute(work.policies.named(policy_id), row.dispute)
    return DisputeKept(
        id=row.id,
        recommendation_id=row.recommendation_id,
        dispute=row.dispute,
        decided_by=found.decided_by,
        burden_on=found.burden_on,
        opened_on=row.opened_on,
        outcome=row.outcome,
        decided_on=row.decided_on,
        deciders=row.deciders,
        stands=rules.stands_of(found, row.outcome) if row.outcome else None,
    )


@router.get("/cases/{case_id}/disputes", response_model=Disputes, operation_id="list_disputes", responses=READING)
def list_disputes(work: Reader, case_id: UUID) -> Disputes:
    """The disputes about what the department answered in a case, and what stands."""
    case = case_actions.read_case(work, case_id)
    return Disputes(items=[_kept(work, case.policy_id, row) for row in queries.disputes_of_case(work, case.id)])


@router.post(
    "/cases/{case_id}/disputes/{dispute_id}/decide",
    response_model=DisputeKept,
    operation_id="decide_dispute",
    responses=CHANGING,
)
def decide_dispute(work: Decider, case_id: UUID, dispute_id: UUID, ask: DecideDispute) -> DisputeKept:
    """Puts on file how a dispute ended, once."""
    row = actions.decide_dispute(work, case_id, dispute_id, ask)
    return _kept(work, queries.policy_of(work, case_id), row)


class ReportOnFile(BaseModel):
    """A report to others as it was put on file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    report: str
    how: str
    happened_on: date
    proof: str
    evidence_id: UUID | None
    recorded_at: datetime


class ReportDue(BaseModel):
    """A report that the rulebook knows: whether it is due here (null: that depends on what is not stated yet), what
    fulfils it, why the matter is no minor one, and what is on file of it; a corrected day stands in `happened_on`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report: str
    label: str
    recipient: str
    law: str
    duty_of: str
    fulfilled_by: str
    is_due: bool | None
    due_on: date | None
    not_minor: str
    happened_on: date | None
    on_file: ReportOnFile | None


class ReportsDue(BaseModel):
    """Every report to others that the case's rulebook knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[ReportDue]


def _due(each: queries.Due) -> ReportDue:
    kept = each.on_file
    return ReportDue(
        report=each.report.code,
        label=each.label,
        recipient=each.recipient,
        law=each.law,
        duty_of=each.report.duty_of,
        fulfilled_by=each.report.fulfilled_by,
        is_due=each.concerns,
        due_on=each.clocks[-1].due_on if each.clocks else None,
        not_minor=each.not_minor,
        happened_on=kept.happened_on if kept else None,
        on_file=ReportOnFile.model_validate(kept.row, from_attributes=True) if kept else None,
    )


@router.get(
    "/cases/{case_id}/reports", response_model=ReportsDue, operation_id="list_reports_to_others", responses=READING
)
def list_reports_to_others(work: Reader, case_id: UUID) -> ReportsDue:
    """Which reports to others the law wants in a case, and what is on file of each."""
    case = case_actions.read_case(work, case_id)
    return ReportsDue(items=[_due(each) for each in queries.reports_view(work, case)["reports"]])


@router.post(
    "/cases/{case_id}/reports/{report_id}/correct",
    status_code=201,
    response_model=ReportOnFile,
    operation_id="correct_report",
    responses=CHANGING,
)
def correct_report(work: Worker, case_id: UUID, report_id: UUID, ask: CorrectReport) -> ReportOnFile:
    """Puts the right day of a report in the place of a wrong one, which stays as history."""
    return ReportOnFile.model_validate(actions.correct_report(work, case_id, report_id, ask), from_attributes=True)


@router.post(
    "/cases/{case_id}/reports/record",
    status_code=201,
    response_model=ReportOnFile,
    operation_id="record_report",
    responses=CHANGING,
)
def record_report(work: Worker, case_id: UUID, ask: RecordReport) -> ReportOnFile:
    """Puts on file that a report was sent, published or filed, or that the matter is kept as a minor one."""
    return ReportOnFile.model_validate(actions.record_report(work, case_id, ask), from_attributes=True)
