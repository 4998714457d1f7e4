"""The records of one batch of rows, written table by table in the order in which they refer to one another."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, cast
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import IntegrityError

from app.access.work import Work
from app.allegations.records import Allegation, Finding
from app.cases.records import Case, OtherNumber
from app.discipline.records import Recommendation
from app.imports.records import ImportedRow
from app.infra.db import Record
from app.kernel.errors import Refused
from app.people.records import Demographic, Officer

ORDER: tuple[type[Record], ...] = (
    Officer,
    Case,
    OtherNumber,
    Allegation,
    Finding,
    Recommendation,
    Demographic,
    ImportedRow,
)


class Batch:
    """Rows waiting to be written; each names the entry that will say where it came from."""

    def __init__(self, work: Work, entry_id: UUID) -> None:
        self._session = work.session
        self._entry_id = entry_id
        self._waiting: dict[type[Record], list[dict[str, Any]]] = defaultdict(list)

    def add(self, kind: type[Record], **values: Any) -> None:
        """One row; what is not given has the default of its record."""
        self._waiting[kind].append({**_defaults(kind), **values, "last_entry_id": self._entry_id})

    def write(self) -> None:
        """Everything that waits."""
        for kind in ORDER:
            rows = self._waiting.pop(kind, None)
            if rows:
                self._insert(kind, rows)

    def _insert(self, kind: type[Record], rows: list[dict[str, Any]]) -> None:
        """As one JSON document, because COPY is refused wherever row-level security stands."""
        try:
            self._session.execute(text(_insert_into(kind)), {"rows": json.dumps(rows, default=_plain)})
        except IntegrityError as problem:
            if not isinstance(problem.orig, UniqueViolation):
                raise
            raise Refused(
                f"Two of the {problem.orig.diag.table_name} would have the same number or key. Look at number and key "
                "in the mapping; nothing was imported."
            ) from problem


@cache
def _defaults(kind: type[Record]) -> dict[str, Any]:
    """Every column that can be written, with what it holds when nothing is said."""
    columns = [column for column in cast("Table", kind.__table__).columns if column.computed is None]
    return {column.name: _default(column.default) for column in columns}


def _default(default: Any) -> Any:
    return default.arg if default is not None and default.is_scalar else None


@cache
def _insert_into(kind: type[Record]) -> str:
    table, columns = cast("Table", kind.__table__).name, ", ".join(f'"{name}"' for name in _defaults(kind))
    rows = f"json_populate_recordset(NULL::{table}, CAST(:rows AS json))"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows}"  # noqa: S608 - names of our own tables


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


class Shelf:
    """What stands in the database already: from before, or from an earlier batch of the same import."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def cases(self, ids: set[UUID]) -> dict[UUID, Any]:
        """The cases among these, with the day each was received."""
        if not ids:
            return {}
        rows = self._session.execute(select(Case.id, Case.received_on).where(Case.id == func.any(list(ids))))
        return {row[0]: row[1] for row in rows}

    def of(self, kind: Any, ids: set[UUID]) -> set[UUID]:
        """Which of these records there are."""
        return set(self._session.scalars(select(kind.id).where(kind.id == func.any(list(ids))))) if ids else set()

    def positions(self, kind: Any, name: str, cases: Iterable[UUID]) -> dict[tuple[str, UUID], int]:
        """The last place in each case's list."""
        last = select(kind.case_id, func.max(kind.position)).where(kind.case_id == func.any(list(cases)))
        return {(name, row[0]): row[1] for row in self._session.execute(last.group_by(kind.case_id))}

    def other_numbers(self, cases: Iterable[UUID]) -> set[tuple[UUID, str, str]]:
        """Other bodies' numbers of these cases."""
        wanted = OtherNumber.case_id == func.any(list(cases))
        rows = self._session.execute(select(OtherNumber.case_id, OtherNumber.body, OtherNumber.number).where(wanted))
        return {(row[0], row[1], row[2]) for row in rows}

    def rows(self, source: str, file: str, digests: set[bytes]) -> set[tuple[bytes, int]]:
        """Which source rows, and which repeat of each, were imported before."""
        found = self._session.execute(
            select(ImportedRow.digest, ImportedRow.repeat).where(
                ImportedRow.source == source, ImportedRow.file == file, ImportedRow.digest == func.any(list(digests))
            )
        )
        return {(bytes(row[0]), row[1]) for row in found}
