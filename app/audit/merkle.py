"""The Merkle tree of RFC 6962 over the journal, in tiles: fifty million entries cost a few reads."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

HASH = 32
# C2SP tlog-tiles: a tile is eight levels of the tree, kept as the 256 hashes at its foot.
HEIGHT = 8
WIDTH = 1 << HEIGHT
EMPTY_ROOT = hashlib.sha256(b"").digest()


class TileReader(Protocol):
    def tile(self, level: int, index: int) -> bytes: ...


class TreeError(Exception):
    """A tile is missing or too short for what was asked, or the question makes no sense."""


@dataclass(frozen=True)
class Tile:
    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        return len(self.hashes) // HASH


class MemoryTiles:
    """Tiles in a dictionary: for tests and for verifying an exported journal."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, index: int) -> bytes:
        return self.kept.get((level, index), b"")

    def store(self, tiles: Iterable[Tile]) -> None:
        self.kept.update({(tile.level, tile.index): tile.hashes for tile in tiles})


class CachedTiles:
    """Reads each tile once; for one question at one moment, never kept longer."""

    def __init__(self, reader: TileReader) -> None:
        self._reader = reader
        self._seen: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, index: int) -> bytes:
        place = (level, index)
        if place not in self._seen:
            self._seen[place] = self._reader.tile(level, index)
        return self._seen[place]


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes held in memory: RFC 6962, section 2.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node_hash(root(leaves[:split]), root(leaves[split:]))


def append(leaf_hashes: Sequence[bytes], size: int, reader: TileReader) -> list[Tile]:
    """The tiles that are new or changed once these leaves stand behind the first `size`."""
    if any(len(leaf) != HASH for leaf in leaf_hashes):
        raise TreeError("a leaf hash has 32 bytes")
    changed: list[Tile] = []
    level, count, fresh = 0, size, b"".join(leaf_hashes)
    while fresh:
        tiles = _grown(level, count, fresh, reader)
        changed += tiles
        # Only a full tile has a place in the level above; a partial one is written again as it fills.
        fresh = b"".join(fold(tile.hashes) for tile in tiles if tile.width == WIDTH)
        level, count = level + 1, count // WIDTH
    return changed


def root_at(size: int, reader: TileReader) -> bytes:
    if size < 0:
        raise TreeError("a tree has no negative size")
    return _range_hash(0, size, CachedTiles(reader)) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, reader: TileReader) -> list[bytes]:
    """RFC 6962, section 2.1.1: the hashes that lead from a leaf to the root of the first `size` entries."""
    if not 0 <= index < size:
        raise TreeError("the entry is not in a tree of that size")
    tiles, path = CachedTiles(reader), []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range_hash(middle, end, tiles))
            end = middle
        else:
            path.append(_range_hash(begin, middle, tiles))
            begin = middle
    return path[::-1]


def consistency_proof(old_size: int, new_size: int, reader: TileReader) -> list[bytes]:
    """RFC 6962, section 2.1.2: proves that the first `old_size` entries are still the first of `new_size`."""
    if not 0 <= old_size <= new_size:
        raise TreeError("a tree only grows")
    if old_size in (0, new_size):
        return []
    tiles, path = CachedTiles(reader), []
    begin, end = 0, new_size
    while end != old_size:
        middle = begin + _split(end - begin)
        if old_size <= middle:
            path.append(_range_hash(middle, end, tiles))
            end = middle
        else:
            path.append(_range_hash(begin, middle, tiles))
            begin = middle
    if begin:
        path.append(_range_hash(begin, end, tiles))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(step, found)
            node, last = _climb(node, last)
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    # When the old tree is a perfect one its own root is the first step, and the proof leaves it out.
    steps = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    return bool(steps) and _both_roots(old_size, new_size, steps) == (old_root, new_root)


def _both_roots(old_size: int, new_size: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            node, last = _climb(node, last)
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None


def _climb(node: int, last: int) -> tuple[int, int]:
    """Past the levels where this node stands alone on the right edge and no hash is given for it."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _split(count: int) -> int:
    """The largest power of two smaller than the count."""
    return 1 << ((count - 1).bit_length() - 1)


def _grown(level: int, count: int, fresh: bytes, reader: TileReader) -> list[Tile]:
    first, kept = count // WIDTH, count % WIDTH
    before = reader.tile(level, first)[: kept * HASH] if kept else b""
    if len(before) != kept * HASH:
        raise TreeError(f"tile {first} of level {level} is shorter than the tree")
    row, whole = before + fresh, WIDTH * HASH
    return [
        Tile(level, first + number, row[start : start + whole])
        for number, start in enumerate(range(0, len(row), whole))
    ]


def _range_hash(begin: int, end: int, tiles: TileReader) -> bytes:
    """The root over entries begin..end; begin stands where a subtree of at least that many begins."""
    parts = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        parts.append(_subtree(height, begin >> height, tiles))
        begin += 1 << height
    return reduce(lambda right, left: node_hash(left, right), reversed(parts))


def _subtree(height: int, number: int, tiles: TileReader) -> bytes:
    """The root of the perfect subtree of 2**height entries that has this number among its like."""
    level, above = divmod(height, HEIGHT)
    return fold(_hashes(level, number << above, 1 << above, tiles))


def _hashes(level: int, first: int, count: int, tiles: TileReader) -> bytes:
    index, offset = divmod(first, WIDTH)
    found = tiles.tile(level, index)[offset * HASH : (offset + count) * HASH]
    if len(found) != count * HASH:
        raise TreeError(f"tile {index} of level {level} is missing or too short")
    return found


def fold(hashes: bytes) -> bytes:
    """The root over a power of two of hashes that stand side by side."""
    sha256 = hashlib.sha256
    while len(hashes) > HASH:
        pair = 2 * HASH
        hashes = b"".join(
            [sha256(b"\x01" + hashes[start : start + pair]).digest() for start in range(0, len(hashes), pair)]
        )
    return hashes
