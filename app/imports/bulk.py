"""Writes many rows of one table at once, as arrays: COPY is refused where row security stands."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from app.access.work import Work
from app.infra.db import Record
from app.infra.db import Table as Kind

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
AT_ONCE = 5000


def insert_rows(work: Work, kind: type[Kind], rows: Sequence[Mapping[str, Any]], entry_id: UUID) -> None:
    """All rows in the transaction of this Work, naming their entry; every row gives the same columns."""
    for start in range(0, len(rows), AT_ONCE):
        _insert(connection_of(work), kind, rows[start : start + AT_ONCE], entry_id)


def connection_of(work: Work) -> psycopg.Connection[Any]:
    """The bare connection under this Work's transaction."""
    return cast("psycopg.Connection[Any]", work.session.connection().connection.driver_connection)


def _insert(
    connection: psycopg.Connection[Any], kind: type[Kind], rows: Sequence[Mapping[str, Any]], entry_id: UUID
) -> None:
    table = cast("Table", kind.__table__)
    given = [table.columns[name] for name in rows[0]]
    fixed = _fixed(kind, table, rows[0], entry_id)
    columns = ", ".join(f'"{column.name}"' for column in [*given, *fixed])
    arrays = ", ".join(f"%s::{_type(column)}[]" for column in given)
    constants = "".join(f", %s::{_type(column)}" for column in fixed)
    values = [[_plain(column, row[column.name]) for row in rows] for column in given]
    connection.execute(
        f'INSERT INTO "{table.name}" ({columns}) SELECT u.*{constants} FROM unnest({arrays}) u'.encode(),  # noqa: S608 -- names of our own tables
        [*(_plain(column, value) for column, value in fixed.items()), *values],
    )


def _fixed(kind: type[Kind], table: Table, row: Mapping[str, Any], entry_id: UUID) -> dict[Column[Any], Any]:
    """Columns that every row has alike: what the model fills in, and the journal entry."""
    alike: dict[Column[Any], Any] = {}
    for column in table.columns:
        default: Any = column.default
        if column.name not in row and default is not None and default.is_scalar:
            alike[column] = default.arg
    if issubclass(kind, Record):
        alike[table.columns["last_entry_id"]] = entry_id
    return alike


def _type(column: Column[Any]) -> str:
    return column.type.compile(DIALECT)


def _plain(column: Column[Any], value: Any) -> Any:
    return Jsonb(value) if isinstance(column.type, JSONB) and value is not None else value
