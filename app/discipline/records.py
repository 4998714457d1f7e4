"""What the office recommends to the department, its answer and the dispute after it; and reports to others."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference


class Recommendation(Record):
    """Discipline recommended for one sustained allegation, sent to the department with a clock."""

    __tablename__ = "recommendations"
    __table_args__ = (
        Index("ix_recommendations_case", "case_id"),
        Index("ix_recommendations_open", "department_id", "due_on", postgresql_where=text("answered_on IS NULL")),
        Index(
            "ix_recommendations_source",
            "source",
            "source_key",
            unique=True,
            postgresql_where=text("source IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    allegation_id: Mapped[UUID | None] = mapped_column(reference("allegations.id"))
    department_id: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text, unique=True)
    measure: Mapped[str] = mapped_column(Text)
    reasons: Mapped[str] = mapped_column(Text, default="")
    sent_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    answered_on: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str | None] = mapped_column(Text)
    answer_reasons: Mapped[str] = mapped_column(Text, default="")
    imposed: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    source: Mapped[str | None] = mapped_column(Text)
    source_key: Mapped[str | None] = mapped_column(Text)
    source_values: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class DisputeRecord(Record):
    """An answer that goes before somebody else; how that was decided, by whom, and what shows it."""

    __tablename__ = "disputes"
    __table_args__ = (
        Index("ix_disputes_case", "case_id"),
        Index("ix_disputes_recommendation", "recommendation_id", unique=True),
        CheckConstraint("(outcome IS NULL) = (decided_on IS NULL)", name="decided_with_a_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    recommendation_id: Mapped[UUID] = mapped_column(reference("recommendations.id"))
    dispute: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None] = mapped_column(Date)
    # One to a line, name and title. Those who have a seat here stand in `member_ids` too.
    deciders: Mapped[str] = mapped_column(Text, default="")
    member_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    proof: Mapped[str] = mapped_column(Text, default="")
    evidence_id: Mapped[UUID | None] = mapped_column(reference("evidence_items.id"))
    # Where the rulebook has a milestone for the decision, a wrong day is corrected there.
    milestone_id: Mapped[UUID | None] = mapped_column(reference("milestones.id"))
    recorded_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    recorded_at: Mapped[datetime | None]


class ReportToOthers(Record):
    """A report that the law wants in a case: sent, published or filed, or the matter kept as a minor one; once."""

    __tablename__ = "reports_to_others"
    __table_args__ = (
        Index(
            "ix_reports_to_others_case",
            "case_id",
            "report",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        CheckConstraint("corrects_id IS NULL OR reason <> ''", name="corrected_with_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    report: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date] = mapped_column(Date)
    proof: Mapped[str] = mapped_column(Text)
    evidence_id: Mapped[UUID | None] = mapped_column(reference("evidence_items.id"))
    # Where the rulebook has a milestone for it, that one holds the day, and a wrong day is corrected there; else here.
    corrects_id: Mapped[UUID | None] = mapped_column(reference("reports_to_others.id"))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    superseded_at: Mapped[datetime | None]
    milestone_id: Mapped[UUID | None] = mapped_column(reference("milestones.id"))
    recorded_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    recorded_at: Mapped[datetime]
