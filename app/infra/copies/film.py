"""MP4, MOV, 3GP, M4A and HEIC: only what picture and sound are made of stays; all else becomes zeros in its place.

A list of what may stay, not of what must go: makers of telephones and cameras put places into boxes of their own.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from app.infra.copies.edits import Edit, Unstrippable, gaps

Read = Callable[[int, int], bytes]

PLAYED = {b"vide", b"soun"}
IN_MOVIE = {b"mvhd", b"trak"}
IN_TRACK = {b"tkhd", b"edts", b"mdia", b"tref", b"tapt"}
IN_MEDIA = {b"mdhd", b"hdlr", b"minf"}
IN_META = {b"hdlr", b"pitm", b"iinf", b"iloc", b"iprp", b"iref", b"dinf", b"idat"}
PICTURES = {b"hvc1", b"av01", b"grid", b"iden", b"iovl", b"tmap", b"jpeg"}
# Headers with the times of making and of change, in the version's width.
TIMED = {b"mvhd", b"tkhd", b"mdhd"}
LARGEST_TABLE = 64_000_000
# Of boxes side by side, and of pieces of a photo: more than that were made to tire whoever reads them.
MOST_BOXES, MOST_PIECES = 5_000, 10_000


@dataclass(frozen=True)
class Box:
    """One box of the ISO base media format."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(read: Read, start: int, end: int) -> Iterator[Box]:
    """The boxes of a stretch, one after the other."""
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        head = read(start, 16)
        length, kind = struct.unpack(">I4s", head[:8])
        body = start + 8
        if length == 1:
            length, body = struct.unpack(">Q", head[8:16])[0], start + 16
        length = length or end - start
        if length < body - start or start + length > end:
            raise Unstrippable
        yield Box(kind, start, body, start + length)
        start += length
    raise Unstrippable


def edits_of_film(read: Read, size: int) -> list[Edit]:
    """What to put over a film or a sound recording."""
    top = list(boxes(read, 0, size))
    movies = [box for box in top if box.kind == b"moov"]
    if len(movies) != 1 or any(box.kind == b"moof" for box in top):
        # Fragments name their pieces in a way of their own: such films stay here.
        raise Unstrippable
    kept = [(box.start, box.end) for box in top if box.kind == b"ftyp"]
    kept += [(box.start, box.body) for box in top if box.kind in {b"moov", b"mdat"}]
    edits = _left_out(kept, [box for box in top if box.kind not in {b"ftyp", b"moov", b"mdat"}])
    for box in boxes(read, movies[0].body, movies[0].end):
        played = box.kind in IN_MOVIE and (box.kind != b"trak" or _is_played(read, box))
        edits += _track(read, box, kept) if played else _left_out(kept, [box])
    return [*gaps(kept, size), *edits]


def _left_out(kept: list[tuple[int, int]], left: list[Box]) -> list[Edit]:
    """Only the heads of these stay, called free room: what is between the kept stretches becomes zeros."""
    kept += [(box.start, box.body) for box in left]
    return [_freed(box) for box in left]


def _freed(box: Box) -> Edit:
    return Edit(box.start + 4, 4, b"free")


def _track(read: Read, box: Box, kept: list[tuple[int, int]]) -> list[Edit]:
    """Keeps one header of the film, or one track with the pieces that it names."""
    kept.append((box.start, box.end))
    if box.kind in TIMED:
        return [_timeless(read, box)]
    edits: list[Edit] = []
    for inner in boxes(read, box.body, box.end):
        if inner.kind not in IN_TRACK:
            edits += _emptied(inner)
        elif inner.kind == b"tkhd":
            edits.append(_timeless(read, inner))
        elif inner.kind == b"mdia":
            edits += _media(read, inner, kept)
    return edits


def _media(read: Read, media: Box, kept: list[tuple[int, int]]) -> list[Edit]:
    edits: list[Edit] = []
    for inner in boxes(read, media.body, media.end):
        if inner.kind not in IN_MEDIA:
            edits += _emptied(inner)
        elif inner.kind == b"mdhd":
            edits.append(_timeless(read, inner))
        elif inner.kind == b"hdlr":
            edits += _nameless(inner)
        else:
            kept += _pieces(read, _one(read, inner, b"stbl"))
    return edits


def _emptied(box: Box) -> list[Edit]:
    """Zeros where the box stood, as free room."""
    return [_freed(box), Edit(box.body, box.end - box.body)]


def _timeless(read: Read, box: Box) -> Edit:
    return Edit(box.body + 4, 16 if read(box.body, 1) == b"\x01" else 8)


def _nameless(handler: Box) -> list[Edit]:
    """The maker's name for this kind of track."""
    start = handler.body + 24
    return [Edit(start, handler.end - start)] if handler.end > start else []


def _is_played(read: Read, track: Box) -> bool:
    handler = _one(read, _one(read, track, b"mdia"), b"hdlr")
    return read(handler.body + 8, 4) in PLAYED


def _one(read: Read, outer: Box, kind: bytes) -> Box:
    found = [box for box in boxes(read, outer.body, outer.end) if box.kind == kind]
    if len(found) != 1:
        raise Unstrippable
    return found[0]


def _pieces(read: Read, table: Box) -> list[tuple[int, int]]:
    """Where the samples of one track lie, chunk by chunk."""
    inner = {box.kind: box for box in boxes(read, table.body, table.end)}
    wide = b"co64" in inner
    if b"stsc" not in inner or b"stsz" not in inner or not (wide or b"stco" in inner):
        raise Unstrippable
    offsets = _numbers(read, inner[b"co64" if wide else b"stco"], 4, "Q" if wide else "I")
    runs = _numbers(read, inner[b"stsc"], 4, "I")
    sizes = _sizes(read, inner[b"stsz"])
    return list(_chunks(offsets, list(zip(runs[0::3], runs[1::3], strict=False)), sizes))


def _numbers(read: Read, box: Box, skip: int, width: str) -> list[int]:
    if box.end - box.body > LARGEST_TABLE:
        raise Unstrippable
    data = read(box.body + skip + 4, box.end - box.body - skip - 4)
    return list(struct.unpack(f">{len(data) // struct.calcsize(width)}{width}", data))


def _sizes(read: Read, box: Box) -> Callable[[int], int]:
    """How long the first so many samples are together; past the last one there is nothing more."""
    same, count = struct.unpack(">II", read(box.body + 4, 8))
    if same:
        return lambda number: int(same) * min(number, count)
    sums = [0, *accumulate(_numbers(read, box, 8, "I"))]
    return lambda number: sums[min(number, len(sums) - 1)]


def _chunks(offsets: list[int], runs: list[tuple[int, int]], until: Callable[[int], int]) -> Iterator[tuple[int, int]]:
    sample, run = 0, 0
    for number, offset in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        count = runs[run][1] if runs else 0
        length = until(sample + count) - until(sample)
        sample += count
        yield offset, offset + length


def edits_of_heic(read: Read, size: int) -> list[Edit]:
    """What to put over a photo in HEIC or AVIF."""
    top = list(boxes(read, 0, size))
    metas = [box for box in top if box.kind == b"meta"]
    if len(metas) != 1 or any(box.kind == b"moov" for box in top):
        raise Unstrippable
    meta = metas[0]
    inner = {box.kind: box for box in boxes(read, meta.body + 4, meta.end)}
    kinds = item_kinds(read, inner[b"iinf"]) if b"iinf" in inner else {}
    kept = [(box.start, box.end if box.kind == b"ftyp" else box.body) for box in top if box.kind in {b"ftyp", b"mdat"}]
    kept.append((meta.start, meta.body + 4))
    kept += [(box.start, box.end) for box in inner.values() if box.kind in IN_META - {b"idat"}]
    edits = _left_out(kept, [box for box in top if box.kind not in {b"ftyp", b"mdat", b"meta"}])
    edits += _left_out(kept, [box for box in inner.values() if box.kind not in IN_META])
    base = inner[b"idat"].body if b"idat" in inner else 0
    kept += [(inner[b"idat"].start, base)] if base else []
    for item, extents in places_of_items(read, inner.get(b"iloc"), base).items():
        kept += extents if kinds.get(item) in PICTURES else []
    return [*gaps(kept, size), *edits]


def item_kinds(read: Read, box: Box) -> dict[int, bytes]:
    """What each item of a photo is."""
    start = box.body + (6 if read(box.body, 1) == b"\x00" else 8)
    found = {}
    for entry in boxes(read, start, box.end):
        version = read(entry.body, 1)[0]
        if entry.kind != b"infe" or version not in (2, 3):
            raise Unstrippable
        wide = 2 if version == 2 else 4
        data = read(entry.body + 4, wide + 6)
        found[int.from_bytes(data[:wide])] = data[wide + 2 : wide + 6]
    return found


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self, width: int) -> int:
        piece = self.data[self.at : self.at + width]
        if len(piece) != width:
            raise Unstrippable
        self.at += width
        return int.from_bytes(piece)


def places_of_items(read: Read, box: Box | None, idat: int) -> dict[int, list[tuple[int, int]]]:
    """Where each item lies (`iloc`, versions 0 to 2)."""
    if box is None:
        raise Unstrippable
    data = _Reader(read(box.body, box.end - box.body))
    version = data.number(4) >> 24
    widths = data.number(2)
    offset, length, base, index = widths >> 12, widths >> 8 & 15, widths >> 4 & 15, widths & 15
    wide = 4 if version == 2 else 2
    found: dict[int, list[tuple[int, int]]] = {}
    pieces = 0
    for _ in range(data.number(wide)):
        item = data.number(wide)
        method = data.number(2) & 15 if version else 0
        if method > 1:
            raise Unstrippable
        data.number(2)
        start, extents = data.number(base) + (idat if method else 0), data.number(2)
        pieces += extents
        if pieces > MOST_PIECES:
            raise Unstrippable
        for _extent in range(extents):
            data.number(index if version else 0)
            at = start + data.number(offset)
            found.setdefault(item, []).append((at, at + data.number(length)))
    return found
