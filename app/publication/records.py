"""The schema that the public side reads (releases, their tables, bulletins), and the office's list of builds."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Table, reference

SCHEMA = {"schema": "release"}


class PublishedRelease(Table):
    """One anonymised, signed release as it was published."""

    __tablename__ = "releases"
    __table_args__ = SCHEMA

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    through_on: Mapped[date] = mapped_column(Date)
    published_at: Mapped[datetime]
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(Text)


class PublishedTable(Table):
    """One table of a release, as the exact bytes of its CSV file."""

    __tablename__ = "release_tables"
    __table_args__ = SCHEMA

    release_id: Mapped[str] = mapped_column(reference("release.releases.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    csv: Mapped[bytes] = mapped_column(LargeBinary)
    row_count: Mapped[int] = mapped_column(Integer)


class PublishedFile(Table):
    """Any other file of a release, as its exact bytes: definitions, charts, reports."""

    __tablename__ = "release_files"
    __table_args__ = SCHEMA

    release_id: Mapped[str] = mapped_column(reference("release.releases.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    media_type: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Bulletin(Table):
    """What cannot wait for a release: one approved, signed, numbered document."""

    __tablename__ = "bulletins"
    __table_args__ = SCHEMA

    number: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


class ReleaseBuild(Table):
    """A release that somebody asked for: how far it is, what the attacker found, and where its files are."""

    __tablename__ = "release_builds"
    __table_args__ = (
        Index("ix_release_builds_asked", "asked_at"),
        CheckConstraint("asked_by_id <> publish_asked_by_id", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    through_on: Mapped[date] = mapped_column(Date)
    asked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text)
    step: Mapped[int] = mapped_column(Integer, default=0)
    steps: Mapped[int] = mapped_column(Integer, default=0)
    release_id: Mapped[str] = mapped_column(Text, default="")
    verified: Mapped[bool] = mapped_column(Boolean, default=False)
    findings: Mapped[dict[str, Any] | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    object_name: Mapped[str] = mapped_column(Text, default="")
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(Integer, default=0)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    publish_asked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
