"""Letters as they were written, messages between the filer and the office, what a filer asks, and how they are told."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference


class Message(Record):
    """A few words between the filer and the office, by way of the passphrase."""

    __tablename__ = "messages"
    committed = ("is_from_filer", "body", "sent_by_id", "sent_at")
    __table_args__ = (Index("ix_messages_filing", "filing_id", "sent_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    is_from_filer: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)
    sender_title: Mapped[str] = mapped_column(Text, default="")
    sent_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Letter(Record):
    """A letter as it was written: its words are frozen when it is sent."""

    __tablename__ = "letters"
    committed = ("kind", "language", "addressee", "subject", "body", "written_at")
    __table_args__ = (
        Index("ix_letters_case", "case_id", "written_at"),
        Index("ix_letters_filing", "filing_id", "written_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    filing_id: Mapped[UUID | None] = mapped_column(reference("filings.id"))
    kind: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    addressee: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))


class FilerRequest(Record):
    """What a filer asks of the office by way of the secret: to end the complaint, or to look at the decision again."""

    __tablename__ = "filer_requests"
    committed = ("filing_id", "kind", "appeal", "ground", "body", "asked_at", "last_on", "is_late")
    __table_args__ = (
        CheckConstraint("kind IN ('taking_back', 'review')", name="kind"),
        # A button pressed twice asks once.
        Index(
            "ix_filer_requests_open",
            "filing_id",
            "kind",
            "appeal",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_filer_requests_waiting", "asked_at", "id", postgresql_where=text("answered_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    kind: Mapped[str] = mapped_column(Text)
    appeal: Mapped[str] = mapped_column(Text, default="")
    ground: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    # The last day by the rulebook, where the filer's door could count it, and whether it had passed.
    last_on: Mapped[date | None] = mapped_column(Date)
    is_late: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))

    @property
    def is_open(self) -> bool:
        """True while nobody has answered it."""
        return self.answered_at is None


class ContactWish(Record):
    """How a filer wants to be told that something waits, and what nobody may do; the latest counts."""

    __tablename__ = "contact_wishes"
    __table_args__ = (Index("ix_contact_wishes_filing", "filing_id", "chosen_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    way: Mapped[str] = mapped_column(Text)
    rules: Mapped[list[str]] = mapped_column(ARRAY(Text))
    times: Mapped[str] = mapped_column(Text)
    safe: Mapped[str] = mapped_column(Text)
    chosen_at: Mapped[datetime]


class Call(Record):
    """A filer who wants a call is waiting for one; each try is noted until somebody reached them or it is given up."""

    __tablename__ = "calls"
    __table_args__ = (
        # However much is new, one call tells of it.
        Index("ix_calls_open", "filing_id", unique=True, postgresql_where=text("done_at IS NULL")),
        Index("ix_calls_waiting", "asked_at", "id", postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer, default=0)
    tried_at: Mapped[datetime | None]
    tried_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    result: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
