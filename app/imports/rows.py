"""One row of a source as it is worked on: its own words, what they mean, what is odd, and whether it came before."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from app.imports.mapping import Column, FileMapping
from app.imports.reading import Row
from app.imports.values import C1, LONGEST_TEXT, Oddity, checker, is_error, mended_quotes
from app.kernel.errors import Refused

MISFIT_SHARE = {"code": 0.5}
OTHER_SHARE = 0.2
FEWEST_MISFITS = 3
SEPARATOR = "\x1f"
RECENT = 1 << 14


@dataclass
class Item:
    """A row that was read and may be imported."""

    number: int
    text: str
    raw: dict[str, str]
    values: dict[str, str]
    odd: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    digest: bytes = b""
    repeat: int = 1

    def warn(self, column: str, words: str) -> None:
        """Something is odd and is kept as it is."""
        self.odd.add(column)
        self.warnings.append(f"{column}: {words}")

    @property
    def key(self) -> str:
        """What tells this row from every other, equal ones included."""
        return f"{self.digest.hex()}-{self.repeat}"


class Ids:
    """Keys made from the source's own by the installation's secret: the same each time, and nobody can guess them."""

    def __init__(self, secret: bytes, source: str) -> None:
        self._secret = secret
        self._source = source
        self._recent = lru_cache(RECENT)(self._made)

    def digest(self, kind: str, parts: Sequence[str]) -> bytes:
        """Of these words; without the secret nobody can try words until they fit."""
        words = SEPARATOR.join((self._source, kind, *parts))
        return hashlib.blake2b(words.encode(), digest_size=16, key=self._secret).digest()

    def of(self, kind: str, parts: Sequence[str]) -> UUID:
        """The id of a record; rows that speak of the same one stand together."""
        return self._recent(kind, tuple(parts))

    def _made(self, kind: str, parts: tuple[str, ...]) -> UUID:
        return UUID(bytes=self.digest(kind, parts), version=4)


class RowCheck:
    """Looks at every row of one file, and at what its columns hold on the whole."""

    def __init__(self, mapping: FileMapping, header: list[str], ids: Ids, today: date) -> None:
        self._mapping = mapping
        self._header = header
        self._ids = ids
        self._longest = {name: _longest(column, mapping.largest_field) for name, column in mapping.columns.items()}
        self._usual = min(self._longest.values())
        checks = {name: checker(column, today) for name, column in mapping.columns.items()}
        self._checks = [(name, check) for name, check in checks.items() if check is not None]
        self._required = [name for name, column in mapping.columns.items() if column.required]
        self._blanks = [(name, set(column.blanks)) for name, column in mapping.columns.items() if column.blanks]
        self._told_by = [name for name, column in mapping.columns.items() if column.counts]
        self._seen: set[int] = set()
        self._repeats: Counter[bytes] = Counter()
        self._filled: Counter[str] = Counter()
        self._misfits: Counter[str] = Counter()

    def item(self, row: Row) -> Item | str:
        """The row, ready to be imported, or why it is rejected."""
        raw = dict(zip(self._header, row.fields, strict=True))
        item = Item(row.number, row.text, raw, raw)
        problem = self._too_long(raw) or self._look(item)
        if problem:
            return problem
        item.values = self._meaning(item)
        item.digest = self._ids.digest(self._mapping.code, [raw[name] for name in self._told_by])
        item.repeat = self._count(item.digest)
        return item

    def stop_if_shifted(self, name: str) -> None:
        """Refuses the file when a column holds something else than it should in many rows."""
        for column, misfits in self._misfits.items():
            share = MISFIT_SHARE.get(self._mapping.columns[column].type, OTHER_SHARE)
            if misfits >= FEWEST_MISFITS and misfits > share * self._filled[column]:
                raise Refused(
                    f'{name}: the column "{column}" holds something else than it should in {misfits:,} of '
                    f"{self._filled[column]:,} rows. Its columns seem to be shifted, or it is another file. "
                    "Nothing was imported."
                )

    def _too_long(self, raw: dict[str, str]) -> str:
        for name, text in raw.items():
            if len(text) > self._usual and len(text) > self._longest.get(name, len(text)):
                return f"{name}: {len(text):,} characters, at most {self._longest[name]:,}"
        return ""

    def _look(self, item: Item) -> str:
        for name, check in self._checks:
            text = item.raw[name]
            if not text:
                continue
            self._filled[name] += 1
            oddity = check(text)
            if oddity is not None and self._note(item, name, oddity):
                return f"{name}: {oddity.words}"
        self._spreadsheet_errors(item)
        missing = next((name for name in self._required if not item.raw[name].strip()), None)
        return f"{missing}: nothing stands there" if missing else ""

    def _note(self, item: Item, name: str, oddity: Oddity) -> bool:
        """True where the row cannot be used."""
        if oddity.is_misfit:
            self._misfits[name] += 1
        item.warn(name, oddity.words)
        return oddity.is_unusable and name in self._required

    def _spreadsheet_errors(self, item: Item) -> None:
        if "#" in item.text:
            for name in self._mapping.columns:
                if name not in item.odd and is_error(item.raw[name]):
                    item.warn(name, "a spreadsheet error")

    def _meaning(self, item: Item) -> dict[str, str]:
        """The values without what only looks like one, and with quotation marks mended."""
        changed = {name: "" for name, blanks in self._blanks if item.raw[name].strip() in blanks}
        if C1.search(item.text):
            changed |= self._mended(item)
        return item.raw | changed if changed else item.raw

    def _mended(self, item: Item) -> dict[str, str]:
        strange = [name for name in self._mapping.columns if C1.search(item.raw[name])]
        mends = self._mapping.mends_windows_quotes
        for name in strange:
            item.warn(name, "Windows quotation marks mended" if mends else "control characters")
        return {name: mended_quotes(item.raw[name]) for name in strange} if mends else {}

    def _count(self, digest: bytes) -> int:
        """Which occurrence of equal rows this is. Half of the digest is enough to notice a first one."""
        short = int.from_bytes(digest[:8], "big")
        if short not in self._seen:
            self._seen.add(short)
            return 1
        self._repeats[digest] += 1
        return self._repeats[digest] + 1


def _longest(column: Column, largest: int) -> int:
    return largest if column.type == "long" else min(largest, LONGEST_TEXT)
