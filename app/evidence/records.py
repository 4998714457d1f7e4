"""Demands on the department, and the items of evidence with who held them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.compartments import KeptItem
from app.infra.db import Record, reference
from app.infra.files import FileColumns


class Demand(Record):
    """What the department was asked for, by when, and what came."""

    __tablename__ = "demands"
    committed = (
        "department_id",
        "number",
        "kind",
        "wording",
        "sent_on",
        "due_on",
        "answer",
        "answer_wording",
        "answered_on",
    )
    __table_args__ = (
        Index("ix_demands_case", "case_id"),
        Index("ix_demands_open", "department_id", "due_on", postgresql_where=text("answered_on IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    department_id: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    wording: Mapped[str] = mapped_column(Text)
    sent_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    sent_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    answer_wording: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None] = mapped_column(Date)
    answered_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    contradicted_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class EvidenceItem(KeptItem, FileColumns, Record):
    """One file of a case; the original is sealed and never altered."""

    __tablename__ = "evidence_items"
    committed = ("demand_id", "label", "received_from", "file_name", "size", "sha256", "stored_at")
    __table_args__ = (Index("ix_evidence_items_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    demand_id: Mapped[UUID | None] = mapped_column(reference("demands.id"))
    label: Mapped[str] = mapped_column(Text)
    received_from: Mapped[str] = mapped_column(Text)
    added_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))


class FileScan(Record):
    """What the malware scanner said of one stored file, whichever row names it; without one, nothing is known of it."""

    __tablename__ = "file_scans"
    __table_args__ = (CheckConstraint("verdict IN ('clean', 'infected', 'unscanned')", name="verdict"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    stored_name: Mapped[str] = mapped_column(Text, unique=True)
    verdict: Mapped[str] = mapped_column(Text)
    found: Mapped[str] = mapped_column(Text)
    scanned_at: Mapped[datetime]


class HiddenFactsKept(Record):
    """What one stored file says of place, time and device, read once; sealed for those who can open the file."""

    __tablename__ = "hidden_facts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    stored_name: Mapped[str] = mapped_column(Text, unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    read_at: Mapped[datetime]


class CustodyEvent(KeptItem, Record):
    """One moment in an item's custody."""

    __tablename__ = "custody_events"
    __table_args__ = (Index("ix_custody_events_item", "item_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(reference("evidence_items.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    kind: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    at: Mapped[datetime]
