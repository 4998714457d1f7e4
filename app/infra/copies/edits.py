"""How a large file is changed on its way out: bytes put over others at the same place, or stretches left out."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias


class Unstrippable(Exception):
    """We cannot be sure that nothing hidden stays in it: no copy leaves."""


@dataclass(frozen=True)
class Edit:
    """New bytes for a stretch of the same length; none: zeros."""

    start: int
    length: int
    data: bytes = b""


# Bytes of our own, or a stretch of the file: start and length.
Span: TypeAlias = bytes | tuple[int, int]


def edited(pieces: Iterable[bytes], edits: Sequence[Edit]) -> Iterator[bytes]:
    """The file with the edits put over it, one after the other: nothing moves, so every offset in it holds."""
    at, waiting = 0, deque(sorted(edits, key=lambda edit: edit.start))
    for piece in pieces:
        end = at + len(piece)
        touching = [edit for edit in _until(waiting, end) if edit.start + edit.length > at]
        yield _over(piece, at, touching) if touching else piece
        while waiting and waiting[0].start + waiting[0].length <= end:
            waiting.popleft()
        at = end


def _until(waiting: Iterable[Edit], end: int) -> Iterator[Edit]:
    for edit in waiting:
        if edit.start >= end:
            return
        yield edit


def _over(piece: bytes, at: int, edits: Iterable[Edit]) -> bytes:
    changed = bytearray(piece)
    for edit in edits:
        first, last = max(edit.start, at), min(edit.start + edit.length, at + len(piece))
        new = edit.data[first - edit.start : last - edit.start] if edit.data else bytes(last - first)
        changed[first - at : last - at] = new
    return bytes(changed)


def spans(kept: Sequence[Span], read: Callable[[int, int], Iterable[bytes]]) -> Iterator[bytes]:
    """The kept stretches, one after the other."""
    for span in kept:
        if isinstance(span, bytes):
            yield span
        else:
            yield from read(*span)


def gaps(kept: Iterable[tuple[int, int]], size: int) -> list[Edit]:
    """Zeros for everything between the kept stretches."""
    found, at = [], 0
    for start, end in sorted(kept):
        if start > at:
            found.append(Edit(at, start - at))
        at = max(at, end)
    return [*found, Edit(at, size - at)] if at < size else found
