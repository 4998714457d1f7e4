"""Letters as they were written, and messages between the filer and the office."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
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
