"""One row in every table, all of them of one case, for whoever tries what a door's role may do with each."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import Connection, text

SCHEMAS = ("public", "release")
TODAY = date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 15, tzinfo=UTC)
LINK = {"other": "cases2", "reading": "source_readings", "item": "evidence_items", "entry": "journal_entries"}
PERSONS = ("account_id", "actor_id", "assignee_id", "lead_id", "known_as_id")
# Nobody did what a row need not say; but here whoever writes would have to name themselves.
OWN = {"special_routes.set_by_id", "journal_entries.actor_id", "assignments.account_id", "second_halves.first_by_id"}
# Of two people the other one.
OTHER = {"erasures.asked_by_id", "erasures.first_by_id", "ways_back.first_by_id", "ways_back.asked_by_id"}
NOT_A_LINK = {"known_as_id", "corrects_id", "first_round_id", "of_id", "session_id", "release_id"}
# What a column says where any text would not do, or where the row would else not be open to anybody.
SAID: Mapping[str, Any] = {
    "absences.ends_at": datetime(2026, 3, 17, 15, tzinfo=UTC),
    "accounts.kind": "person",
    "accounts.status": "active",
    "meetings.state": "in_session",
    "second_halves.state": "asked",
    "second_halves.second_by_id": None,
    "source_readings.next_on": date(2027, 3, 16),
    "recommendations.sent_on": TODAY,
    "findings.life": "board",
    "findings.first_by_id": None,
    "special_routes.lifted_at": NOW,
    "vouching.id": 1,
    "walls.kind": "concerned",
    "notes.reader": "team",
    "procrastinate_jobs.status": "todo",
    "journal_entries.actor_kind": "account",
    "docket_items.taken_off_at": None,
    "holds.person_id": None,
}
BY_TYPE: Mapping[str, Any] = {
    "text": "x",
    "varchar": "x",
    "date": TODAY,
    "timestamptz": NOW,
    "bool": False,
    "int2": 3,
    "int4": 3,
    "int8": 3,
    "bytea": b"x",
    "jsonb": json.dumps({}),
    "_text": ["x"],
    "_uuid": [],
    "_int4": [3],
    "xid8": "3",
    "numeric": 1,
    "float8": 1.0,
}


@dataclass(frozen=True)
class ColumnOf:
    """One column as the catalogue has it."""

    name: str
    kind: str
    must: bool


@dataclass
class World:
    """What stands where, and how another row of the same kind would look."""

    department: str
    somebody: UUID
    columns: dict[str, list[ColumnOf]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)

    def fill(self, owner: Connection) -> None:
        """As the owner: one row in each table that has none yet."""
        self.columns, self.keys, self.checks = columns_of(owner), keys_of(owner), checks_of(owner)
        for table in self.columns:
            if not table.startswith("procrastinate_") and table not in ("alembic_version", "vouching"):
                self._insert(owner, table, self.row(table, self.somebody, fresh=False))
        self._insert(owner, "cases", self.row("cases", self.somebody, fresh=False) | {"id": key_of("cases2")})

    def row(self, table: str, me: UUID, *, fresh: bool) -> dict[str, Any]:
        """The values of a row; `fresh` for one more, in the name of whoever writes it."""
        return {
            each.name: self._value(table, each, me, fresh=fresh)
            for each in self.columns[table]
            if each.must or f"{table}.{each.name}" in SAID or _is_link(table, each)
        }

    def _value(self, table: str, column: ColumnOf, me: UUID, *, fresh: bool) -> Any:
        if f"{table}.{column.name}" in SAID:
            return SAID[f"{table}.{column.name}"]
        if column.name == "department_id":
            return self.department
        if column.kind == "uuid":
            return self._id(table, column.name, me, fresh=fresh)
        if fresh and self.keys[table] == [column.name]:
            return {"bytea": uuid4().bytes, "text": str(uuid4())}.get(column.kind, 7)
        return self.checks.get(f"{table}.{column.name}", BY_TYPE[column.kind])

    def _id(self, table: str, name: str, me: UUID, *, fresh: bool) -> UUID:
        if name == "id" or name == "last_entry_id":
            return uuid4() if fresh else key_of(table)
        if f"{table}.{name}" in OTHER:
            return key_of("somebody else")
        if name.endswith("_by_id") or name in PERSONS:
            return me
        kind = name.removesuffix("_id")
        return key_of(LINK.get(kind, f"{kind}s"))

    def _insert(self, owner: Connection, table: str, row: Mapping[str, Any]) -> None:
        owner.execute(text(insert_of(table, row) + " ON CONFLICT DO NOTHING"), dict(row))


def _is_link(table: str, column: ColumnOf) -> bool:
    if f"{table}.{column.name}" in OWN:
        return True
    is_person = column.name.endswith("_by_id") or column.name in PERSONS
    return column.kind == "uuid" and column.name.endswith("_id") and not is_person and column.name not in NOT_A_LINK


def key_of(table: str) -> UUID:
    """The key of a table's one row."""
    return uuid5(NAMESPACE_OID, table)


def insert_of(table: str, row: Mapping[str, Any]) -> str:
    """The statement; JSON goes as text."""
    if not row:
        return f"INSERT INTO {table} DEFAULT VALUES"
    names = ", ".join(f'"{name}"' for name in row)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"


def columns_of(owner: Connection) -> dict[str, list[ColumnOf]]:
    """Every table of ours, with the columns that are not made by the database itself."""
    rows = owner.execute(
        text(
            "SELECT t.table_schema, t.table_name, c.column_name, c.udt_name,"
            " c.is_nullable = 'NO' AND c.column_default IS NULL AS must"
            " FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)"
            " WHERE t.table_schema = ANY (:schemas) AND t.table_type = 'BASE TABLE' AND c.is_identity = 'NO'"
            " AND c.is_generated = 'NEVER' ORDER BY 1, 2, c.ordinal_position"
        ),
        {"schemas": list(SCHEMAS)},
    )
    found: dict[str, list[ColumnOf]] = {}
    for row in rows:
        name = row.table_name if row.table_schema == "public" else f"{row.table_schema}.{row.table_name}"
        found.setdefault(name, []).append(ColumnOf(row.column_name, row.udt_name, row.must))
    return found


def keys_of(owner: Connection) -> dict[str, list[str]]:
    """The columns of each table's primary key."""
    rows = owner.execute(
        text(
            "SELECT i.indrelid::regclass::text AS name, array_agg(a.attname::text) AS columns FROM pg_index i"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indisprimary"
            " GROUP BY 1"
        )
    )
    return {row.name: list(row.columns) for row in rows}


def checks_of(owner: Connection) -> dict[str, str]:
    """For each column that takes a few words only, the first of them."""
    rows = owner.execute(
        text(
            "SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS said FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace::regnamespace::text = ANY (:schemas)"
        ),
        {"schemas": list(SCHEMAS)},
    )
    found = ((row.name, re.match(r"CHECK \(\((\w+) = ANY \(ARRAY\['(\w+)'", row.said)) for row in rows)
    return {f"{name}.{said[1]}": said[2] for name, said in found if said}
