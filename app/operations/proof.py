"""Proves the journal from nothing, and takes the proof of one entry."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import psycopg

from app.access.work import House
from app.audit.candor_verify import JOURNAL
from app.audit.checkpoints import BadCheckpoint, Checkpoint, Signer, Verifier
from app.audit.merkle import inclusion_proof, leaf_hash, verify_inclusion
from app.audit.proofs import Place, proof_document
from app.audit.sealer import DatabaseTiles, JournalDamaged, seal_once
from app.audit.verifier import Difference, Entry, verify_journal
from app.infra.db import Door
from app.kernel.errors import Refused

BATCH = 2000
SEAL_WITHIN = 15.0
# An entry that the sealer would pass over for ever, because it says it is older than the last one sealed.
_BEHIND = """
    SELECT count(*) FROM journal_entries e, (SELECT coalesce(max(seq), 0) AS seq FROM journal_floors) floor
    WHERE NOT EXISTS (SELECT FROM journal_leaves l WHERE l.entry_id = e.id)
      AND (e.seq <= floor.seq OR (e.xid, e.seq) <= (SELECT xid, seq FROM journal_leaves
                                                    WHERE seq > floor.seq ORDER BY index DESC LIMIT 1))
"""
_UNSEALED = """
    SELECT count(*) FROM journal_entries e
    WHERE NOT EXISTS (SELECT FROM journal_leaves l WHERE l.entry_id = e.id)
"""
_ENTRIES = """
    SELECT l.index, l.leaf, e.body, e.id::text, e.tag, e.case_id::text, e.actor_kind, e.actor_id::text, e.at
    FROM journal_leaves l LEFT JOIN journal_entries e ON e.id = l.entry_id WHERE l.index >= %s ORDER BY l.index
"""

# What the tree does not hold, and must still agree with it: where each entry lies, and what is kept beside the notes.
_BESIDE = (
    (
        "{} entries or their leaves bear another transaction or number than when they were sealed",
        "SELECT count(*) FROM journal_leaves l JOIN journal_entries e ON e.id = l.entry_id"
        " WHERE (e.xid, e.seq) <> (l.xid, l.seq)",
    ),
    (
        "{} leaves are out of their order",
        "SELECT count(*) FROM (SELECT xid, seq, lag(xid) OVER w AS before, lag(seq) OVER w AS last FROM journal_leaves"
        " WINDOW w AS (ORDER BY index)) p WHERE (xid, seq) <= (before, last)"
        " AND NOT EXISTS (SELECT FROM journal_floors f WHERE f.seq >= p.last AND f.seq < p.seq)",
    ),
    (
        "{} tiles are not as wide as they say",
        "SELECT count(*) FROM journal_tiles WHERE octet_length(hashes) <> width * 32",
    ),
    (
        "{} levels of the tree have more or fewer hashes than entries",
        "SELECT count(*) FROM (SELECT level, sum(width) AS hashes FROM journal_tiles GROUP BY level) t"
        " WHERE hashes <> (SELECT count(*) FROM journal_leaves) >> (8 * level)",
    ),
    (
        "{} checkpoints say in their columns something else than in their note",
        "SELECT count(*) FROM checkpoints WHERE split_part(note, E'\\n', 2) <> size::text"
        " OR split_part(note, E'\\n', 3) <> encode(root, 'base64')",
    ),
)
_PUBLISHED = "SELECT note FROM published_checkpoints ORDER BY number"

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Verified:
    """What was found."""

    entries: int
    sealed: int
    unsealed: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """True where nothing was altered, removed or put in."""
        return not self.differences


def signer_of(house: House) -> Signer:
    """Who signs this installation's checkpoints."""
    return Signer(f"candor/{house.agency}", house.keys.checkpoint_key)


def checkpoint_in(house: House, note: str) -> Checkpoint:
    """A checkpoint that had left the building; refused where it is not one that this house signed."""
    try:
        return Verifier(signer_of(house).verifier_key).verify(note)
    except BadCheckpoint as problem:
        raise Refused(f"This is no checkpoint of this journal: {problem}.") from problem


def verify(house: House, since: Checkpoint | None = None, outside: Sequence[Checkpoint] = ()) -> Verified:
    """The whole journal, or what was added since a checkpoint, in one snapshot of the database."""
    with snapshot(house) as connection:
        return verify_on(connection, Verifier(signer_of(house).verifier_key), since, outside)


def verify_on(
    connection: Connection, verifier: Verifier, since: Checkpoint | None = None, outside: Sequence[Checkpoint] = ()
) -> Verified:
    """The same on a connection that is open, in the transaction that it has."""
    published, forged = _published(connection, verifier)
    report = verify_journal(
        _entries(connection, since.size if since else 0),
        DatabaseTiles(connection),
        _notes(connection),
        verifier,
        since=since,
        outside=[*published, *outside],
    )
    sealed = _number(connection, "SELECT count(*) FROM journal_leaves")
    unsealed = _number(connection, _UNSEALED)
    found = [*report.differences, *forged, *_beside(connection)]
    if since is not None and sealed < since.size:
        found.append(Difference(None, f"the checkpoint counts {since.size} entries, but only {sealed} are left"))
    return Verified(sealed + unsealed, sealed, unsealed, tuple(found))


def _published(connection: Connection, verifier: Verifier) -> tuple[list[Checkpoint], list[Difference]]:
    good, forged = [], []
    for (note,) in connection.execute(_PUBLISHED).fetchall():
        try:
            good.append(verifier.verify(str(note)))
        except BadCheckpoint as problem:
            forged.append(Difference(None, f"a published checkpoint is not valid: {problem}"))
    return good, forged


def _beside(connection: Connection) -> Iterator[Difference]:
    behind = _number(connection, _BEHIND)
    if behind:
        yield Difference(None, f"{behind} entries were put in behind the last one sealed")
    for words, query in _BESIDE:
        count = _number(connection, query)
        if count:
            yield Difference(None, words.format(count))


def export_journal(house: House, file: Path) -> int:
    """All that is sealed as lines of JSON, for a machine that knows nothing of this house; its owner alone reads it."""
    with snapshot(house) as connection, _private(file) as out:
        notes = list(_notes(connection))
        head = {"format": JOURNAL, "verifier_key": signer_of(house).verifier_key, "checkpoints": notes}
        out.write(json.dumps(head) + "\n")
        count = 0
        for entry in _entries(connection, 0):
            body = entry.body.decode() if entry.body is not None else ""
            out.write(json.dumps({"index": entry.index, "leaf": entry.leaf.hex(), "entry": body}) + "\n")
            count += 1
    return count


def _private(file: Path) -> IO[str]:
    try:
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except OSError as problem:
        raise Refused(f"{file} cannot be made: give a file that is not there yet.") from problem


def prove(house: House, entry_id: UUID) -> dict[str, Any] | None:
    """Seals what waits, then the proof of one entry as a document; nothing where there is no such entry."""
    with psycopg.connect(house.databases.dsn(Door.WORKER), autocommit=True) as connection:
        found = connection.execute("SELECT body FROM journal_entries WHERE id = %s", (entry_id,)).fetchone()
        if found is None:
            return None
        _seal_until(house, connection, entry_id)
    with snapshot(house) as connection:
        return _proof(connection, house, entry_id, bytes(found[0]))


def _proof(connection: Connection, house: House, entry_id: UUID, body: bytes) -> dict[str, Any]:
    leaf = connection.execute("SELECT index FROM journal_leaves WHERE entry_id = %s", (entry_id,)).fetchone()
    last = connection.execute("SELECT size, root, note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    if leaf is None or last is None:
        raise Refused("The entry could not be sealed: run ./candor journal verify.")
    index, size, root, hashed = int(leaf[0]), int(last[0]), bytes(last[1]), leaf_hash(body)
    path = inclusion_proof(index, size, DatabaseTiles(connection))
    if not verify_inclusion(hashed, index, size, path, root):
        raise Refused("The entry is not the one that was sealed: run ./candor journal verify.")
    place = Place(hashed, index, size, root, path, str(last[2]))
    return proof_document(place, signer_of(house).verifier_key, entry=body.decode())


def _seal_until(house: House, reading: Connection, entry_id: UUID) -> None:
    """Also beside a running worker, which then seals for us, and beside a long transaction, which we wait for."""
    until = time.monotonic() + SEAL_WITHIN
    with psycopg.connect(house.databases.dsn(Door.SEALER), autocommit=True) as connection:
        while not _is_sealed(reading, entry_id):
            row = connection.execute("SELECT now()").fetchone()
            try:
                count = seal_once(connection, signer_of(house), row[0]) if row else 0
            except JournalDamaged as problem:
                raise Refused(str(problem)) from problem
            if time.monotonic() > until:
                raise Refused("The journal could not be sealed in time: an older transaction is still open. Try again.")
            if not count:
                time.sleep(0.1)


def _is_sealed(connection: Connection, entry_id: UUID) -> bool:
    return connection.execute("SELECT FROM journal_leaves WHERE entry_id = %s", (entry_id,)).fetchone() is not None


@contextmanager
def snapshot(house: House) -> Iterator[Connection]:
    """One moment of the database, as the backup's role: it sees every row and may change none."""
    with psycopg.connect(house.databases.dsn(Door.BACKUP)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection


def _entries(connection: Connection, start: int) -> Iterator[Entry]:
    with connection.cursor(name="entries") as cursor:
        cursor.itersize = BATCH
        for row in cursor.execute(_ENTRIES, (start,)):
            yield _entry(row)


def _entry(row: tuple[Any, ...]) -> Entry:
    index, leaf, body, entry_id, tag, case_id, kind, actor_id, at = row
    if body is None:
        return Entry(int(index), None, bytes(leaf))
    copies = {"id": entry_id, "tag": tag, "case": case_id, "actor.kind": kind, "actor.id": actor_id}
    return Entry(int(index), bytes(body), bytes(leaf), copies | {"at": _as_written(bytes(body), at)})


def _as_written(body: bytes, at: datetime) -> str:
    """The column's moment as the entry writes it, where both are the same moment."""
    try:
        written = str(json.loads(body)["at"])
        return written if datetime.fromisoformat(written) == at else at.astimezone(UTC).isoformat()
    except (ValueError, KeyError, TypeError):
        return at.astimezone(UTC).isoformat()


def _notes(connection: Connection) -> Iterator[str]:
    with connection.cursor(name="notes") as cursor:
        for row in cursor.execute("SELECT note FROM checkpoints ORDER BY size"):
            yield str(row[0])


def _number(connection: Connection, query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    return int(found[0]) if found else 0
