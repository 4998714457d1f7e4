"""Seats, meetings, dockets, packets, recusals, motions and votes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.access.compartments import KeptItem
from app.infra.db import Record, reference
from app.infra.files import FileColumns


class Seat(Record):
    """One seat of a body and who holds it; an empty seat counts where the rulebook counts seats."""

    __tablename__ = "seats"
    __table_args__ = (Index("ix_seats_account", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)


class Meeting(Record):
    """A meeting of a body."""

    __tablename__ = "meetings"
    __table_args__ = (Index("ix_meetings_held_on", "held_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="scheduled")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Attendance(Record):
    """A member who answered the roll, and when they left, if they left."""

    __tablename__ = "attendances"

    meeting_id: Mapped[UUID] = mapped_column(reference("meetings.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class DocketItem(Record):
    """A case on the docket of a meeting, and where the commission sent it when it had voted."""

    __tablename__ = "docket_items"
    __table_args__ = (UniqueConstraint("meeting_id", "case_id"), Index("ix_docket_items_case", "case_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(reference("meetings.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    position: Mapped[int] = mapped_column(Integer)
    taken_off_at: Mapped[datetime | None]
    sent_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    sent_to: Mapped[str | None] = mapped_column(Text)
    sent_reason: Mapped[str] = mapped_column(Text, default="")


class Packet(KeptItem, FileColumns, Record):
    """The frozen snapshot of what was reviewed, as one PDF."""

    __tablename__ = "packets"
    __table_args__ = (Index("ix_packets_item", "docket_item_id"), Index("ix_packets_case", "case_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    docket_item_id: Mapped[UUID] = mapped_column(reference("docket_items.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))


class Recusal(Record):
    """A member's step back from a case, and its ground; the wall that goes with it stands in `walls`."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("case_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    ground: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime]


class Motion(Record):
    """A question put to the body. What it is about is an id and a word that an earlier or later stage understands."""

    __tablename__ = "motions"
    committed = ("kind", "subject_id", "proposal", "wording", "moved_by_id", "decided_at", "outcome")
    __table_args__ = (
        Index("ix_motions_case", "case_id"),
        Index("ix_motions_item", "docket_item_id"),
        Index(
            "ix_motions_open_subject",
            "docket_item_id",
            "subject_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    docket_item_id: Mapped[UUID] = mapped_column(reference("docket_items.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID | None]
    proposal: Mapped[str] = mapped_column(Text, default="")
    wording: Mapped[str] = mapped_column(Text)
    moved_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    moved_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    arithmetic: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Vote(Record):
    """One member's vote on one motion; once."""

    __tablename__ = "votes"
    committed = ("choice", "cast_at")

    motion_id: Mapped[UUID] = mapped_column(reference("motions.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    choice: Mapped[str] = mapped_column(Text)
    cast_at: Mapped[datetime]


class ClosedSession(Record):
    """A case to be heard without the public: on which ground, by which vote, and from when to when it was."""

    __tablename__ = "closed_sessions"
    __table_args__ = (
        Index("ix_closed_sessions_case", "case_id"),
        Index(
            "ix_closed_sessions_standing",
            "docket_item_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND dropped_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    docket_item_id: Mapped[UUID] = mapped_column(reference("docket_items.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    ground: Mapped[str] = mapped_column(Text)
    policy_id: Mapped[str] = mapped_column(Text)
    planned_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    planned_at: Mapped[datetime]
    motion_id: Mapped[UUID | None] = mapped_column(reference("motions.id"))
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class SessionWord(Record):
    """What an officer spoken of was told of a closed session, or said about it: when, and how that is known."""

    __tablename__ = "session_words"
    __table_args__ = (
        Index("ix_session_words_case", "case_id"),
        Index(
            "ix_session_words_standing",
            "session_id",
            "officer_id",
            "kind",
            unique=True,
            postgresql_where=text("struck_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(reference("closed_sessions.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    officer_id: Mapped[UUID] = mapped_column(reference("officers.id"))
    kind: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    proof: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    recorded_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
