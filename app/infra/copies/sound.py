"""WAV, MP3, AMR and AAC: the sound, without what was written about it."""

from collections.abc import Callable, Sequence
from typing import NoReturn

from app.infra.copies.edits import Span, Unstrippable

Read = Callable[[int, int], bytes]

WAV_KEPT = {b"fmt ", b"fact", b"data"}
# More than any recorder writes.
MOST_CHUNKS, MOST_TAGS = 2_000, 100
# Sixteen hours of fifty frames a second.
MOST_FRAMES = 3_000_000
BLOCK = 1024 * 1024
# How long a frame is with its head, by its kind; kinds without a length are none that a recorder writes.
AMR = {
    b"#!AMR\n": (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1),
    b"#!AMR-WB\n": (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1),
}


def spans_of_wav(read: Read, size: int) -> Sequence[Span]:
    """Without names, places and times."""
    kept: list[tuple[int, int]] = []
    at = 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > size:
            break
        head = read(at, 8)
        length = int.from_bytes(head[4:8], "little")
        whole = 8 + length + (length & 1)
        if head[:4] in WAV_KEPT:
            kept.append((at, min(whole, size - at)))
        at += whole
    if len(kept) < 2 or at + 8 <= size:
        raise Unstrippable
    total = 4 + sum(length for _, length in kept)
    return [b"RIFF" + total.to_bytes(4, "little") + b"WAVE", *kept]


def spans_of_mp3(read: Read, size: int) -> Sequence[Span]:
    """Without the tags before and after the sound."""
    start = _behind_tags(read)
    end = size - 128 if size - start > 128 and read(size - 128, 3) == b"TAG" else size
    first = read(start, 2)
    if len(first) < 2 or first[0] != 0xFF or first[1] & 0xE0 != 0xE0 or b"APETAGEX" in read(max(end - 32, start), 32):
        raise Unstrippable
    return [(start, end - start)]


def _behind_tags(read: Read) -> int:
    """Where the sound begins."""
    start = 0
    for _ in range(MOST_TAGS):
        head = read(start, 10)
        if head[:3] != b"ID3" or len(head) < 10:
            return start
        length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        start += 10 + length + (10 if head[5] & 0x10 else 0)
    raise Unstrippable


def spans_of_amr(read: Read, size: int) -> Sequence[Span]:
    """Frame after frame of a voice recorder; one that was cut off at the end is left out."""
    start, sizes = next(((len(name), sizes) for name, sizes in AMR.items() if read(0, len(name)) == name), (0, ()))

    def length_of(head: bytes) -> int:
        length = sizes[head[0] >> 3 & 15] if sizes and not head[0] & 0x83 else 0
        return length or _no_frame()

    return [(0, _end_of_frames(read, start, size, 1, length_of))]


def spans_of_aac(read: Read, size: int) -> Sequence[Span]:
    """The same for AAC, whose frames say how long they are (ADTS)."""

    def length_of(head: bytes) -> int:
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        return length if head[0] == 0xFF and head[1] & 0xF6 == 0xF0 and length > 7 else _no_frame()

    return [(0, _end_of_frames(read, 0, size, 7, length_of))]


def _no_frame() -> NoReturn:
    raise Unstrippable


def _end_of_frames(read: Read, start: int, size: int, head: int, length_of: Callable[[bytes], int]) -> int:
    at = begin = start
    block = b""
    for _ in range(MOST_FRAMES):
        if at + head > size:
            break
        if at + head > begin + len(block):
            begin, block = at, read(at, BLOCK)
        length = length_of(block[at - begin : at - begin + head])
        if at + length > size:
            break
        at += length
    else:
        raise Unstrippable
    return at if at > start else _no_frame()
