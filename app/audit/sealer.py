"""Gives each journal entry its place in the tree after its commit, and signs what has grown."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from app.audit.checkpoints import BadCheckpoint, Signer, Verifier
from app.audit.merkle import CachedTiles, Tile, TreeError, append, leaf_hash, root_at

BATCH = 5000
# Often enough that nothing waits five seconds for its place, seldom enough that checkpoints stay few.
SEAL_EVERY = 2.0
# Any number of workers may run; one seals at a time, and the others go away at once.
LOCK = 0x43414E444F52  # "CANDOR"

Connection = psycopg.Connection[Any]
Row = tuple[UUID, int, int, bytes]


class JournalDamaged(Exception):
    """The stored tree is not the one that was last signed; the sealer will not sign over it."""


class DatabaseTiles:
    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def tile(self, level: int, index: int) -> bytes:
        found = self._conn.execute(
            "SELECT hashes FROM journal_tiles WHERE level = %s AND index = %s", (level, index)
        ).fetchone()
        return bytes(found[0]) if found else b""


def seal_once(conn: Connection, signer: Signer, now: datetime, *, batch: int = BATCH) -> int:
    """Seals at most one batch, in one transaction, and says how many; 0 if none waits or another is at it."""
    with conn.transaction():
        return _seal(conn, signer, now, _waiting(conn, batch)) if _is_mine(conn) else 0


def keep_sealing(conn: Connection, signer: Signer, tell: Callable[[int], object], stop: threading.Event) -> None:
    """Seals what was committed, a moment after its commit, until it is told to stop and nothing waits any more."""
    while True:
        now = conn.execute("SELECT now()").fetchone()
        count = seal_once(conn, signer, now[0]) if now else 0
        if count:
            tell(count)
        # A full batch means that more waits; else one checkpoint in so many seconds is enough.
        if count < BATCH and stop.wait(SEAL_EVERY) and not count:
            return


def start_epoch(conn: Connection, signer: Signer, now: datetime) -> int:
    """After a restore, before anybody writes: seals all that waits, and marks how far the old numbers reach.

    In another cluster transaction numbers start again, so those of restored entries no longer tell any order.
    """
    with conn.transaction():
        if not _is_mine(conn):
            raise JournalDamaged("Another sealer is at work; a restored journal has none yet.")
        sealed = 0
        with conn.cursor(name="tail") as tail:
            tail.execute(
                "SELECT e.id, e.xid::text::bigint, e.seq, e.body FROM journal_entries e"
                " WHERE NOT EXISTS (SELECT FROM journal_leaves l WHERE l.entry_id = e.id)"
                " ORDER BY e.xid, e.seq"
            )
            while rows := tail.fetchmany(BATCH):
                sealed += _seal(conn, signer, now, rows)
        conn.execute(
            "INSERT INTO journal_floors (seq, at) SELECT coalesce(max(seq), 0), %s FROM journal_entries"
            " ON CONFLICT DO NOTHING",
            (now,),
        )
        return sealed


def _is_mine(conn: Connection) -> bool:
    found = conn.execute("SELECT pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone()
    return bool(found and found[0])


def _waiting(conn: Connection, batch: int) -> list[Row]:
    """What is committed, not yet sealed, and can no longer be overtaken.

    Sequence numbers commit out of order; a transaction number below every running one does not. Within one
    transaction the order is that of writing, so the last leaf's pair of numbers is where to go on.
    """
    floor = _number(conn, "SELECT coalesce(max(seq), 0) FROM journal_floors")
    last = conn.execute("SELECT xid::text::bigint, seq FROM journal_leaves ORDER BY index DESC LIMIT 1").fetchone()
    xid, seq = last if last is not None and last[1] > floor else (0, 0)
    return conn.execute(
        "SELECT id, xid::text::bigint, seq, body FROM journal_entries"
        " WHERE (xid, seq) > (%s::text::xid8, %s) AND seq > %s"
        " AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, seq LIMIT %s",
        (xid, seq, floor, batch),
    ).fetchall()


def _seal(conn: Connection, signer: Signer, now: datetime, rows: list[Row]) -> int:
    if not rows:
        return 0
    size = _number(conn, "SELECT coalesce(max(index) + 1, 0) FROM journal_leaves")
    tiles = CachedTiles(DatabaseTiles(conn))
    _check_last_signed(conn, signer, size, tiles)
    leaves = [leaf_hash(bytes(row[3])) for row in rows]
    changed = append(leaves, size, tiles)
    _write_leaves(conn, size, rows, leaves)
    _write_tiles(conn, changed)
    grown = size + len(rows)
    root = root_at(grown, DatabaseTiles(conn))
    conn.execute(
        "INSERT INTO checkpoints (size, root, note, signed_at) VALUES (%s, %s, %s, %s)",
        (grown, root, signer.sign(grown, root), now),
    )
    return len(rows)


def _check_last_signed(conn: Connection, signer: Signer, size: int, tiles: CachedTiles) -> None:
    """Whoever altered leaves or tiles behind our back must not get a signature under it."""
    last = conn.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    if last is None and size == 0:
        return
    try:
        signed = Verifier(signer.verifier_key).verify(last[0]) if last is not None else None
        found = root_at(size, tiles)
    except (BadCheckpoint, TreeError) as error:
        raise JournalDamaged(f"The journal cannot be sealed: {error}.") from error
    if signed is None or (signed.size, signed.root) != (size, found):
        raise JournalDamaged(f"The journal's {size} sealed entries are not the ones last signed.")


def _write_leaves(conn: Connection, size: int, rows: list[Row], leaves: list[bytes]) -> None:
    with (
        conn.cursor() as cursor,
        cursor.copy("COPY journal_leaves (index, entry_id, xid, seq, leaf) FROM STDIN") as copy,
    ):
        for index, (row, leaf) in enumerate(zip(rows, leaves, strict=True), size):
            copy.write_row((index, row[0], row[1], row[2], leaf))


def _write_tiles(conn: Connection, changed: list[Tile]) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO journal_tiles (level, index, width, hashes) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (level, index) DO UPDATE SET width = excluded.width, hashes = excluded.hashes",
            [(tile.level, tile.index, tile.width, tile.hashes) for tile in changed],
        )


def _number(conn: Connection, query: LiteralString) -> int:
    found = conn.execute(query).fetchone()
    return int(found[0]) if found else 0
