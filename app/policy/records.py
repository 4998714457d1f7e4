"""The installation itself, and each rulebook that a case was ever opened under, byte for byte."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record


class Installation(Record):
    """The one row that says whose house this is."""

    __tablename__ = "installation"

    agency: Mapped[str] = mapped_column(Text, primary_key=True)
    is_demonstration: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[datetime]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class HeldJob(Record):
    """A job that the law of one day did not let be done; it is taken up when the power is back."""

    __tablename__ = "held_jobs"
    __table_args__ = (
        Index("ix_held_jobs_waiting", "job", "args", unique=True, postgresql_where=text("taken_up_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(Text)
    args: Mapped[dict[str, Any]] = mapped_column(JSONB)
    act: Mapped[str] = mapped_column(Text)
    held_at: Mapped[datetime]
    taken_up_at: Mapped[datetime | None]


class StoredRulebook(Record):
    """A rulebook's folder as it stood when it was first used."""

    __tablename__ = "rulebooks"

    policy_id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date] = mapped_column(Date)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    archive: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime]
