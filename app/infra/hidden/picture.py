"""JPEG, PNG and WebP: where their EXIF lies."""

from app.infra.copies.edits import Unstrippable
from app.infra.hidden.exif import of_exif
from app.infra.hidden.lines import Found
from app.infra.hidden.window import LARGEST_LOOK, Window

STARTS = b"Exif\x00\x00"


def of_jpeg(read: Window, found: Found) -> None:
    """The parts before the picture itself; EXIF is one of them."""
    at = 2
    while True:
        head = read(at, 10)
        if len(head) < 4 or head[0] != 0xFF:
            raise Unstrippable
        if head[1] in (0xDA, 0xD9):
            return None
        length = int.from_bytes(head[2:4])
        if head[1] == 0xFF:
            at += 1
        elif head[1] == 0xE1 and head[4:] == STARTS:
            return of_exif(read(at + 10, length - 8), found)
        else:
            at += 2 + length


def of_png(read: Window, found: Found) -> None:
    """Chunk after chunk, for it may stand behind the picture."""
    at = 8
    while len(head := read(at, 8)) == 8 and head[4:] != b"IEND":
        length = int.from_bytes(head[:4])
        if head[4:] == b"eXIf":
            return of_exif(read(at + 8, min(length, LARGEST_LOOK)), found)
        at += 12 + length
    if len(head) < 8:
        raise Unstrippable
    return None


def of_webp(read: Window, found: Found) -> None:
    """The same in a RIFF."""
    at = 12
    while len(head := read(at, 8)) == 8:
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"EXIF":
            return of_exif(read(at + 8, min(length, LARGEST_LOOK)).removeprefix(STARTS), found)
        at += 8 + length + (length & 1)
    return None
