"""Proves a journal, or names where it was tampered with: reads only, and derives everything anew."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from app.audit.checkpoints import BadCheckpoint, Checkpoint, Verifier
from app.audit.merkle import HASH, WIDTH, TileReader, TreeError, fold, leaf_hash, root_at
from app.kernel.canonical import Json

MOST = 20


@dataclass(frozen=True)
class Entry:
    """A leaf as it is stored, and the entry it stands for.

    `copies` are the columns beside the body, as text, named by their place in it: "tag", "case", "actor.id".
    """

    index: int
    body: bytes | None
    leaf: bytes
    copies: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    index: int | None
    what: str


@dataclass(frozen=True)
class Report:
    entries: int
    checkpoints: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


def verify_journal(
    entries: Iterable[Entry],
    tiles: TileReader,
    notes: Iterable[str],
    verifier: Verifier,
    *,
    since: Checkpoint | None = None,
    outside: Sequence[Checkpoint] = (),
    most: int = MOST,
) -> Report:
    """Entries by index from `since` on and notes by size, all read in one snapshot of the database.

    `outside` are checkpoints that had left the house: whoever holds every key inside still cannot alter those.
    """
    run = _Run(tiles, notes, verifier, outside, most)
    with suppress(_Enough):
        run.check(entries, since)
    return Report(run.entries, run.checkpoints, tuple(run.found))


class GrownTree:
    """The right edge of a tree that grows leaf by leaf: one row of at most 255 hashes for each level."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[bytes] = [b""]

    @classmethod
    def resumed(cls, size: int, tiles: TileReader) -> "GrownTree":
        tree, count, level = cls(), size, 0
        tree.size = size
        while count:
            kept = count % WIDTH * HASH
            row = tiles.tile(level, count // WIDTH)[:kept] if kept else b""
            tree._place(level, row)
            count, level = count // WIDTH, level + 1
        return tree

    def tile(self, level: int, index: int) -> bytes:
        """As a reader of tiles it knows the unfinished ones, which are all that its own root is made of."""
        return self._rows[level] if level < len(self._rows) and index == self.size >> 8 * (level + 1) else b""

    def root(self) -> bytes:
        return root_at(self.size, self)

    def unfinished(self) -> Iterator[tuple[int, int, bytes]]:
        for level, row in enumerate(self._rows):
            yield level, self.size >> 8 * (level + 1), row

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Appends a leaf and gives each tile that it filled, with its place."""
        self.size += 1
        level, fresh = 0, leaf
        while fresh:
            row = (self._rows[level] if level < len(self._rows) else b"") + fresh
            full = len(row) == WIDTH * HASH
            self._place(level, b"" if full else row)
            if not full:
                return
            yield level, (self.size >> 8 * (level + 1)) - 1, row
            level, fresh = level + 1, fold(row)

    def _place(self, level: int, row: bytes) -> None:
        self._rows += [b""] * (level + 1 - len(self._rows))
        self._rows[level] = row


class _Enough(Exception):
    """As many differences as were asked for."""


class _Run:
    def __init__(
        self, tiles: TileReader, notes: Iterable[str], verifier: Verifier, outside: Sequence[Checkpoint], most: int
    ) -> None:
        self.entries = 0
        self._outside = sorted(outside, key=lambda each: each.size)
        self.checkpoints = 0
        self.found: list[Difference] = []
        self._tiles = tiles
        self._notes = iter(notes)
        self._verifier = verifier
        self._most = most
        self._tree = GrownTree()
        self._from = self._signed = 0

    def check(self, entries: Iterable[Entry], since: Checkpoint | None) -> None:
        if since is not None and not self._resumes(since):
            return
        self._outside = [each for each in self._outside if each.size >= self._from]
        self._next = self._next_checkpoint()
        self._compare_checkpoints()
        for entry in entries:
            if entry.index != self._tree.size:
                self._say(self._tree.size, f"the next leaf is numbered {entry.index}")
                return
            self._check_entry(entry)
            self._compare_checkpoints()
        self._finish()

    def _say(self, index: int | None, what: str) -> None:
        self.found.append(Difference(index, what))
        if len(self.found) >= self._most:
            raise _Enough

    def _resumes(self, since: Checkpoint) -> bool:
        try:
            self._tree = GrownTree.resumed(since.size, self._tiles)
            found = self._tree.root()
        except TreeError:
            found = b""
        if found != since.root:
            self._say(None, f"the tiles do not lead to the checkpoint of {since.size} entries")
        self._from = self._signed = since.size
        return found == since.root

    def _check_entry(self, entry: Entry) -> None:
        self.entries += 1
        if entry.body is None:
            self._say(entry.index, "the entry is gone")
        elif leaf_hash(entry.body) != entry.leaf:
            self._say(entry.index, "the entry is not the one that was sealed")
        elif entry.copies:
            self._check_copies(entry.index, entry.body, entry.copies)
        # Goes on with the leaf as stored: whether it is the sealed one, tiles and checkpoints tell.
        for place in self._tree.add(entry.leaf.ljust(HASH, b"\x00")[:HASH]):
            self._compare(*place)

    def _check_copies(self, index: int, data: bytes, copies: Mapping[str, str | None]) -> None:
        try:
            # That these are the bytes sealed is proved by their hash; here only their fields are asked for.
            body = json.loads(data)
        except ValueError:
            self._say(index, "the entry is not JSON")
            return
        for name, copy in copies.items():
            if _field(body, name) != copy:
                self._say(index, f"the column for {name} is not what the entry says")

    def _compare(self, level: int, index: int, hashes: bytes) -> None:
        if self._tiles.tile(level, index) != hashes:
            self._say(None, f"tile {index} of level {level} does not follow from the entries")

    def _compare_checkpoints(self) -> None:
        while self._next is not None and self._next.size <= self._tree.size:
            checkpoint, self._next = self._next, self._next_checkpoint()
            self._compare_checkpoint(checkpoint)

        while self._outside and self._outside[0].size == self._tree.size:
            self._compare_outside(self._outside.pop(0))

    def _compare_outside(self, kept: Checkpoint) -> None:
        if kept.root != self._tree.root():
            self._say(None, f"the first {kept.size} entries are not those of the checkpoint that was kept outside")
        elif self._signed != kept.size:
            self._say(None, f"the checkpoint of {kept.size} entries that was kept outside is gone here")

    def _compare_checkpoint(self, checkpoint: Checkpoint) -> None:
        if checkpoint.size < self._from:
            return
        self.checkpoints += 1
        self._signed = checkpoint.size
        if checkpoint.size < self._tree.size:
            self._say(None, f"the checkpoint of {checkpoint.size} entries is out of its order")
        elif checkpoint.root != self._tree.root():
            self._say(None, f"the root of {checkpoint.size} entries is not the one signed")

    def _next_checkpoint(self) -> Checkpoint | None:
        for note in self._notes:
            try:
                return self._verifier.verify(note)
            except BadCheckpoint as error:
                self._say(None, f"a checkpoint is not valid: {error}")
        return None

    def _finish(self) -> None:
        size = self._tree.size
        if self._next is not None:
            self._say(None, f"a checkpoint was signed over {self._next.size} entries; {size} are left")
        elif self._signed < size:
            # The sealer writes leaves and their checkpoint in one transaction: one alone is a forgery.
            self._say(None, f"{size} entries are sealed, but only {self._signed} are signed for")
        for kept in self._outside:
            self._say(None, f"a checkpoint kept outside counts {kept.size} entries; {size} are left")
        for place in self._tree.unfinished():
            self._compare(*place)


def _field(body: Json, name: str) -> Json:
    for part in name.split("."):
        body = body.get(part) if isinstance(body, Mapping) else None
    return body
