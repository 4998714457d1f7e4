"""What happened to recommendations of discipline."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class RecommendationMade(Event):
    """A measure was recommended; it goes out with the findings."""

    tag: ClassVar[str] = "discipline:recommendation:made"
    sentence: ClassVar[str] = "Recommended discipline: {measure}."

    recommendation_id: UUID
    allegation_id: UUID
    measure: str


class RecommendationSent(Event):
    """The department has it and must answer."""

    tag: ClassVar[str] = "discipline:recommendation:sent"
    sentence: ClassVar[str] = "Sent the recommendation {measure} to {department_id}; answer due {due_on}."

    recommendation_id: UUID
    allegation_id: UUID
    department_id: str
    measure: str
    due_on: date | None = None


class FindingsSent(Event):
    """A letter with the findings went to the department."""

    tag: ClassVar[str] = "discipline:findings:sent"
    sentence: ClassVar[str] = "Sent the findings to {department_id} by the letter {kind}."

    letter_id: UUID
    department_id: str
    kind: str


class FindingsLetterOpened(Event):
    """The department opened that letter."""

    tag: ClassVar[str] = "discipline:findings:opened"
    sentence: ClassVar[str] = "Opened the letter with the findings."

    letter_id: UUID


class AnswerGiven(Event):
    """The department answered."""

    tag: ClassVar[str] = "discipline:answer:given"
    sentence: ClassVar[str] = "Answered the recommendation: {answer}; imposed: {imposed}."

    recommendation_id: UUID
    answer: str
    imposed: str = ""


class DisputeOpened(Event):
    """The department's answer goes before somebody else."""

    tag: ClassVar[str] = "discipline:dispute:opened"
    sentence: ClassVar[str] = "Opened the dispute “{dispute}” about a recommendation."

    dispute_id: UUID
    recommendation_id: UUID
    dispute: str


class DisputeDecided(Event):
    """How a dispute ended was put on file."""

    tag: ClassVar[str] = "discipline:dispute:decided"
    sentence: ClassVar[str] = "Recorded that “{dispute}” ended on {happened_on}: {decision}. What stands: {stands}."

    dispute_id: UUID
    recommendation_id: UUID
    dispute: str
    decision: str
    stands: str
    happened_on: date
    member_ids: tuple[UUID, ...] = ()


class ReportRecorded(Event):
    """A report to others went out as the law wants it, or the matter was kept as a minor one."""

    tag: ClassVar[str] = "discipline:report:recorded"
    sentence: ClassVar[str] = "Put on file for the report {report}: {how}, on {happened_on}."

    report_id: UUID
    report: str
    how: str
    happened_on: date


class ReportCorrected(Event):
    """The day of a report to others was wrong; the right one takes its place, and the first stays as history."""

    tag: ClassVar[str] = "discipline:report:corrected"
    sentence: ClassVar[str] = "Corrected what is on file of the report {report}: {was_on} became {happened_on}."

    report_id: UUID
    corrects_id: UUID
    report: str
    was_on: date
    happened_on: date
