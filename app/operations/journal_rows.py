"""Whether every row is what its journal entry says: none without an entry, none altered, none gone."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql
from sqlalchemy.orm import Mapper

from app.access.work import House
from app.audit.rows import commitment, name_of, sealed_columns
from app.infra.db import Record, Table
from app.intake.rules.receipt import opens
from app.kernel.canonical import parse
from app.operations.proof import Connection, snapshot

BATCH = 2000
MOST = 50
FILED = "intake:filing:received"
# Every kind of event by which the last day of a clock becomes another; the newest of them has the last word.
DUE = (
    "clocks:clock:started", "clocks:round:begun", "clocks:start:moved", "clocks:start:chosen", "clocks:clock:paused",
    "clocks:clock:resumed", "clocks:clock:reopened", "clocks:clock:corrected", "clocks:extension:granted",
    "clocks:clock:recounted", "clocks:clock:stood_still",
)  # fmt: skip


@dataclass
class Found:
    """How many rows were looked at, of how many the words could be compared, and what does not fit."""

    rows: int = 0
    compared: int = 0
    unsaid: int = 0
    forgotten: int = 0
    differences: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """True where every row fits its entry."""
        return not self.differences

    def say(self, words: str) -> None:
        """Notes a difference; after the first ones only their number."""
        if len(self.differences) < MOST:
            self.differences.append(words)
        else:
            self.more += 1


def verify_rows(house: House) -> Found:
    """Every table of records, in one snapshot; as the backup's role, which can change nothing."""
    with snapshot(house) as connection:
        return verify_rows_on(connection)


def verify_rows_on(connection: Connection) -> Found:
    """The same on a connection that is open."""
    found = Found()
    for kind in record_kinds():
        _check_entries(connection, kind, found)
        if kind.committed:
            _check_words(connection, kind, found)
    _check_filings(connection, found)
    _check_due_days(connection, found)
    _check_nothing_is_gone(connection, found)
    return found


def record_kinds() -> list[type[Record]]:
    """Every kind of record that this process knows, by the name of its table."""
    mappers: Iterator[Mapper[Any]] = iter(Table.registry.mappers)
    kinds = [mapper.class_ for mapper in mappers if issubclass(mapper.class_, Record)]
    return sorted(kinds, key=lambda kind: kind.__tablename__)


def _names(columns: Sequence[str], table: str = "r") -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(table, column) for column in columns)


def _table(kind: type[Record]) -> sql.Composable:
    sheet: Any = kind.__table__
    return sql.Identifier(*filter(None, (sheet.schema, sheet.name)))


def _check_entries(connection: Connection, kind: type[Record], found: Found) -> None:
    """Each row names an entry that is there, and not one of another case."""
    keys, _ = sealed_columns(kind)
    has_case = "case_id" in kind.__table__.columns
    case = sql.SQL("r.case_id IS NOT NULL AND e.case_id IS NOT NULL AND r.case_id <> e.case_id")
    query = sql.SQL(
        "SELECT {keys}, e.id IS NULL FROM {table} r LEFT JOIN journal_entries e ON e.id = r.last_entry_id"
        " WHERE e.id IS NULL OR ({case})"
    ).format(keys=_names(keys), table=_table(kind), case=case if has_case else sql.SQL("false"))
    found.rows += _count(connection, sql.SQL("SELECT count(*) FROM {}").format(_table(kind)))
    for *key, is_gone in connection.execute(query).fetchall():
        what = "names an entry that the journal does not have" if is_gone else "names an entry of another case"
        found.say(f"{name_of(kind.__tablename__, key)} {what}")


def _check_words(connection: Connection, kind: type[Record], found: Found) -> None:
    """The words of each row open the commitment in the entry that last touched it."""
    keys, words = sealed_columns(kind)
    query = sql.SQL(
        "SELECT {keys}, {words}, e.body, e.salt FROM {table} r JOIN journal_entries e ON e.id = r.last_entry_id"
    ).format(keys=_names(keys), words=_names(words), table=_table(kind))
    with connection.cursor(name="words") as cursor:
        cursor.itersize = BATCH
        for row in cursor.execute(query):
            key, values = row[: len(keys)], dict(zip(words, row[len(keys) : -2], strict=True))
            _check_row(name_of(kind.__tablename__, key), values, row[-2], row[-1], found)


def _check_row(name: str, values: dict[str, Any], body: bytes, salt: bytes | None, found: Found) -> None:
    spoken_of = json.loads(body).get("rows", {})
    promise = spoken_of.get(name)
    if not spoken_of:
        # Written in bulk, or before there were commitments: told as a number, for it should grow with imports alone.
        found.unsaid += 1
    elif promise is None:
        found.say(f"{name} names an entry that does not speak of it")
    elif salt is None:
        found.forgotten += 1
    elif commitment(salt, name, values) != promise:
        found.say(f"{name} is not what its entry says: it was changed past the journal")
    else:
        found.compared += 1


def _check_filings(connection: Connection, found: Found) -> None:
    """The words of each filing are those that its receipt was given for."""
    query = (
        "SELECT f.number, f.canonical, f.salt, f.narrative, f.location, e.body FROM journal_entries e"
        " JOIN filings f ON f.id = (convert_from(e.body, 'UTF8')::jsonb #>> '{facts,filing_id}')::uuid"
        " WHERE e.tag = %s"
    )
    with connection.cursor(name="filings") as cursor:
        cursor.itersize = BATCH
        for number, canonical, salt, narrative, location, body in cursor.execute(query, (FILED,)):
            facts = json.loads(body)["facts"]
            if (
                not opens(bytes.fromhex(facts["commitment"]), bytes(salt), bytes(canonical))
                or facts["number"] != number
            ):
                found.say(f"filing {number} is not what its entry says: its words or its receipt were changed")
            elif _said(bytes(canonical)) != (narrative, location):
                found.say(f"filing {number} shows other words than those that were filed")
            else:
                found.compared += 1


def _said(canonical: bytes) -> tuple[str, str]:
    read: Any = parse(canonical)
    incident = read["said"].get("incident", {})
    return incident.get("narrative", ""), incident.get("location", "")


def _check_due_days(connection: Connection, found: Found) -> None:
    """The last day of each clock is the one that the newest event about it tells."""
    query = (
        "SELECT c.id, c.due_on::text, t.due FROM clocks c JOIN LATERAL ("
        " SELECT convert_from(e.body, 'UTF8')::jsonb #>> '{facts,due_on}' AS due FROM journal_entries e"
        " WHERE e.case_id = c.case_id AND e.tag = ANY (%s)"
        " AND convert_from(e.body, 'UTF8')::jsonb #>> '{facts,clock_id}' = c.id::text"
        " ORDER BY e.seq DESC LIMIT 1) t ON true"
    )
    with connection.cursor(name="clocks") as cursor:
        cursor.itersize = BATCH
        for clock_id, due, told in cursor.execute(query, (list(DUE),)):
            if due != told:
                found.say(f"clocks:{clock_id} is due {due}, and the journal says {told}")
            else:
                found.compared += 1


def _check_nothing_is_gone(connection: Connection, found: Found) -> None:
    """Every row and filing of which an entry speaks is still there."""
    kinds = {kind.__tablename__: kind for kind in record_kinds()}
    query = "SELECT body FROM journal_entries WHERE tag = %s OR position('\"rows\":'::bytea in body) > 0"
    with connection.cursor(name="promises") as cursor:
        cursor.itersize = BATCH
        cursor.execute(query, (FILED,))
        while rows := cursor.fetchmany(BATCH):
            wanted: dict[str, set[str]] = defaultdict(set)
            for (body,) in rows:
                for name in _spoken_of(json.loads(body)):
                    table, _, key = name.partition(":")
                    wanted[table].add(key)
            for table in wanted.keys() & kinds.keys():
                for key in _missing(connection, kinds[table], sorted(wanted[table])):
                    found.say(f"{table}:{key} is gone, and the journal speaks of it")


def _spoken_of(entry: dict[str, Any]) -> list[str]:
    return [*entry.get("rows", {}), *([f"filings:{entry['facts']['filing_id']}"] if entry["tag"] == FILED else [])]


def _missing(connection: Connection, kind: type[Record], keys: list[str]) -> list[str]:
    columns, _ = sealed_columns(kind)
    same = [
        sql.SQL("{} = split_part(k, ':', {})::uuid").format(sql.Identifier("r", column), sql.Literal(at))
        for at, column in enumerate(columns, 1)
    ]
    query = sql.SQL("SELECT k FROM unnest(%s::text[]) k WHERE NOT EXISTS (SELECT FROM {table} r WHERE {same})")
    composed = query.format(table=_table(kind), same=sql.SQL(" AND ").join(same))
    return [str(row[0]) for row in connection.execute(composed, (keys,)).fetchall()]


def _count(connection: Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
