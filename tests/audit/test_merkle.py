"""The tree against published vectors, against RFC 6962's own recursion, and against forgers."""

import hashlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.merkle import (
    EMPTY_ROOT,
    HASH,
    WIDTH,
    CachedTiles,
    MemoryTiles,
    TreeError,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    root_at,
    verify_consistency,
    verify_inclusion,
)

# The inputs and roots that the certificate-transparency reference implementations test with.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}

SIZES = st.integers(1, 700) | st.sampled_from([255, 256, 257, 511, 512, 513])


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def grown(leaves: list[bytes], steps: Iterable[int] = ()) -> MemoryTiles:
    """The tiles of these leaves, appended in steps of the given sizes."""
    tiles, size = MemoryTiles(), 0
    for step in steps:
        tiles.store(append(leaves[size : size + step], size, tiles))
        size = min(size + step, len(leaves))
    tiles.store(append(leaves[size:], size, tiles))
    return tiles


class Counting:
    """A reader that counts, so that "few reads" is a test and not a hope."""

    def __init__(self, inner: MemoryTiles) -> None:
        self.inner, self.reads = inner, 0

    def tile(self, level: int, index: int) -> bytes:
        self.reads += 1
        return self.inner.tile(level, index)


class Repeating:
    """The tiles of a journal of any size whose entries are all the same: a big tree without big memory."""

    def __init__(self, size: int) -> None:
        self.size, self.reads, self.perfect = size, 0, [leaf_hash(b"")]
        for _ in range(40):
            self.perfect.append(node_hash(self.perfect[-1], self.perfect[-1]))

    def tile(self, level: int, index: int) -> bytes:
        self.reads += 1
        width = min((self.size >> 8 * level) - index * WIDTH, WIDTH)
        return self.perfect[8 * level] * width

    def root(self) -> bytes:
        found = b""
        for height in range(self.size.bit_length()):
            if self.size >> height & 1:
                found = node_hash(self.perfect[height], found) if found else self.perfect[height]
        return found


def test_the_roots_of_the_published_inputs() -> None:
    leaves = [leaf_hash(data) for data in INPUTS]
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root(leaves[:size]).hex() for size in range(1, 9)] == ROOTS
    assert [root_at(size, grown(leaves)).hex() for size in range(1, 9)] == ROOTS


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_the_published_inclusion_proofs(place: tuple[int, int], path: list[str]) -> None:
    tiles = grown([leaf_hash(data) for data in INPUTS])
    assert [step.hex() for step in inclusion_proof(*place, tiles)] == path


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_the_published_consistency_proofs(sizes: tuple[int, int], path: list[str]) -> None:
    tiles = grown([leaf_hash(data) for data in INPUTS])
    assert [step.hex() for step in consistency_proof(*sizes, tiles)] == path


@settings(deadline=None, max_examples=60)
@given(SIZES, st.lists(st.integers(1, 400), max_size=5))
def test_however_the_leaves_arrived_the_tiles_and_the_root_are_the_same(size: int, steps: list[int]) -> None:
    leaves = leaves_of(size)
    tiles = grown(leaves, steps)
    assert tiles.kept == grown(leaves).kept
    assert root_at(size, tiles) == root(leaves)


def test_every_tile_but_the_last_of_a_level_is_full_and_levels_shrink_by_256() -> None:
    tiles = grown(leaves_of(66_000), [1000] * 66)
    widths = {place: len(hashes) // HASH for place, hashes in tiles.kept.items()}
    for level, count in ((0, 66_000), (1, 257), (2, 1)):
        row = [widths[place] for place in sorted(widths) if place[0] == level]
        assert row[:-1] == [WIDTH] * (len(row) - 1)
        assert sum(row) == count
    assert max(level for level, _ in widths) == 2


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_each_entry_is_proved_in_each_tree_it_belongs_to(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size + data.draw(st.integers(0, 300)))
    proof = inclusion_proof(index, size, grown(leaves))
    whole = root(leaves[:size])
    assert verify_inclusion(leaves[index], index, size, proof, whole)
    assert not verify_inclusion(leaf_hash(b"another"), index, size, proof, whole)
    assert not verify_inclusion(leaves[index], index, size, proof, EMPTY_ROOT)
    assert not verify_inclusion(leaves[index], index, size, [*proof, whole], whole)
    if size > 1:
        assert not verify_inclusion(leaves[index], (index + 1) % size, size, proof, whole)
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], whole)
        assert not verify_inclusion(leaves[index], index, size, [whole, *proof[1:]], whole)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_an_earlier_tree_is_proved_to_be_the_beginning_of_a_later_one(data: st.DataObject) -> None:
    new = data.draw(SIZES)
    old = data.draw(st.integers(0, new))
    leaves = leaves_of(new)
    before, after = root(leaves[:old]), root(leaves)
    proof = consistency_proof(old, new, grown(leaves))
    assert verify_consistency(old, new, before, after, proof)
    if old > 0:
        # From an empty tree anything may have grown: there is nothing to be consistent with.
        assert not verify_consistency(old, new, before, leaf_hash(b"x"), proof)
        assert not verify_consistency(old, new, leaf_hash(b"x"), after, proof)
    if 0 < old < new:
        assert not verify_consistency(old, new, before, after, proof[:-1])
        assert not verify_consistency(old, new, before, after, [*proof, after])
        assert not verify_consistency(new, old, after, before, proof)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_history_rewritten_cannot_be_proved(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 600))
    old = data.draw(st.integers(1, new - 1))
    leaves = leaves_of(new)
    changed = list(leaves)
    changed[data.draw(st.integers(0, old - 1))] = leaf_hash(b"forged")
    forged = consistency_proof(old, new, grown(changed))
    assert not verify_consistency(old, new, root(leaves[:old]), root(changed), forged)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 9), st.integers(-2, 9), st.lists(st.binary(min_size=32, max_size=32), max_size=5))
def test_rubbish_proofs_are_refused_without_an_exception(first: int, second: int, proof: list[bytes]) -> None:
    whole = hashlib.sha256(b"whole").digest()
    assert not verify_inclusion(whole, second, first, proof, leaf_hash(b"x"))
    assert verify_consistency(first, second, whole, leaf_hash(b"x"), proof) is False


def test_a_proof_of_the_wrong_length_is_refused_even_where_its_hashes_meet() -> None:
    one, two, three = leaves_of(3)
    assert not verify_inclusion(one, 0, 2, [], one)
    assert not verify_inclusion(one, 0, 1, [two], node_hash(two, one))
    # From three entries to four takes three hashes: these roots follow from two, and from four.
    assert not verify_consistency(3, 4, one, node_hash(one, two), [one, two])
    old, new = node_hash(three, one), node_hash(three, node_hash(one, two))
    assert verify_consistency(3, 4, old, new, [one, two, three])
    longer = node_hash(one, old), node_hash(one, new)
    assert not verify_consistency(3, 4, *longer, [one, two, three, one])


@pytest.mark.parametrize("size", [50_000_000, 2**24, 2**25 - 1, 50_331_648 + 257])
def test_fifty_million_entries_cost_a_handful_of_reads(size: int) -> None:
    tiles = Repeating(size)
    assert root_at(size, tiles) == tiles.root()
    assert tiles.reads <= 8
    for index in (0, 1, size // 3, size - 1):
        tiles.reads = 0
        proof = inclusion_proof(index, size, tiles)
        assert tiles.reads <= 8
        assert verify_inclusion(leaf_hash(b""), index, size, proof, tiles.root())
    tiles.reads = 0
    old = Repeating(size // 2 + 12_345)
    proof = consistency_proof(old.size, size, tiles)
    assert tiles.reads <= 12
    assert verify_consistency(old.size, size, old.root(), tiles.root(), proof)


def test_appending_reads_only_the_unfinished_tiles_of_the_right_edge() -> None:
    tiles = grown(leaves_of(66_000))
    counting = Counting(tiles)
    changed = append(leaves_of(10), 66_000, counting)
    assert (counting.reads, [(tile.level, tile.index) for tile in changed]) == (1, [(0, 257)])


def test_a_tile_is_read_once_for_one_question() -> None:
    counting = Counting(grown(leaves_of(300)))
    cached = CachedTiles(counting)
    assert [cached.tile(0, 1), cached.tile(0, 1)] == [counting.inner.tile(0, 1)] * 2
    assert counting.reads == 1


def test_a_missing_or_short_tile_is_an_error_and_never_a_wrong_root() -> None:
    tiles = grown(leaves_of(300))
    tiles.kept[0, 1] = tiles.kept[0, 1][:-HASH]
    for ask in (
        lambda: root_at(300, tiles),
        lambda: append(leaves_of(1), 300, tiles),
        lambda: root_at(400, tiles),
        lambda: inclusion_proof(298, 300, tiles),
        lambda: inclusion_proof(300, 300, tiles),
        lambda: consistency_proof(301, 300, tiles),
        lambda: root_at(-1, tiles),
        lambda: append([b"short"], 300, tiles),
    ):
        with pytest.raises(TreeError):
            ask()
