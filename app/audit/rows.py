"""What an entry promises of the rows that it names: a salted commitment to their words, which erasure can take back."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy import Table as Sheet
from sqlalchemy.orm import class_mapper

from app.infra.db import Record
from app.kernel.canonical import Json, canonical_json

SALT = 32


def promised(rows: Iterable[Record], salt: bytes) -> dict[str, str]:
    """For each row whose words are sealed its name and the commitment to its words, as they are written now."""
    found = {}
    for row in rows:
        if row.committed:
            keys, words = _columns(type(row))
            values = {column.name: _now(row, attribute, column) for attribute, column in words}
            name = name_of(type(row).__tablename__, [getattr(row, attribute) for attribute, _ in keys])
            found[name] = commitment(salt, name, values)
    return found


def new_salt() -> bytes:
    """Of one entry alone."""
    return secrets.token_bytes(SALT)


def name_of(table: str, key: Iterable[Any]) -> str:
    """`votes:<motion>:<account>`: the table and the row's key."""
    return ":".join([table, *map(str, key)])


def commitment(salt: bytes, name: str, values: Mapping[str, Any]) -> str:
    """HMAC-SHA256 over the row's name and words, so that one row's promise does not stand for another's."""
    words = canonical_json({"row": name, "words": {column: _plain(value) for column, value in values.items()}})
    return hmac.digest(salt, words, hashlib.sha256).hex()


def sealed_columns(kind: type[Record]) -> tuple[list[str], list[str]]:
    """The names of the key's columns and of the sealed ones, as the database has them."""
    keys, words = _columns(kind)
    return [column.name for _, column in keys], [column.name for _, column in words]


Columns = list[tuple[str, Column[Any]]]


@cache
def _columns(kind: type[Record]) -> tuple[Columns, Columns]:
    mapper = class_mapper(kind)
    sheet = mapper.local_table
    assert isinstance(sheet, Sheet)  # noqa: S101 - every record of ours is a table
    named = {column.name: (mapper.get_property_by_column(column).key, column) for column in sheet.columns}
    return [named[column.name] for column in sheet.primary_key], [named[name] for name in kind.committed]


def _now(row: Record, attribute: str, column: Column[Any]) -> Any:
    """The value that will be written: where none was given, the column's own."""
    value = getattr(row, attribute)
    return getattr(column.default, "arg", None) if value is None and _has_default(column) else value


def _has_default(column: Column[Any]) -> bool:
    return column.default is not None and column.default.is_scalar


def _plain(value: Any) -> Json:
    """The same spelling for a value on its way in and one read back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, UUID):
        return str(value)
    return value  # type: ignore[no-any-return]
