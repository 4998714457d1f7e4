"""Allegations, each against one officer, and the findings on each in their several lives."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.access.compartments import KeptItem
from app.infra.db import Record, reference


class Allegation(KeptItem, Record):
    """One thing alleged against one officer, known or unknown, done to one person, known or unknown."""

    __tablename__ = "allegations"
    committed = ("officer_id", "category", "subcategory", "wording", "stated_on", "withdrawn_at")
    __table_args__ = (
        Index("ix_allegations_case", "case_id", "position"),
        Index("ix_allegations_officer", "officer_id"),
        Index(
            "ix_allegations_source",
            "source",
            "source_key",
            unique=True,
            postgresql_where=text("source IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    position: Mapped[int] = mapped_column(Integer)
    officer_id: Mapped[UUID | None] = mapped_column(reference("officers.id"))
    person_id: Mapped[UUID | None] = mapped_column(reference("persons.id"))
    category: Mapped[str] = mapped_column(Text)
    subcategory: Mapped[str] = mapped_column(Text, default="")
    wording: Mapped[str] = mapped_column(Text, default="")
    stated_on: Mapped[date] = mapped_column(Date)
    withdrawn_at: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(Text)
    source_key: Mapped[str | None] = mapped_column(Text)
    source_values: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Finding(KeptItem, Record):
    """What one authority found on one allegation. The lives stand side by side; a later word of the same
    authority supersedes its earlier one and both are kept."""

    __tablename__ = "findings"
    committed = (
        "allegation_id",
        "life",
        "disposition",
        "finding_class",
        "standard",
        "reasons",
        "found_on",
        "superseded_at",
    )
    __table_args__ = (
        Index("ix_findings_case", "case_id"),
        Index(
            "ix_findings_standing",
            "allegation_id",
            "life",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        CheckConstraint("first_by_id <> found_by_id", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    allegation_id: Mapped[UUID] = mapped_column(reference("allegations.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    life: Mapped[str] = mapped_column(Text)
    disposition: Mapped[str] = mapped_column(Text)
    finding_class: Mapped[str] = mapped_column(Text)
    standard: Mapped[str] = mapped_column(Text, default="")
    reasons: Mapped[str] = mapped_column(Text, default="")
    found_on: Mapped[date | None] = mapped_column(Date)
    found_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    # Of a review: who found what it looked at.
    first_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    motion_id: Mapped[UUID | None] = mapped_column(reference("motions.id"))
    source_value: Mapped[str | None] = mapped_column(Text)
    superseded_at: Mapped[datetime | None]
