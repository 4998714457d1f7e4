"""Every migration on a database that is full: no row is lost, none is changed, and no table is written anew."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import create_engine, func, select

from app.infra.db import Databases
from app.infra.postgres import ensure_running
from app.infra.schema import bare, bring_up, migrate
from app.records import metadata
from tests.conftest import KEYS

FIRST = "0001"
ROWS = 3
MOMENT = datetime(2025, 2, 3, 4, 5, tzinfo=UTC)
TABLES = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'release'::regnamespace)
AND relname NOT LIKE 'procrastinate%' AND relname <> 'alembic_version' ORDER BY 1
"""
COLUMNS = """
SELECT attname, atttypid::regtype::text FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attidentity = ''
"""
CHECKS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
FILE_OF = "SELECT pg_relation_filenode(%s::regclass)"


def test_the_newest_schema_keeps_every_row_of_the_first(tmp_path: Path) -> None:
    with ensure_running(tmp_path, settings={"fsync": "off"}) as server:
        migrate(server.url, FIRST)
        with psycopg.connect(bare(server.url), autocommit=True) as owner:
            tables = [name for (name,) in owner.execute(TABLES)]
            # Every reference of a row is to the row of its own number, and is checked when all of them stand.
            with owner.transaction():
                for table in tables:
                    _fill(owner, table)
            before = {table: _rows(owner, table) for table in tables}
            files = {table: owner.execute(FILE_OF, [table]).fetchone() for table in tables}

            bring_up(server.url, Databases(server.url, KEYS.password))

            assert all(len(rows) == ROWS for rows in before.values())
            for table, rows in before.items():
                after = _rows(owner, table)
                assert [row | old for row, old in zip(after, rows, strict=True)] == after
            rewritten = [table for table in tables if owner.execute(FILE_OF, [table]).fetchone() != files[table]]
            assert rewritten == []
        _read_by_the_models(server.url, tables)


def _fill(owner: psycopg.Connection, table: str) -> None:
    """Rows of the barest kind: what must be said, as the table's own checks allow it."""
    allowed = " ".join(text for (text,) in owner.execute(CHECKS, [table]))
    columns = list(owner.execute(COLUMNS, [table]))
    query = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.SQL(table),
        sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
        sql.SQL(", ").join(sql.Placeholder() * len(columns)),
    )
    for number in range(ROWS):
        owner.execute(query, [_value(name, kind, number, allowed) for name, kind in columns])


def _value(name: str, kind: str, number: int, allowed: str) -> Any:
    listed = re.search(rf"\({name} = ANY \(ARRAY\['([^']*)'", allowed)
    values: dict[str, Any] = {
        "uuid": f"00000000-0000-4000-8000-{number:012d}",
        "text": listed[1] if listed else f"text {number}",
        "boolean": False,
        "date": date(2025, 1, 1 + number),
        "timestamp with time zone": MOMENT.replace(minute=number),
        "bytea": bytes([number] * 32),
        "jsonb": Jsonb({"n": number}),
        "text[]": [f"{number}"],
        "xid8": str(number + 1),
    }
    return values.get(kind, number + 1)


def _rows(owner: psycopg.Connection, table: str) -> list[dict[str, Any]]:
    query = sql.SQL("SELECT to_jsonb(t) FROM {} t ORDER BY to_jsonb(t)->>'id', ctid").format(sql.SQL(table))
    return [row for (row,) in owner.execute(query)]


def _read_by_the_models(url: str, tables: list[str]) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        for sheet in metadata.sorted_tables:
            name = sheet.name if sheet.schema in (None, "public") else f"{sheet.schema}.{sheet.name}"
            if name in tables:
                assert len(connection.execute(select(sheet)).all()) == ROWS
                assert connection.scalar(select(func.count()).select_from(sheet)) == ROWS
    engine.dispose()
