"""The verifier finds every way in which a journal can be altered, and finds nothing in one that was not."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.checkpoints import Checkpoint, Signer, Verifier
from app.audit.merkle import HASH, MemoryTiles, append, leaf_hash, root_at
from app.audit.verifier import Entry, GrownTree, Report, verify_journal
from app.kernel.canonical import canonical_json

SIGNER = Signer("test/journal", Ed25519PrivateKey.from_private_bytes(b"k" * 32))


@dataclass
class Journal:
    entries: list[Entry]
    tiles: MemoryTiles
    notes: list[str]

    def verify(self, since: Checkpoint | None = None, most: int = 20) -> Report:
        entries = self.entries[since.size if since else 0 :]
        return verify_journal(entries, self.tiles, self.notes, Verifier(SIGNER.verifier_key), since=since, most=most)

    def forge(self, index: int, body: bytes) -> None:
        self.entries[index] = Entry(index, body, leaf_hash(body))


def entry(index: int) -> Entry:
    body = canonical_json({"tag": "a:b:c", "actor": {"id": str(index), "kind": "system"}, "case": None})
    copies = {"tag": "a:b:c", "actor.id": str(index), "actor.kind": "system", "case": None}
    return Entry(index, body, leaf_hash(body), copies)


def journal(count: int = 700, every: int = 100) -> Journal:
    kept = Journal([entry(index) for index in range(count)], MemoryTiles(), [])
    seal(kept, every)
    return kept


def seal(kept: Journal, every: int) -> None:
    kept.tiles, kept.notes = MemoryTiles(), []
    leaves = [entry.leaf for entry in kept.entries]
    for size in range(0, len(leaves), every):
        kept.tiles.store(append(leaves[size : size + every], size, kept.tiles))
        grown = min(size + every, len(leaves))
        kept.notes.append(SIGNER.sign(grown, root_at(grown, kept.tiles)))


def checkpoint(kept: Journal, place: int) -> Checkpoint:
    return Verifier(SIGNER.verifier_key).verify(kept.notes[place])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 600), st.integers(20, 300))
def test_an_untouched_journal_has_no_differences(count: int, every: int) -> None:
    report = journal(count, every).verify()
    assert (report.ok, report.entries, report.checkpoints) == (True, count, -(-count // every))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 6))
def test_it_may_begin_at_any_checkpoint(place: int) -> None:
    kept = journal()
    since = checkpoint(kept, place)
    report = kept.verify(since)
    assert (report.ok, report.entries, report.checkpoints) == (True, 700 - since.size, 7 - place)


def change_body(kept: Journal) -> None:
    kept.entries[431] = replace(kept.entries[431], body=b"{}", copies={})


def change_body_and_leaf(kept: Journal) -> None:
    kept.forge(431, b"{}")


def change_body_leaf_and_tiles(kept: Journal) -> None:
    kept.forge(431, b"{}")
    notes = kept.notes
    seal(kept, 100)
    kept.notes = notes


def change_last_leaf(kept: Journal) -> None:
    kept.forge(699, b"{}")


def swap_two(kept: Journal) -> None:
    kept.entries[5], kept.entries[6] = (
        replace(kept.entries[6], index=5),
        replace(kept.entries[5], index=6),
    )


def delete_entry(kept: Journal) -> None:
    kept.entries[5] = replace(kept.entries[5], body=None)


def delete_leaf(kept: Journal) -> None:
    del kept.entries[5]


def delete_and_renumber(kept: Journal) -> None:
    del kept.entries[5]
    kept.entries = [replace(entry, index=index) for index, entry in enumerate(kept.entries)]


def delete_tail(kept: Journal) -> None:
    del kept.entries[650:]


def delete_tail_and_its_checkpoint(kept: Journal) -> None:
    del kept.entries[650:], kept.notes[-1]


def delete_last_checkpoint(kept: Journal) -> None:
    del kept.notes[-1]


def spoil_tile(kept: Journal) -> None:
    kept.tiles.kept[0, 1] = b"\x00" * HASH + kept.tiles.kept[0, 1][HASH:]


def spoil_upper_tile(kept: Journal) -> None:
    kept.tiles.kept[1, 0] = kept.tiles.kept[1, 0][:-1] + b"\x00"


def delete_tile(kept: Journal) -> None:
    del kept.tiles.kept[0, 2]


def change_column(kept: Journal) -> None:
    kept.entries[9] = replace(kept.entries[9], copies=kept.entries[9].copies | {"actor.id": "10"})  # type: ignore[operator]


def forge_note(kept: Journal) -> None:
    kept.notes[3] = Signer("test/journal", Ed25519PrivateKey.generate()).sign(400, b"r" * 32)


def sign_another_root(kept: Journal) -> None:
    kept.notes[3] = SIGNER.sign(400, b"r" * 32)


def sign_an_empty_tree_otherwise(kept: Journal) -> None:
    kept.notes.insert(0, SIGNER.sign(0, b"r" * 32))


def reorder_notes(kept: Journal) -> None:
    kept.notes[2], kept.notes[3] = kept.notes[3], kept.notes[2]


@pytest.mark.parametrize(
    "tamper",
    [
        change_body,
        change_body_and_leaf,
        change_body_leaf_and_tiles,
        change_last_leaf,
        swap_two,
        delete_entry,
        delete_leaf,
        delete_and_renumber,
        delete_tail,
        delete_tail_and_its_checkpoint,
        delete_last_checkpoint,
        spoil_tile,
        spoil_upper_tile,
        delete_tile,
        change_column,
        forge_note,
        sign_another_root,
        sign_an_empty_tree_otherwise,
        reorder_notes,
    ],
)
def test_tampering_is_found(tamper: Callable[[Journal], None]) -> None:
    kept = journal()
    tamper(kept)
    assert not kept.verify().ok


def test_the_altered_entry_is_named() -> None:
    kept = journal()
    change_body(kept)
    assert [difference.index for difference in kept.verify().differences] == [431]


def test_the_missing_leaf_is_named_and_nothing_else() -> None:
    kept = journal()
    delete_leaf(kept)
    assert [difference.index for difference in kept.verify().differences] == [5]


def test_a_journal_rewritten_from_end_to_end_is_found_by_a_checkpoint_kept_outside() -> None:
    kept = journal()
    outside = checkpoint(kept, 4)
    kept.forge(431, b"{}")
    seal(kept, 100)
    assert kept.verify().ok  # signed anew by whoever stole the key
    assert not kept.verify(outside).ok


def test_a_journal_cut_short_is_found_by_a_checkpoint_kept_outside() -> None:
    outside = checkpoint(journal(), 6)
    short = journal(600)
    assert short.verify().ok
    assert not short.verify(outside).ok


def test_it_stops_at_as_many_differences_as_were_asked_for() -> None:
    kept = journal()
    kept.entries = [replace(entry, body=None) for entry in kept.entries]
    assert len(kept.verify(most=3).differences) == 3


def test_a_leaf_of_another_length_does_not_shift_the_rest() -> None:
    kept = journal()
    kept.entries[3] = replace(kept.entries[3], leaf=kept.entries[3].leaf + b"\x00")
    assert kept.verify().differences[0].index == 3


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 600), st.integers(0, 600))
def test_the_right_edge_resumed_from_tiles_is_the_one_grown_leaf_by_leaf(first: int, more: int) -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(first + more)]
    tiles, tree = MemoryTiles(), GrownTree()
    tiles.store(append(leaves, 0, tiles))
    for leaf in leaves[:first]:
        list(tree.add(leaf))
    again = GrownTree.resumed(first, tiles)
    assert again.root() == tree.root() == root_at(first, tiles)
    for leaf in leaves[first:]:
        assert list(again.add(leaf)) == list(tree.add(leaf))
    assert again.root() == root_at(first + more, tiles)
