"""Copies that leave the house: the picture, the sound and the page as they are, without place, device and time."""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence

from app.infra.copies.edits import Edit, Span, Unstrippable, edited, spans
from app.infra.copies.film import edits_of_film, edits_of_heic
from app.infra.copies.paper import strip_pdf
from app.infra.copies.picture import strip_gif, strip_jpeg, strip_png, strip_webp
from app.infra.copies.sound import spans_of_aac, spans_of_amr, spans_of_mp3, spans_of_wav
from app.infra.storage import Storage, StoredFile

__all__ = ["Unstrippable", "can_be_copied", "copy_for"]

# What is taken apart in memory; a photo is never so large.
IN_MEMORY = 100_000_000

WHOLE: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": strip_jpeg,
    "image/png": strip_png,
    "image/webp": strip_webp,
    "image/gif": strip_gif,
    "application/pdf": strip_pdf,
}
ZEROED: dict[str, Callable[[Callable[[int, int], bytes], int], Sequence[Edit]]] = {
    "image/heic": edits_of_heic,
    "image/avif": edits_of_heic,
    **dict.fromkeys(("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4"), edits_of_film),
}
CUT: dict[str, Callable[[Callable[[int, int], bytes], int], Sequence[Span]]] = {
    "audio/wav": spans_of_wav,
    "audio/mpeg": spans_of_mp3,
    "audio/amr": spans_of_amr,
    "audio/aac": spans_of_aac,
}
# They hold what was typed and nothing else.
BARE = frozenset({"text/plain"})


def can_be_copied(media_type: str, size: int) -> bool:
    """Whether a copy of this kind can be made without what must stay here; the content may still say no."""
    return media_type in BARE | ZEROED.keys() | CUT.keys() or (media_type in WHOLE and size <= IN_MEMORY)


def copy_for(storage: Storage, stored: StoredFile, media_type: str) -> Iterator[bytes]:
    """The copy that may leave; what cannot be stripped does not leave: Unstrippable, before the first byte."""
    if not can_be_copied(media_type, stored.size):
        raise Unstrippable
    try:
        return storage.open(stored) if media_type in BARE else _stripped(storage, stored, media_type)
    except (struct.error, IndexError):
        # Cut off in the middle of a number: not what it says it is.
        raise Unstrippable from None


def _stripped(storage: Storage, stored: StoredFile, media_type: str) -> Iterator[bytes]:

    def read(start: int, length: int) -> bytes:
        return b"".join(storage.read_range(stored, start, length))

    if media_type in WHOLE:
        return iter([WHOLE[media_type](read(0, stored.size))])
    if media_type in CUT:
        return spans(CUT[media_type](read, stored.size), lambda start, length: _range(storage, stored, start, length))
    return edited(storage.open(stored), ZEROED[media_type](read, stored.size))


def _range(storage: Storage, stored: StoredFile, start: int, length: int) -> Iterable[bytes]:
    return storage.read_range(stored, start, length)
