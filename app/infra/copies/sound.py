"""WAV and MP3: the sound, without what was written about it."""

from collections.abc import Callable, Sequence

from app.infra.copies.edits import Span, Unstrippable

Read = Callable[[int, int], bytes]

WAV_KEPT = {b"fmt ", b"fact", b"data"}
# More than any recorder writes.
MOST_CHUNKS, MOST_TAGS = 2_000, 100


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
