"""Running clocks, their pauses and extensions, the warnings before they lapse, and how they are counted again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference

STATES = "state IN ('asked', 'granted', 'refused')"


class Clock(Record):
    """One deadline of one case, or of one officer in it; the rule stands in the case's rulebook under `rule`."""

    __tablename__ = "clocks"
    __table_args__ = (
        Index("ix_clocks_case", "case_id"),
        # The lapse list, read by days left.
        Index("ix_clocks_running", "due_on", "id", postgresql_where=text("stopped_on IS NULL")),
        # Every running clock once, case by case, when they are all counted again.
        Index("ix_clocks_counted", "case_id", "id", postgresql_where=text("stopped_on IS NULL")),
        Index("ix_clocks_rounds", "first_round_id", postgresql_where=text("first_round_id IS NOT NULL")),
        Index("ix_clocks_waiting", "case_id", postgresql_where=text("waits_for_choice AND stopped_on IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    officer_id: Mapped[UUID | None] = mapped_column(reference("officers.id"))
    rule: Mapped[str] = mapped_column(Text)
    policy_id: Mapped[str] = mapped_column(Text)
    started_by: Mapped[str] = mapped_column(Text)
    started_on: Mapped[date] = mapped_column(Date)
    # None of a duty without a number of days: it counts up, and is late for nobody.
    due_on: Mapped[date | None] = mapped_column(Date)
    stopped_on: Mapped[date | None] = mapped_column(Date)
    stopped_by: Mapped[str] = mapped_column(Text, default="")
    # The case ended first, and what the clock waited for was never done.
    ended_early: Mapped[bool] = mapped_column(default=False, server_default=false())
    # It never began: what had started it was withdrawn. It stays as history and is counted nowhere.
    is_void: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whose day it counts from: the office's own, or that of a party which holds another one.
    whose_date: Mapped[str] = mapped_column(Text, default="office")
    waits_for_choice: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The least time between two events: too early is what is warned of, and nothing is late.
    is_least: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Of a duty that comes back: which time this is, and how many of them are counted from `started_on`.
    round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    laps: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    first_round_id: Mapped[UUID | None] = mapped_column(reference("clocks.id"))

    @property
    def last_day(self) -> date:
        """The same as `due_on`, asked of a clock that has a number of days."""
        if self.due_on is None:
            raise LookupError(f"The law gives no number of days for {self.rule}.")
        return self.due_on


class ClockStart(Record):
    """A day from which a clock may count: of an event that came, or as a party holds it, with what proves it."""

    __tablename__ = "clock_starts"
    __table_args__ = (Index("ix_clock_starts_clock", "clock_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    event: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    # Empty: as the office itself has it.
    party: Mapped[str] = mapped_column(Text, default="")
    proof: Mapped[str] = mapped_column(Text, default="")
    noted_on: Mapped[date] = mapped_column(Date)
    noted_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    # The event never happened.
    withdrawn_at: Mapped[datetime | None]


class StartChoice(Record):
    """Somebody chose the day from which a clock counts, or the party whose day holds, and said why."""

    __tablename__ = "start_choices"
    __table_args__ = (Index("ix_start_choices_clock", "clock_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    start_id: Mapped[UUID] = mapped_column(reference("clock_starts.id"))
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date | None] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))


class Pause(Record):
    """A tolling interval: why the clock stands still, since when, what shows it, who asked and who granted it."""

    __tablename__ = "pauses"
    __table_args__ = (
        Index("ix_pauses_clock", "clock_id"),
        Index("ix_pauses_asked", "clock_id", postgresql_where=text("state = 'asked'")),
        CheckConstraint(STATES, name="state"),
        CheckConstraint("asked_by_id <> granted_by_id", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text, default="granted")
    evidence_id: Mapped[UUID | None] = mapped_column(reference("evidence_items.id"))
    asked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    # Whoever decided, also where it was refused.
    granted_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    decision: Mapped[str] = mapped_column(Text, default="")


class Extension(Record):
    """More time on a clock: asked for, and granted or refused by somebody else."""

    __tablename__ = "extensions"
    __table_args__ = (
        Index("ix_extensions_clock", "clock_id"),
        Index("ix_extensions_asked", "clock_id", postgresql_where=text("state = 'asked'")),
        Index("ix_extensions_case", "case_id"),
        CheckConstraint(STATES, name="state"),
        CheckConstraint("asked_by_id <> decided_by_id", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    kind: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date] = mapped_column(Date)
    asked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    decided_on: Mapped[date | None] = mapped_column(Date)
    decided_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    decision: Mapped[str] = mapped_column(Text, default="")


class Agreement(Record):
    """One party agreed to more time: on which day, and what shows it."""

    __tablename__ = "agreements"
    __table_args__ = (Index("ix_agreements_party", "extension_id", "party", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    extension_id: Mapped[UUID] = mapped_column(reference("extensions.id"))
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    party: Mapped[str] = mapped_column(Text)
    agreed_on: Mapped[date] = mapped_column(Date)
    proof: Mapped[str] = mapped_column(Text)
    noted_on: Mapped[date] = mapped_column(Date)
    noted_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))


class ClockWarning(Record):
    """Somebody must take notice of a clock, so many days before its end; at step 0 it has lapsed."""

    __tablename__ = "clock_warnings"
    __table_args__ = (
        # One stands at a time; what ended stays as history.
        Index("ix_clock_warnings_standing", "clock_id", unique=True, postgresql_where=text("ended_on IS NULL")),
        Index(
            "ix_clock_warnings_open",
            "level",
            "clock_id",
            postgresql_where=text("ended_on IS NULL AND acknowledged_at IS NULL"),
        ),
        Index("ix_clock_warnings_clock", "clock_id", "raised_on"),
        Index("ix_clock_warnings_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    step: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    raised_on: Mapped[date] = mapped_column(Date)
    level: Mapped[str] = mapped_column(Text)
    ended_on: Mapped[date | None] = mapped_column(Date)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    # What will be done; of a lapsed clock, why it lapsed.
    plan: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    # Who led the case when the clock lapsed, until somebody says otherwise.
    held_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))


class Recount(Record):
    """All running clocks counted again: every night, or because a rulebook was corrected; how far it has come."""

    __tablename__ = "recounts"
    __table_args__ = (
        Index("ix_recounts_night", "day", unique=True, postgresql_where=text("kind = 'night'")),
        Index("ix_recounts_asked", "asked_at"),
        CheckConstraint("kind IN ('night', 'rulebook', 'asked')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    asked_at: Mapped[datetime]
    total: Mapped[int] = mapped_column(Integer)
    counted: Mapped[int] = mapped_column(Integer, default=0)
    moved: Mapped[int] = mapped_column(Integer, default=0)
    warned: Mapped[int] = mapped_column(Integer, default=0)
    # Where the next batch begins: the last clock of the one before.
    after_case: Mapped[UUID | None]
    after_clock: Mapped[UUID | None]
    went_on_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ClockChange(Record):
    """The date of an open clock moved because it was counted again; shown to whoever holds the file until seen."""

    __tablename__ = "clock_changes"
    __table_args__ = (
        Index("ix_clock_changes_clock", "clock_id"),
        Index("ix_clock_changes_recount", "recount_id", "id"),
        Index("ix_clock_changes_unseen", "case_id", postgresql_where=text("seen_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(reference("clocks.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    recount_id: Mapped[UUID] = mapped_column(reference("recounts.id"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    policy_id: Mapped[str] = mapped_column(Text)
    changed_on: Mapped[date] = mapped_column(Date)
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
