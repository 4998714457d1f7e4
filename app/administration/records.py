"""Sources that were read again, and who has taken notice of a change."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference


class SourceReading(Record):
    """Somebody read a source of the rulebook again: what came of it, and when the next one is due."""

    __tablename__ = "source_readings"
    __table_args__ = (
        # Readings of one source count up: of two at the same moment only one is the next.
        Index("ix_source_readings_source", "source", "number", unique=True),
        Index("ix_source_readings_changed", "read_on", "id", postgresql_where=text("outcome = 'changed'")),
        CheckConstraint("outcome IN ('unchanged', 'changed')", name="outcome"),
        CheckConstraint("next_on > read_on", name="next_is_later"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer)
    # The version of the rulebook that was in force.
    policy_id: Mapped[str] = mapped_column(Text)
    read_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date] = mapped_column(Date)
    read_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    read_at: Mapped[datetime]


class ChangeSeen(Record):
    """Somebody who leads cases that a changed source touches has taken notice of the change."""

    __tablename__ = "source_changes_seen"

    reading_id: Mapped[UUID] = mapped_column(reference("source_readings.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    seen_at: Mapped[datetime]
