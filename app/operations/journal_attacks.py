"""Attacks on the journal by whoever owns the database: each is tried, looked for by the verifier, and undone."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.administration.events import EntryProved
from app.audit import journal
from app.audit.checkpoints import Checkpoint, Signer, Verifier
from app.audit.merkle import MemoryTiles, append, leaf_hash, root_at
from app.audit.records import JournalEntry
from app.audit.sealer import seal_once
from app.infra.sending import Insert
from app.kernel.canonical import canonical_json, parse
from app.operations.proof import verify_on

Connection = psycopg.Connection[Any]
THEN = datetime(2026, 1, 1, tzinfo=UTC)
ENTRIES, BATCH = 700, 90
# Above every place that a leaf has: for moving many of them without two meeting.
APART = 10**9


@dataclass
class Field:
    """A journal to attack: what it holds, the key that a thief has stolen, and what had left the house before."""

    conn: Connection
    signer: Signer
    dice: random.Random
    outside: Checkpoint

    def place(self) -> int:
        """One of the entries that the checkpoint outside covers."""
        return self.dice.randrange(self.outside.size)

    def two(self) -> tuple[int, int]:
        """Two of them, the earlier first."""
        first, second = sorted(self.dice.sample(range(self.outside.size), 2))
        return first, second

    def at(self, index: int) -> tuple[Any, bytes]:
        """The id and the bytes of the entry there."""
        found = self.conn.execute(
            "SELECT e.id, e.body FROM journal_leaves l JOIN journal_entries e ON e.id = l.entry_id WHERE l.index = %s",
            (index,),
        ).fetchone()
        assert found is not None  # noqa: S101 - the place was drawn among those that are there
        return found[0], bytes(found[1])

    def run(self, query: str, *values: Any) -> None:
        """One statement, as the owner."""
        self.conn.execute(query.encode(), values)


def fill(conn: Connection, signer: Signer, dice: random.Random, count: int = ENTRIES) -> Checkpoint:
    """A journal of many small transactions, sealed as it grows; gives the checkpoint that leaves the house."""
    outside, written = None, 0
    leaves = dice.randrange(count // 2, count - BATCH)
    while written < count:
        with conn.transaction():
            for _ in range(dice.randint(1, 4)):
                _write(conn)
                written += 1
        if dice.random() < 1 / 30 or written >= count or (outside is None and written >= leaves):
            seal_once(conn, signer, THEN)
            outside = outside or (_last(conn, signer) if written >= leaves else None)
    if outside is None:
        raise RuntimeError("no checkpoint left the house")
    return outside


def _write(conn: Connection) -> Any:
    row = journal.row_of(EntryProved(case_id=uuid4(), entry_id=uuid4()), THEN, "account", uuid4())
    statement = Insert.into(JournalEntry).of(row)
    conn.execute(statement.text.encode(), statement.values)
    return row


def _write_at(field: "Field", index: int) -> tuple[Any, tuple[Any, ...]]:
    """An invented entry with the numbers of the one that lies there."""
    row = _write(field.conn)
    where = field.conn.execute("SELECT xid::text, seq FROM journal_leaves WHERE index = %s", (index,)).fetchone() or ()
    field.run("UPDATE journal_entries SET xid = %s, seq = %s WHERE id = %s", *where, row["id"])
    return row, where


def _last(conn: Connection, signer: Signer) -> Checkpoint:
    note = conn.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    assert note is not None  # noqa: S101 - it was sealed a line ago
    return Verifier(signer.verifier_key).verify(note[0])


# -- what one can do, alone or with the stolen key ------------------------------------------------


def _altered(body: bytes) -> bytes:
    read: Any = parse(body)
    return canonical_json({**read, "facts": {**read["facts"], "entry_id": str(uuid4())}})


def change_words(field: Field) -> None:
    """Another fact in one entry."""
    entry_id, body = field.at(field.place())
    field.run("UPDATE journal_entries SET body = %s WHERE id = %s", _altered(body), entry_id)


def change_a_byte(field: Field) -> None:
    """One byte of one entry."""
    entry_id, body = field.at(field.place())
    spot = field.dice.randrange(len(body))
    spoilt = body[:spot] + bytes([body[spot] ^ (1 << field.dice.randrange(8))]) + body[spot + 1 :]
    field.run("UPDATE journal_entries SET body = %s WHERE id = %s", spoilt, entry_id)


def change_a_column(field: Field) -> None:
    """A copy beside the bytes: who, what, which case, when."""
    entry_id, _ = field.at(field.place())
    column, value = field.dice.choice(
        [("tag", "'cases:case:closed'"), ("case_id", "gen_random_uuid()"), ("case_id", "NULL"),
         ("actor_kind", "'filer'"), ("actor_id", "gen_random_uuid()"), ("actor_id", "NULL"),
         ("at", "at - interval '1 microsecond'")]
    )  # fmt: skip
    field.run(f"UPDATE journal_entries SET {column} = {value} WHERE id = %s", entry_id)  # noqa: S608 - from the list above


def change_words_and_leaf(field: Field) -> None:
    """The entry and the hash that stands for it."""
    index = field.place()
    entry_id, body = field.at(index)
    forged = _altered(body)
    field.run("UPDATE journal_entries SET body = %s WHERE id = %s", forged, entry_id)
    field.run("UPDATE journal_leaves SET leaf = %s WHERE index = %s", leaf_hash(forged), index)


def change_leaf(field: Field) -> None:
    """The hash alone."""
    field.run("UPDATE journal_leaves SET leaf = %s WHERE index = %s", field.dice.randbytes(32), field.place())


def delete_entry(field: Field) -> None:
    """An entry, its leaf left."""
    field.run("DELETE FROM journal_entries WHERE id = %s", field.at(field.place())[0])


def delete_entry_and_leaf(field: Field) -> None:
    """Both; a hole is left."""
    index = field.place()
    field.run("DELETE FROM journal_entries WHERE id = %s", field.at(index)[0])
    field.run("DELETE FROM journal_leaves WHERE index = %s", index)


def delete_and_close_up(field: Field) -> None:
    """Both, and all that follow move up."""
    index = field.place()
    field.run("DELETE FROM journal_entries WHERE id = %s", field.at(index)[0])
    field.run("DELETE FROM journal_leaves WHERE index = %s", index)
    field.run("UPDATE journal_leaves SET index = index + %s WHERE index > %s", APART, index)
    field.run("UPDATE journal_leaves SET index = index - %s WHERE index > %s", APART + 1, APART)


def insert_between(field: Field) -> None:
    """An invented entry among the old ones; all that follow move on."""
    index = field.place()
    row, where = _write_at(field, index)
    field.run("UPDATE journal_leaves SET index = index + %s WHERE index >= %s", APART, index)
    field.run("UPDATE journal_leaves SET index = index - %s WHERE index >= %s", APART - 1, APART)
    field.run(
        "INSERT INTO journal_leaves (index, entry_id, xid, seq, leaf) VALUES (%s, %s, %s, %s, %s)",
        index, row["id"], *where, leaf_hash(row["body"]),
    )  # fmt: skip


def insert_behind(field: Field) -> None:
    """An invented entry that says it is old, and would never be sealed."""
    _write_at(field, field.place())


def swap_places(field: Field) -> None:
    """Two leaves change places."""
    first, second = field.two()
    field.run("UPDATE journal_leaves SET index = %s WHERE index = %s", APART, first)
    field.run("UPDATE journal_leaves SET index = %s WHERE index = %s", first, second)
    field.run("UPDATE journal_leaves SET index = %s WHERE index = %s", second, APART)


def swap_words(field: Field) -> None:
    """Two entries change their bytes."""
    (one, first), (other, second) = map(field.at, field.two())
    field.run("UPDATE journal_entries SET body = %s WHERE id = %s", second, one)
    field.run("UPDATE journal_entries SET body = %s WHERE id = %s", first, other)


def point_elsewhere(field: Field) -> None:
    """A leaf stands for another entry than its own."""
    index = field.place()
    old, _ = field.at(index)
    new = _write(field.conn)["id"]
    field.run("UPDATE journal_leaves SET entry_id = %s WHERE entry_id = %s", new, old)


def change_number(field: Field) -> None:
    """The transaction or the running number of an entry, or of its leaf."""
    table = field.dice.choice(["journal_entries", "journal_leaves"])
    setting = field.dice.choice(["xid = (xid::text::bigint + 7)::text::xid8", "seq = seq + 100000"])
    key = "id" if table == "journal_entries" else "entry_id"
    field.run(f"UPDATE {table} SET {setting} WHERE {key} = %s", field.at(field.place())[0])  # noqa: S608 - from two lists


def change_number_everywhere(field: Field) -> None:
    """The same in both, so that they agree and only their order does not."""
    entry_id, _ = field.at(field.dice.randrange(field.outside.size - 1))
    for table, key in (("journal_entries", "id"), ("journal_leaves", "entry_id")):
        field.run(f"UPDATE {table} SET seq = seq + 100000, xid = '999999999' WHERE {key} = %s", entry_id)  # noqa: S608


def cut_off_the_end(field: Field) -> None:
    """Everything behind a place goes, in every table, and with it the checkpoints."""
    left = field.place()
    field.run(
        "DELETE FROM journal_entries WHERE id IN (SELECT entry_id FROM journal_leaves WHERE index >= %s)"
        " OR NOT EXISTS (SELECT FROM journal_leaves l WHERE l.entry_id = journal_entries.id)",
        left,
    )
    field.run("DELETE FROM journal_leaves WHERE index >= %s", left)
    field.run("DELETE FROM checkpoints WHERE size > %s", left)


def grow_again(field: Field) -> None:
    """The end is cut off, and other entries stand there in its place."""
    cut_off_the_end(field)
    row = field.conn.execute("SELECT count(*) FROM journal_leaves").fetchone()
    left = int(row[0]) if row else 0
    for index in range(left, field.outside.size + 5):
        made = _write(field.conn)
        field.run(
            "INSERT INTO journal_leaves (index, entry_id, xid, seq, leaf)"
            " SELECT %s, id, xid, seq, %s FROM journal_entries WHERE id = %s",
            index, leaf_hash(made["body"]), made["id"],
        )  # fmt: skip


def spoil_tile(field: Field) -> None:
    """A hash of the tree, a tile less, or one hash more."""
    level, index, hashes = field.dice.choice(
        field.conn.execute("SELECT level, index, hashes FROM journal_tiles").fetchall()
    )
    spot = field.dice.randrange(len(hashes))
    spoilt = field.dice.choice(
        [
            hashes[:spot] + bytes([hashes[spot] ^ 1]) + hashes[spot + 1 :],
            hashes[:-32],
            hashes + field.dice.randbytes(32),
        ]
    )
    width = len(spoilt) // 32 if field.dice.random() < 0.5 else len(hashes) // 32
    field.run(
        "UPDATE journal_tiles SET hashes = %s, width = %s WHERE level = %s AND index = %s", spoilt, width, level, index
    )


def delete_tile(field: Field) -> None:
    """A tile is gone."""
    field.run("DELETE FROM journal_tiles WHERE (level, index) IN (SELECT level, index FROM journal_tiles"
              " ORDER BY random() LIMIT 1)")  # fmt: skip


def spoil_checkpoint(field: Field) -> None:
    """What the columns say, what the note says, another's signature, or none."""
    stranger = Signer(field.signer.origin, _a_key(field.dice))
    note = stranger.sign(field.outside.size, field.outside.root)
    change = field.dice.choice([
        ("root = sha256(root)", ()), ("note = replace(note, E'\\n', E'\\n1')", ()), ("note = %s", (note,)),
        ("size = size + 1", ()),
    ])  # fmt: skip
    field.run(f"UPDATE checkpoints SET {change[0]} WHERE size = %s", *change[1], field.outside.size)  # noqa: S608


def delete_checkpoint(field: Field) -> None:
    """The one that left the house is gone here."""
    field.run("DELETE FROM checkpoints WHERE size = %s", field.outside.size)


def _a_key(dice: random.Random) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))


def rebuild(field: Field, *, sign: bool) -> None:
    """The tree anew over the forged leaves; with the stolen key the checkpoints too."""
    rows = field.conn.execute("SELECT leaf FROM journal_leaves ORDER BY index").fetchall()
    leaves, tiles = [bytes(row[0]) for row in rows], MemoryTiles()
    tiles.store(append(leaves, 0, tiles))
    field.run("DELETE FROM journal_tiles")
    with field.conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO journal_tiles (level, index, width, hashes) VALUES (%s, %s, %s, %s)",
            [(*place, len(hashes) // 32, hashes) for place, hashes in tiles.kept.items()],
        )
    if sign:
        sizes = {int(row[0]) for row in field.conn.execute("SELECT size FROM checkpoints").fetchall()}
        sizes = {size for size in sizes if 0 < size < len(leaves)} | {len(leaves)}
        field.run("DELETE FROM checkpoints")
        for size in sorted(sizes):
            root = root_at(size, tiles)
            note = field.signer.sign(size, root)
            field.run("INSERT INTO checkpoints (size, root, note) VALUES (%s, %s, %s)", size, root, note)


Attack = Callable[[Field], None]
ALONE: tuple[Attack, ...] = (
    change_words, change_a_byte, change_a_column, change_words_and_leaf, change_leaf, delete_entry,
    delete_entry_and_leaf, delete_and_close_up, insert_between, insert_behind, swap_places, swap_words,
    point_elsewhere, change_number, change_number_everywhere, cut_off_the_end, grow_again, spoil_tile, delete_tile,
    spoil_checkpoint, delete_checkpoint,
)  # fmt: skip
# After these a thief can make everything inside agree again, as far as the keys go.
REBUILT: tuple[Attack, ...] = (
    change_words_and_leaf, delete_and_close_up, insert_between, swap_places, cut_off_the_end, grow_again,
)  # fmt: skip


def attacks() -> Mapping[str, Attack]:
    """Every kind by its name."""
    named = {attack.__name__: attack for attack in ALONE}
    for attack in REBUILT:
        named[f"{attack.__name__}, tree rebuilt"] = _then_rebuilt(attack, sign=False)
        named[f"{attack.__name__}, rebuilt and signed with the stolen key"] = _then_rebuilt(attack, sign=True)
    return named


def _then_rebuilt(attack: Attack, *, sign: bool) -> Attack:
    def both(field: Field) -> None:
        attack(field)
        rebuild(field, sign=sign)

    return both


@dataclass(frozen=True)
class Outcome:
    """How many of each kind were tried, and which were not found."""

    tried: dict[str, int]
    missed: list[str]

    @property
    def total(self) -> int:
        """All attacks."""
        return sum(self.tried.values())


class _Undo(Exception):
    """Ends the transaction of an attack without leaving anything of it."""


def attack_again_and_again(field: Field, times: int) -> Outcome:
    """One attack after another, each in a transaction that is undone; every kind comes in turn, its place by chance."""
    kinds = list(attacks().items())
    missed: list[str] = []
    tried: Counter[str] = Counter()
    for number in range(times):
        name, attack = kinds[number % len(kinds)]
        tried[name] += 1
        if not is_found(field, attack):
            missed.append(f"{name} ({number})")
    return Outcome(dict(tried), missed)


def is_found(field: Field, attack: Attack) -> bool:
    """Whether the verifier notices, with the checkpoint that had left the house in its hand."""
    found = False
    with suppress(_Undo), field.conn.transaction():
        # The owner of the tables may take every guard away first.
        field.run("ALTER TABLE journal_entries DISABLE TRIGGER USER")
        field.run("ALTER TABLE journal_entries ALTER seq SET GENERATED BY DEFAULT")
        attack(field)
        verifier = Verifier(field.signer.verifier_key)
        found = not verify_on(field.conn, verifier, outside=[field.outside]).ok
        raise _Undo
    return found
