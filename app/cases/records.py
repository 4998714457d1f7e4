"""The office's record: cases, who has them, notes, tasks, attempts to reach people, and milestones."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Date, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.access.compartments import KeptItem, KeptWhole
from app.infra.db import Record, reference

NO_DATE = date(9999, 12, 31)
WITHDRAWN_WHY = "withdrawn_by_id IS NULL OR withdrawal <> ''"


class Case(KeptWhole, Record):
    """One case, pinned to the rulebook it was opened under."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_queue", "queue_on", "id"),
        Index("ix_cases_opened", "opened_on", "id"),
        Index("ix_cases_stage", "stage", "queue_on", "id"),
        Index("ix_cases_lead", "lead_id", "queue_on", "id"),
        Index(
            "ix_cases_unassigned",
            "queue_on",
            "id",
            postgresql_where=text("lead_id IS NULL AND closed_on IS NULL"),
        ),
        # What is open, a page at a time: closed ones stand last in the queue, and there are ever more of them.
        Index("ix_cases_open", "queue_on", "id", postgresql_where=text("closed_on IS NULL")),
        Index("ix_cases_search", "search", postgresql_using="gin"),
        # What is kept whole, and what may share an incident: asked for by the walls at every request.
        Index("ix_cases_kept", "id", postgresql_where=text("compartments <> '{}'")),
        Index("ix_cases_incident", "incident_date", postgresql_where=text("place <> ''")),
        Index(
            "ix_cases_source",
            "source",
            "source_key",
            unique=True,
            postgresql_where=text("source IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    policy_id: Mapped[str] = mapped_column(Text)
    department_id: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(Text)
    classification: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(Text, default="")
    priority: Mapped[str] = mapped_column(Text, default="normal")
    priority_reason: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Text, default="en")
    anonymity: Mapped[str] = mapped_column(Text, default="")
    received_on: Mapped[date] = mapped_column(Date)
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    closure: Mapped[str] = mapped_column(Text, default="")
    closure_reason: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    incident_date: Mapped[date | None] = mapped_column(Date)
    incident_precision: Mapped[str] = mapped_column(Text, default="unknown")
    incident_time: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    district: Mapped[str] = mapped_column(Text, default="")
    narrative: Mapped[str] = mapped_column(Text, default="")
    lead_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    queue_on: Mapped[date] = mapped_column(Date, default=NO_DATE)
    search_words: Mapped[str] = mapped_column(Text, default="")
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "to_tsvector('simple', number || ' ' || search_words || ' ' || place || ' ' || narrative)",
            persisted=True,
        ),
        deferred=True,
    )
    origin: Mapped[str] = mapped_column(Text, default="filing")
    source: Mapped[str | None] = mapped_column(Text)
    source_key: Mapped[str | None] = mapped_column(Text)
    source_values: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Assignment(Record):
    """Who led the case, from when until when."""

    __tablename__ = "assignments"
    __table_args__ = (Index("ix_assignments_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class Note(KeptItem, Record):
    """A note whose reader is settled when it is written: the filer, the team, or only its author."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_case", "case_id", "written_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    reader: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    written_at: Mapped[datetime]


class Task(KeptItem, Record):
    """Something an investigator has to do by a day."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_case", "case_id"),
        Index("ix_tasks_open", "assignee_id", "due_on", postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    title: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    assignee_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class ContactAttempt(KeptItem, Record):
    """One attempt to reach somebody: closing early needs these."""

    __tablename__ = "contact_attempts"
    __table_args__ = (Index("ix_contact_attempts_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    made_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))


class MilestoneRecord(KeptItem, Record):
    """Something that happened outside, put on file by hand; a correction takes its place, and it stays as history."""

    __tablename__ = "milestones"
    __table_args__ = (
        Index("ix_milestones_case", "case_id", "happened_on"),
        # The same happening stands once for a case, or for one officer in it, on one day.
        Index(
            "ix_milestones_standing",
            "case_id",
            "code",
            "officer_id",
            "happened_on",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        CheckConstraint("corrects_id IS NULL OR reason <> ''", name="corrected_with_a_reason"),
        CheckConstraint(WITHDRAWN_WHY, name="withdrawn_with_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    officer_id: Mapped[UUID | None] = mapped_column(reference("officers.id"))
    code: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date] = mapped_column(Date)
    proof: Mapped[str] = mapped_column(Text)
    evidence_id: Mapped[UUID | None] = mapped_column(reference("evidence_items.id"))
    # The one with which a complaint becomes formal: its filer may read the day.
    makes_formal: Mapped[bool] = mapped_column(default=False)
    recorded_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    recorded_at: Mapped[datetime]
    corrects_id: Mapped[UUID | None] = mapped_column(reference("milestones.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    # Since when it counts no more: another took its place, or it never happened, and whoever says so says why.
    superseded_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    withdrawal: Mapped[str] = mapped_column(Text, default="", server_default="")


class CaseLink(KeptItem, Record):
    """Two cases that belong together, such as the same incident, or retaliation for the other; by whom and why."""

    __tablename__ = "case_links"
    __table_args__ = (
        Index("ix_case_links_other", "other_id"),
        CheckConstraint(WITHDRAWN_WHY, name="withdrawn_with_a_reason"),
    )

    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(reference("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    # One that was withdrawn may be made again.
    turn: Mapped[int] = mapped_column(Integer, primary_key=True, default=1, server_default="1")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    linked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    linked_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    withdrawal: Mapped[str] = mapped_column(Text, default="", server_default="")


class OtherNumber(Record):
    """The number by which another body knows the case."""

    __tablename__ = "other_numbers"

    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[str] = mapped_column(Text, primary_key=True)
