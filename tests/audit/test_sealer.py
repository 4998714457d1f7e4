"""The sealer on a real server: misses nothing, repeats nothing, signs over nothing that was altered."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import sql

from app.audit.checkpoints import Signer, Verifier
from app.audit.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from app.audit.sealer import DatabaseTiles, JournalDamaged, seal_once, start_epoch
from app.audit.verifier import Entry, Report, verify_journal
from app.infra.db import Door
from tests.audit.conftest import Conn, Connect

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIGNER = Signer("test/journal", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
VERIFIER = Verifier(SIGNER.verifier_key)
INSERT = "INSERT INTO journal_entries (id, at, tag, actor_kind, body) VALUES (%s, now(), 'a:b:c', 'system', %s)"


def write(conn: Conn, count: int = 1) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(INSERT, [(uuid4(), uuid4().bytes) for _ in range(count)])


def seal_all(conn: Conn, batch: int = 5000) -> int:
    total = 0
    while sealed := seal_once(conn, SIGNER, NOW, batch=batch):
        total += sealed
    return total


def verify(conn: Conn) -> Report:
    rows = conn.execute(
        "SELECT l.index, e.body, l.leaf FROM journal_leaves l"
        " LEFT JOIN journal_entries e ON e.id = l.entry_id ORDER BY l.index"
    ).fetchall()
    notes = [row[0] for row in conn.execute("SELECT note FROM checkpoints ORDER BY size").fetchall()]
    return verify_journal((Entry(*row) for row in rows), DatabaseTiles(conn), notes, VERIFIER)


def count(conn: Conn, table: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def test_entries_are_sealed_in_batches_and_the_whole_verifies(connect: Connect) -> None:
    conn = connect()
    assert seal_once(conn, SIGNER, NOW) == 0
    assert count(conn, "checkpoints") == 0
    write(conn, 700)
    assert [seal_once(conn, SIGNER, NOW, batch=300) for _ in range(4)] == [300, 300, 100, 0]
    write(conn, 5)
    assert seal_all(conn) == 5
    report = verify(conn)
    assert (report.ok, report.entries, report.checkpoints) == (True, 705, 4)


def test_each_entry_can_be_proved_and_each_checkpoint_follows_from_the_last(connect: Connect) -> None:
    conn = connect()
    write(conn, 300)
    seal_all(conn, 130)
    tiles = DatabaseTiles(conn)
    notes = [row[0] for row in conn.execute("SELECT note FROM checkpoints ORDER BY size").fetchall()]
    signed = [VERIFIER.verify(note) for note in notes]
    for old, new in pairwise(signed):
        proof = consistency_proof(old.size, new.size, tiles)
        assert verify_consistency(old.size, new.size, old.root, new.root, proof)
    bodies = conn.execute(
        "SELECT e.body FROM journal_leaves l JOIN journal_entries e ON e.id = l.entry_id ORDER BY index"
    ).fetchall()
    for index in (0, 255, 256, 299):
        proof = inclusion_proof(index, 300, tiles)
        assert verify_inclusion(leaf_hash(bodies[index][0]), index, 300, proof, signed[-1].root)


def test_one_large_transaction_is_sealed_over_several_batches(connect: Connect) -> None:
    conn = connect()
    with conn.transaction():
        write(conn, 1000)
    assert seal_all(conn, 64) == 1000
    assert verify(conn).ok


def test_what_may_still_be_overtaken_waits(connect: Connect) -> None:
    conn, slow, quick = connect(), connect(), connect()
    with slow.transaction():
        write(slow)
        write(quick, 3)
        assert seal_all(conn) == 0
    assert seal_all(conn) == 4
    assert verify(conn).ok


def test_an_aborted_transaction_leaves_no_gap_in_the_leaves(connect: Connect) -> None:
    conn = connect()
    write(conn, 2)
    with conn.transaction(force_rollback=True):
        write(conn, 3)
    write(conn, 2)
    assert seal_all(conn) == 4
    assert verify(conn).ok


def keep_writing(conn: Conn, seed: int, stop: threading.Event) -> int:
    dice, transactions = random.Random(seed), 0
    while not stop.is_set():
        with conn.transaction(force_rollback=dice.random() < 0.05):
            write(conn, dice.randint(1, 4))
            time.sleep(dice.choice([0, 0, 0.002, 0.02]))
        transactions += 1
    return transactions


def test_with_many_writers_committing_out_of_order_none_is_missed_or_repeated(connect: Connect) -> None:
    stop, conn, ends = threading.Event(), connect(), time.monotonic() + 4
    with ThreadPoolExecutor(12) as pool:
        writers = [pool.submit(keep_writing, connect(), seed, stop) for seed in range(12)]
        while time.monotonic() < ends:
            seal_once(conn, SIGNER, NOW, batch=50)
        stop.set()
        assert all(each.result() for each in writers)
    seal_all(conn)
    assert count(conn, "journal_entries") == count(conn, "journal_leaves") > 500
    assert verify(conn).ok


def test_two_sealers_never_seal_the_same_entry(connect: Connect) -> None:
    conn = connect()
    write(conn, 2000)

    def keep_sealing(mine: Conn) -> int:
        return sum(seal_once(mine, SIGNER, NOW, batch=50) for _ in range(60))

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(keep_sealing, [connect() for _ in range(4)]))
    assert sum(done) + seal_all(conn) == 2000
    assert verify(conn).ok


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE journal_tiles SET hashes = sha256('x') || substr(hashes, 33) WHERE level = 0",
        "UPDATE journal_tiles SET hashes = substr(hashes, 1, 32) WHERE level = 0",
        "DELETE FROM journal_tiles",
        "DELETE FROM journal_leaves WHERE index = 9",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET note = replace(note, '10', '11')",
    ],
)
def test_it_does_not_sign_over_a_tree_that_was_altered(connect: Connect, tamper: str) -> None:
    conn = connect()
    write(conn, 10)
    seal_all(conn)
    conn.execute(tamper)
    before = count(conn, "checkpoints"), count(conn, "journal_leaves")
    write(conn, 1)
    with pytest.raises(JournalDamaged):
        seal_once(conn, SIGNER, NOW)
    assert (count(conn, "checkpoints"), count(conn, "journal_leaves")) == before


def test_another_key_does_not_carry_on_the_journal(connect: Connect) -> None:
    conn = connect()
    write(conn, 10)
    seal_all(conn)
    write(conn, 1)
    with pytest.raises(JournalDamaged):
        seal_once(conn, Signer("test/journal", Ed25519PrivateKey.generate()), NOW)


def move_to_another_cluster(conn: Conn, ahead: int) -> None:
    """As after a restore: the entries bear transaction numbers that this cluster has yet to reach."""
    for table in ("journal_entries", "journal_leaves"):
        conn.execute(f"UPDATE {table} SET xid = (xid::text::bigint + {ahead})::text::xid8")


def test_without_a_new_epoch_a_restored_journal_would_wait_for_ever(connect: Connect) -> None:
    conn = connect()
    write(conn, 10)
    seal_all(conn)
    move_to_another_cluster(conn, 1_000_000)
    write(conn, 5)
    assert seal_all(conn) == 0


@pytest.mark.parametrize("ahead", [3, 12, 1_000_000])
def test_after_a_restore_nothing_is_missed_and_nothing_sealed_twice(connect: Connect, ahead: int) -> None:
    conn = connect()
    for _ in range(10):
        write(conn, 1)
    seal_all(conn)
    for _ in range(7):
        write(conn, 1)
    move_to_another_cluster(conn, ahead)
    assert start_epoch(conn, SIGNER, NOW) == 7
    # On past the numbers that the restored entries bear, so that they would be read again if they could.
    for _ in range(30):
        write(conn, 1)
        assert seal_all(conn) == 1
    assert count(conn, "journal_leaves") == 47
    assert verify(conn).ok
    assert start_epoch(conn, SIGNER, NOW) == 0
    write(conn, 1)
    assert seal_all(conn) == 1


def test_an_epoch_may_begin_with_an_empty_journal(connect: Connect) -> None:
    conn = connect()
    assert start_epoch(conn, SIGNER, NOW) == 0
    write(conn, 2)
    assert seal_all(conn) == 2
    assert verify(conn).ok


def test_a_day_of_a_large_city_is_sealed_in_seconds(connect: Connect) -> None:
    conn = connect()
    conn.execute(
        "INSERT INTO journal_entries (id, at, tag, actor_kind, body)"
        " SELECT gen_random_uuid(), now(), 'a:b:c', 'system', convert_to(repeat('x', 300) || n, 'UTF8')"
        " FROM generate_series(1, 20000) n"
    )
    began = time.monotonic()
    assert seal_all(conn) == 20_000
    assert 20_000 / (time.monotonic() - began) > 2_000
    assert verify(conn).ok


def test_the_sealers_own_role_may_do_all_that_sealing_needs_and_no_more(owner_url: str) -> None:
    with psycopg.connect(owner_url.replace("+psycopg", "")) as conn, conn.transaction(force_rollback=True):
        write(conn, 3)
        role = sql.Identifier(f"{conn.info.dbname}_{Door.SEALER}")
        conn.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
        # One transaction cannot wait for its own end; a new epoch needs the same rights and does not wait.
        assert start_epoch(conn, SIGNER, NOW) == 3
        assert seal_once(conn, SIGNER, NOW) == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute("DELETE FROM journal_leaves")
