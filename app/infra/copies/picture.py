"""JPEG, PNG, WebP and GIF: the picture's own parts are kept as they are, never coded anew; the rest is left out."""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from app.infra.copies.edits import Unstrippable

ORIENTATION = 0x0112
JFIF, ADOBE, COLOURS = b"JFIF\x00", b"Adobe\x00", b"ICC_PROFILE\x00"
PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"),
    *(b"acTL", b"fcTL", b"fdAT"),
}
WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
# Extensions of GIF that are needed to show it, each with the only length that it has: nothing hides behind it.
GIF_KEPT = {b"\xf9": 8, b"\xff\x0bNETSCAPE2.0": 19}
# Bits of VP8X that say that a place or a description follows.
WEBP_HIDDEN = 0x08 | 0x04


def strip_jpeg(data: bytes) -> bytes:
    """Without EXIF, XMP, comments, small pictures, and what stands behind the picture; still the right way up."""
    if data[:2] != b"\xff\xd8":
        raise Unstrippable
    return b"".join([b"\xff\xd8", _upright(data), *_jpeg_parts(data), b"\xff\xd9"])


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    marker, at = _marker(data, 2)
    while marker != 0xD9:
        end = at + int.from_bytes(data[at : at + 2])
        if end > len(data) or end < at + 2:
            raise Unstrippable
        if _is_kept(marker, data[at + 2 : end]):
            yield b"\xff" + bytes([marker]) + data[at:end]
        if marker == 0xDA:
            scan, end = end, _end_of_scan(data, end)
            yield data[scan:end]
        marker, at = _marker(data, end)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] != b"\xff":
        raise Unstrippable
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise Unstrippable
    return data[at], at + 1


def _is_kept(marker: int, body: bytes) -> bool:
    if marker == 0xFE:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    wanted = {0xE0: JFIF, 0xE2: COLOURS, 0xEE: ADOBE}.get(marker)
    # A JFIF header may carry a small picture of its own.
    return wanted is not None and body.startswith(wanted) and (marker != 0xE0 or len(body) == 14)


def _end_of_scan(data: bytes, at: int) -> int:
    """The next marker that is one: neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Unstrippable
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def _upright(data: bytes) -> bytes:
    """How the picture is to be turned, in an EXIF part that holds nothing else."""
    try:
        turned = Image.open(BytesIO(data)).getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - what Pillow cannot read says nothing of its turning
        return b""
    if not isinstance(turned, int) or not 2 <= turned <= 8:
        return b""
    body = b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def strip_png(data: bytes) -> bytes:
    """Without words, times, EXIF and what stands behind its end."""
    if data[:8] != PNG:
        raise Unstrippable
    kept, at = [PNG], 8
    while True:
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data):
            raise Unstrippable
        if kind in PNG_KEPT:
            kept.append(data[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end


def strip_webp(data: bytes) -> bytes:
    """Without EXIF and XMP."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise Unstrippable
    kept, at, end = [], 12, min(8 + int.from_bytes(data[4:8], "little"), len(data))
    while at + 8 <= end:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if len(body) != length:
            raise Unstrippable
        if kind == b"VP8X" and body:
            body = bytes([body[0] & ~WEBP_HIDDEN]) + body[1:]
        if kind in WEBP_KEPT:
            kept.append(kind + struct.pack("<I", length) + body + b"\x00" * (length & 1))
        at += 8 + length + (length & 1)
    whole = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def strip_gif(data: bytes) -> bytes:
    """Without comments and what programs wrote for themselves; how often it runs stays."""
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise Unstrippable
    at = 13 + _colours(data[10])
    kept = [data[:at]]
    while data[at] != 0x3B:
        end = _end_of_gif_part(data, at)
        if end > len(data):
            raise Unstrippable
        if data[at] == 0x2C or GIF_KEPT.get(data[at + 1 : at + 14 if data[at + 1] == 0xFF else at + 2]) == end - at:
            kept.append(data[at:end])
        at = end
    return b"".join(kept) + b"\x3b"


def _end_of_gif_part(data: bytes, at: int) -> int:
    """Behind a picture or an extension, each made of blocks up to an empty one."""
    if data[at] == 0x2C:
        at += 11 + _colours(data[at + 9])
    elif data[at] == 0x21:
        at += 2
    else:
        raise Unstrippable
    while data[at]:
        at += data[at] + 1
    return at + 1


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
