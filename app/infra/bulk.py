"""One statement for many rows, their values as arrays: COPY is refused where row security stands."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Column
from sqlalchemy import Table as Sheet
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from app.infra.db import Table
from app.infra.sending import Statement

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_INSERT = "INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS u({given})"
_UPDATE = "UPDATE {table} AS t SET {settings} FROM unnest({arrays}) AS u({given}) WHERE t.{key} = u.{key}"


def insert_many(kind: type[Table], rows: Sequence[Mapping[str, Any]], **same: Any) -> Statement:
    """All these rows; each gives the same columns, `same` stands in all, the rest has the default of its record."""
    sheet = cast("Sheet", kind.__table__)
    given = [sheet.columns[name] for name in rows[0]]
    alike = {each: _default(each) for each in sheet.columns if each.name not in rows[0] and _has_default(each)}
    alike |= {sheet.columns[name]: value for name, value in same.items()}
    values = [*(sql.SQL("u.{}").format(sql.Identifier(each.name)) for each in given), *map(_placeholder, alike)]
    return Statement(
        _composed(_INSERT, sheet, given, names=_joined((*given, *alike)), values=sql.SQL(", ").join(values)),
        [*(_plain(column, value) for column, value in alike.items()), *_arrays(given, rows)],
    )


def update_many(kind: type[Table], rows: Sequence[Mapping[str, Any]], key: str = "id") -> Statement:
    """The given columns of each row that one of these names by its key."""
    sheet = cast("Sheet", kind.__table__)
    given = [sheet.columns[name] for name in rows[0]]
    settings = [sql.SQL("{0} = u.{0}").format(sql.Identifier(each.name)) for each in given if each.name != key]
    text = _composed(_UPDATE, sheet, given, key=sql.Identifier(key), settings=sql.SQL(", ").join(settings))
    return Statement(text, _arrays(given, rows))


def _default(column: Column[Any]) -> Any:
    return getattr(column.default, "arg", None)


def _has_default(column: Column[Any]) -> bool:
    return column.default is not None and column.default.is_scalar


def _composed(text: str, sheet: Sheet, given: Sequence[Column[Any]], **parts: sql.Composable) -> str:
    table = sql.Identifier(*filter(None, (sheet.schema, sheet.name)))
    arrays = sql.SQL(", ").join(sql.SQL(f"%b::{_type(each)}[]") for each in given)
    made: Callable[..., sql.Composed] = sql.SQL(text).format
    return made(table=table, given=_joined(given), arrays=arrays, **parts).as_string()


def _joined(columns: Sequence[Column[Any]]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(each.name) for each in columns)


def _placeholder(column: Column[Any]) -> sql.Composable:
    return sql.SQL(f"%s::{_type(column)}")


def _arrays(given: Sequence[Column[Any]], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [[_plain(column, row[column.name]) for row in rows] for column in given]


def _type(column: Column[Any]) -> str:
    return column.type.compile(_DIALECT)


def _plain(column: Column[Any], value: Any) -> Any:
    return Jsonb(value) if isinstance(column.type, JSONB) and value is not None else value
