"""Who is away, and who stands in for them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference


class Absence(Record):
    """From which day to which day somebody is away, and who stands in for them with which of their roles."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_deputy", "deputy_id", "ends_at"),
        Index("ix_absences_account", "account_id", "ends_at"),
        CheckConstraint("account_id <> deputy_id", name="two_people"),
        CheckConstraint("first_day <= last_day AND starts_at < ends_at", name="days"),
        CheckConstraint("said_by_id <> deputy_id", name="nobody_names_themselves"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    deputy_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    # What is lent, and the deputy's own roles by which they may have it: either taken away ends it.
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    by_roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    # The same two days as moments of the agency's own time.
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    said_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    said_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
