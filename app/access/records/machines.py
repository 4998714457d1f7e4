"""Machines that have a token: why, who answers for them, and when they were last here."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, Table, reference


class Machine(Record):
    """Another system that may do a little by itself: why, who answers for it, and until when."""

    __tablename__ = "machines"
    __table_args__ = (
        Index("ix_machines_owner", "owner_id", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("ended_why IN ('revoked', 'expired', 'owner')", name="ended_why"),
        CheckConstraint("expires_at <= made_at + interval '367 days'", name="a_year"),
        CheckConstraint("agreed_by_id <> made_by_id", name="two_people"),
    )

    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    made_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    purpose: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # The first letters of its token, by which a token that was found somewhere is known again.
    hint: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(Text)
    # Whoever agreed to a token that opens what somebody said or did; until then it opens nothing.
    agreed_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    agreed_at: Mapped[datetime | None]


class MachineUse(Table):
    """On which day a machine was last here, and for which part of the API; no record of anybody's doing."""

    __tablename__ = "machine_uses"

    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    used_on: Mapped[date] = mapped_column(Date)
    used_for: Mapped[str] = mapped_column(Text)
