"""The schema that the public side reads: releases, their tables, and bulletins; nothing else."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, LargeBinary, Text
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
