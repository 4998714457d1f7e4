"""New rows sent in one round trip, past the unit of work: for what is written often and not read back by its writer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Column, Connection
from sqlalchemy import Table as Sheet
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, class_mapper

from app.infra.db import Table


@dataclass(frozen=True)
class Statement:
    """One statement with its values, as the driver takes it."""

    text: str
    values: Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Insert:
    """How rows of one table are inserted; what the database alone numbers or stamps is left to it, if not given."""

    text: str
    columns: tuple[tuple[str, Column[Any]], ...]

    @classmethod
    @cache
    def into(cls, kind: type[Table], stamped: frozenset[str] = frozenset()) -> "Insert":
        """Built once for each table: the same words every time are planned once by the database, too."""
        mapper = class_mapper(kind)
        sheet = mapper.local_table
        assert isinstance(sheet, Sheet)  # noqa: S101 -- every record of ours is a table
        left = {column.name for key, column in _stamps(kind) if key not in stamped}
        given = [each for each in sheet.columns if each.name not in left and each.identity is None]
        text = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(*filter(None, (sheet.schema, sheet.name))),
            sql.SQL(", ").join(sql.Identifier(each.name) for each in given),
            sql.SQL(", ").join(sql.Placeholder() * len(given)),
        )
        return cls(text.as_string(), tuple((mapper.get_property_by_column(each).key, each) for each in given))

    def of(self, values: Mapping[str, Any]) -> Statement:
        """The statement for one row; what it does not name has the column's default."""
        return Statement(self.text, [_sent(values.get(key, column.default), column) for key, column in self.columns])


def insert_of(row: Table) -> Statement:
    """The statement that inserts a row which no session knows."""
    values = vars(row)
    return Insert.into(type(row), frozenset(key for key, _ in _stamps(type(row)) if key in values)).of(values)


@cache
def _stamps(kind: type[Table]) -> tuple[tuple[str, Column[Any]], ...]:
    """What the database fills in and the record does not; a default that both have is the record's to say."""
    mapper = class_mapper(kind)
    found = [each for each in mapper.columns if each.server_default is not None and each.default is None]
    return tuple((mapper.get_property_by_column(each).key, each) for each in found)


def send(session: Session, statements: Sequence[Statement]) -> Any:
    """Sends them all, with the BEGIN they may need, and waits once; returns the first row of the last, if it has one.

    Their order is kept; the first that fails fails them all.
    """
    connection = session.connection()
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 -- the only driver we use
    try:
        with driver.cursor() as cursor:
            with driver.pipeline():
                for one in statements:
                    _tell_listeners(connection, one)
                    cursor.execute(one.text.encode(), one.values)
            return cursor.fetchone() if cursor.description else None
    except psycopg.Error as problem:
        raise DBAPIError.instance(
            None, None, problem, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from problem


def _sent(value: Any, column: Column[Any]) -> Any:
    if value is not None and value is column.default:
        value = column.default.arg(None) if column.default.is_callable else column.default.arg
    return Jsonb(value) if value is not None and isinstance(column.type, JSONB) else value


def _tell_listeners(connection: Connection, one: Statement) -> None:
    """Whoever counts statements counts these too."""
    connection.dispatch.before_cursor_execute(connection, None, one.text, one.values, None, False)  # noqa: FBT003
