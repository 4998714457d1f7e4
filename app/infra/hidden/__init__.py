"""What an original says of where, when and with which device it was made: read out of it, never believed."""

import struct
from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.infra.copies.edits import Unstrippable
from app.infra.hidden.film import of_film, of_heic
from app.infra.hidden.lines import LONGEST, Found
from app.infra.hidden.picture import of_jpeg, of_png, of_webp
from app.infra.hidden.window import TooFar, Window
from app.infra.storage import Damaged, Missing, Storage, StoredFile
from app.kernel.text import SafeLine

__all__ = ["READ", "HiddenFacts", "hidden_facts_of", "opened", "sealed"]

WHAT = "hidden facts"
# Written with white space behind it up to this, so that nobody sees by the length whether there is a place.
PADDED = 4096
_READERS: dict[str, Callable[[Window, Found], None]] = {
    "image/jpeg": of_jpeg,
    "image/png": of_png,
    "image/webp": of_webp,
    "image/heic": of_heic,
    "image/avif": of_heic,
    **dict.fromkeys(("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4"), of_film),
}
READ = frozenset(_READERS)
# Whatever a broken or hostile file does to those who take it apart.
BROKEN = (Unstrippable, TooFar, struct.error, IndexError, ValueError, OverflowError)

Said = Annotated[SafeLine, StringConstraints(max_length=LONGEST)]


class HiddenFacts(BaseModel):
    """Each as the device wrote it, on one line; empty where the file says nothing of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    place: Said = ""
    place_name: Said = ""
    height: Said = ""
    taken: Said = ""
    by_satellite: Said = ""
    maker: Said = ""
    model: Said = ""
    software: Said = ""
    serial: Said = ""
    # False where it could not be taken apart to its end: there may be more in it.
    is_whole: bool = True

    @property
    def says_something(self) -> bool:
        """False where there is neither place nor time nor device in it."""
        return any(value for name, value in self if name != "is_whole")


def hidden_facts_of(storage: Storage, stored: StoredFile, media_type: str) -> HiddenFacts:
    """Reads a bounded part of the file, and ends whatever is in it."""
    found = Found()
    try:
        _READERS[media_type](Window(storage, stored), found)
    except (*BROKEN, Damaged, Missing):
        return HiddenFacts(**found.lines, is_whole=False)
    return HiddenFacts(**found.lines)


def sealed(storage: Storage, stored: StoredFile, facts: HiddenFacts) -> bytes:
    """To be kept beside the file, for those alone who can open the file."""
    return storage.seal_beside(stored, WHAT, facts.model_dump_json(exclude_defaults=True).encode().ljust(PADDED))


def opened(storage: Storage, stored: StoredFile, text: bytes) -> HiddenFacts:
    """What was kept beside the file."""
    return HiddenFacts.model_validate_json(storage.open_beside(stored, WHAT, text))
