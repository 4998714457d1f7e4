"""What one person begins and another one stands for: steps of two, and translations of a machine."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference


class SecondHalf(Record):
    """The second half of a step of two: who did the first, who may do it, and who did; never the same person."""

    __tablename__ = "second_halves"
    __table_args__ = (
        Index("ix_second_halves_open", "step", "subject_id", postgresql_where=text("state = 'asked'")),
        Index("ix_second_halves_case", "case_id"),
        CheckConstraint("first_by_id <> second_by_id", name="two_people"),
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'used')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID | None]
    filing_id: Mapped[UUID | None]
    # What it is about: a pause, an extension, an allegation, a person, a release; of a closure, the case.
    subject_id: Mapped[UUID]
    by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    what: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    first_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    first_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, default="asked")
    second_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    second_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")


class TranslationApproval(Record):
    """Somebody has read a machine's translation of one text and stands for it."""

    __tablename__ = "translation_approvals"
    __table_args__ = (
        # One approval of a text stands at a time.
        Index("ix_translation_approvals_text", "text_hash", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Text)
    # Over the language, the English and the translation: a change of any of them is another text.
    text_hash: Mapped[str] = mapped_column(Text)
    approved_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    approved_at: Mapped[datetime]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
