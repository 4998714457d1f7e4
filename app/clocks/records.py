"""Running clocks and their pauses."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference


class Clock(Record):
    """One deadline of one case, or of one officer in it; the rule stands in the case's rulebook under `rule`."""

    __tablename__ = "clocks"
    __table_args__ = (
        Index("ix_clocks_case", "case_id"),
        Index("ix_clocks_running", "due_on", "case_id", postgresql_where=text("stopped_on IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    officer_id: Mapped[UUID | None] = mapped_column(reference("officers.id"))
    rule: Mapped[str] = mapped_column(Text)
    policy_id: Mapped[str] = mapped_column(Text)
    started_by: Mapped[str] = mapped_column(Text)
    started_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    stopped_on: Mapped[date | None] = mapped_column(Date)
    stopped_by: Mapped[str] = mapped_column(Text, default="")
    whose_date: Mapped[str] = mapped_column(Text, default="office")


class Pause(Record):
    """A tolling interval: why the clock stands still, since when, and who granted it."""

    __tablename__ = "pauses"
    __table_args__ = (Index("ix_pauses_clock", "clock_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    granted_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
