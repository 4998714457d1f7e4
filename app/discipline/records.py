"""What the office recommends to the department, and the department's answer."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
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
