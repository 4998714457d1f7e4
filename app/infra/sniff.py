"""What a file is by its content; its name and what the browser said of it count for nothing."""

from collections.abc import Callable

# What a browser may show in place; everything else is only ever handed out as a download.
INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "application/pdf",
        "video/mp4",
        "audio/mpeg",
        "audio/wav",
        "text/plain",
    }
)

# So many bytes say what a file is.
HEAD = 4096
UNKNOWN = "application/octet-stream"

# Brands of the ISO base media format: the four letters after "ftyp".
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys(
        (b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gg6", b"3g2a", b"3g2b", b"3g2c", b"3gr6", b"3gs6"), "video/3gpp"
    ),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"),
        "video/mp4",
    ),
}

# Files of QuickTime from before "ftyp" begin with one of these atoms.
_OLD_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})

_PREFIXES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
)


def sniff(head: bytes) -> str:
    """The media type, from the first bytes of a file (4 KiB are plenty)."""
    for look in _LOOKS:
        if found := look(head):
            return found
    return UNKNOWN


def _prefix(head: bytes) -> str:
    return next((kind for start, kind in _PREFIXES if head.startswith(start)), "")


def _riff(head: bytes) -> str:
    kinds = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
    return kinds.get(head[8:12], "") if head[:4] == b"RIFF" else ""


def _media(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "")
    return "video/quicktime" if head[4:8] in _OLD_ATOMS and len(head) >= 16 else ""


def _matroska(head: bytes) -> str:
    """Both are one format; the word that tells them apart stands in the first header."""
    if not head.startswith(b"\x1aE\xdf\xa3"):
        return ""
    return "video/webm" if b"webm" in head[:64] else "video/x-matroska"


def _ogg(head: bytes) -> str:
    if not head.startswith(b"OggS"):
        return ""
    return "video/ogg" if b"theora" in head[:128] else "audio/ogg"


def _aac(head: bytes) -> str:
    """A frame of AAC as voice recorders write it: twelve set bits, no layer, a rate that is one, and its length."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return ""
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return "audio/aac" if length > 7 and head[length : length + 1] in (b"", b"\xff") else ""


def _mpeg_audio(head: bytes) -> str:
    """A frame of MPEG audio without a tag before it: eleven set bits, then no reserved value."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, frequency = head[2] >> 4, head[2] >> 2 & 3
    reserved = version == 1 or layer != 1 or rate in (0, 15) or frequency == 3
    return "" if reserved else "audio/mpeg"


def _plain_text(head: bytes) -> str:
    if not head or any(mark < 0x20 and mark not in b"\t\n\r\f" for mark in head) or 0x7F in head:
        return ""
    # The head may have been cut inside a character of up to four bytes.
    whole = not _decodes(head) and any(_decodes(head[:-cut]) for cut in (1, 2, 3))
    if not (_decodes(head) or whole):
        return ""
    # What a browser might take for a page is never called text that it may show in place.
    return "" if _looks_like_markup(head) else "text/plain"


def _looks_like_markup(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") or b"<script" in head.lower() or b"<html" in head.lower()


def _decodes(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_LOOKS: tuple[Callable[[bytes], str], ...] = (
    _prefix,
    _riff,
    _media,
    _matroska,
    _ogg,
    _mpeg_audio,
    _aac,
    _plain_text,
)
