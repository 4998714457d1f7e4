"""Passwords that others have used and lost: a list that an npm package ships, kept as short digests, asked offline."""

import hashlib
import json
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from app.kernel.errors import Refused

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = Path("node_modules/@zxcvbn-ts/language-common/src/passwords.json")
BUILT = Path(".build/refused-passwords.bin")
SIZE = 8
FEWEST_LETTERS = 4


def build(root: Path = PROJECT) -> Path:
    """Once at set-up: eight bytes for each password and for its letters alone, in order."""
    found = {_digest(form) for password in json.loads((root / SOURCE).read_text("utf-8")) for form in _forms(password)}
    target = root / BUILT
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(b"".join(sorted(found)))
    part.replace(target)
    return target


def is_refused(text: str) -> bool:
    """True where many have chosen exactly this, however it is capitalised."""
    digests, wanted = _digests(), _digest(text.casefold())
    at = bisect_left(digests, wanted)
    return at < len(digests) and digests[at] == wanted


def _forms(password: str) -> Iterator[str]:
    text = unicodedata.normalize("NFKC", password).casefold()
    yield text
    letters = "".join(letter for letter in text if letter.isalpha())
    if len(letters) >= FEWEST_LETTERS:
        yield letters


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:SIZE]


class _Digests(Sequence[bytes]):
    """The file as it lies: half a megabyte, read when somebody first chooses a password."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data) // SIZE

    def __getitem__(self, at: int) -> bytes:  # type: ignore[override]
        return self._data[at * SIZE : (at + 1) * SIZE]


@cache
def _digests() -> _Digests:
    try:
        return _Digests((PROJECT / BUILT).read_bytes())
    except FileNotFoundError as problem:
        raise Refused("The list of common passwords is not built yet: run ./candor up once.") from problem
