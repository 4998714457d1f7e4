"""A database with the journal's tables and nothing else, for what needs real commits."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import create_engine

from app.audit.records import (
    Checkpoint,
    CheckpointMail,
    JournalEntry,
    JournalFloor,
    JournalLeaf,
    JournalTile,
    PublishedCheckpoint,
)
from app.infra.db import Table

Conn = psycopg.Connection[Any]
Connect = Callable[[], Conn]
RECORDS = (JournalEntry, JournalLeaf, JournalTile, Checkpoint, JournalFloor, PublishedCheckpoint, CheckpointMail)


@pytest.fixture
def connect(owner_url: str) -> Iterator[Connect]:
    """Connections to a database of this test's own, with the journal's tables and nothing else."""
    name, opened = f"journal_{uuid4().hex[:8]}", []
    server = owner_url.replace("+psycopg", "")
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
    url = psycopg.conninfo.make_conninfo(server, dbname=name)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    Table.metadata.create_all(engine, [record.__table__ for record in RECORDS])  # type: ignore[misc]
    engine.dispose()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("ALTER TABLE journal_entries ALTER compartments SET DEFAULT '{}'")

    def one() -> Conn:
        opened.append(psycopg.connect(url, autocommit=True))
        return opened[-1]

    yield one
    for each in opened:
        each.close()
