"""The installation itself, and each rulebook that a case was ever opened under, byte for byte."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, LargeBinary, Text
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


class StoredRulebook(Record):
    """A rulebook's folder as it stood when it was first used."""

    __tablename__ = "rulebooks"

    policy_id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date] = mapped_column(Date)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    archive: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime]
