"""The attacks one after the other; each finding says what can be learnt, and where."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from app.publication.rules.attack.sheets import (
    PERCENT,
    WHEN_AND_WHERE,
    Sheet,
    is_about_filers,
    number,
    raw_csv,
    read_sheets,
    words_of,
)
from app.publication.rules.attack.solving import bounds_of, is_total
from app.publication.rules.tables import FORMULA, plain_cell

LONG_CELL, MANY_WORDS = 160, 9
CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\b\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b", re.ASCII)
HASH = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.ASCII | re.IGNORECASE)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
NUMBERED = frozenset({"id", "number", "no", "key", "ref", "case", "complaint", "filing", "officer", "person", "row"})
GUESSED = 20_000
FEW = 3


@dataclass(frozen=True)
class Finding:
    """One thing that can be learnt and should not be."""

    kind: str
    file: str
    words: str


def attack(files: Mapping[str, bytes], threshold: int, earlier: Sequence[Mapping[str, bytes]] = ()) -> list[Finding]:
    """All that is found in these files, alone and beside earlier releases."""
    found: list[Finding] = []
    sheets = read_sheets(files)
    for sheet in sheets:
        found += [*_small(sheet, threshold), *_everybody(sheet), *_derived(sheet, threshold)]
        found += [*_percentages(sheet, threshold), *_unit_rows(sheet, threshold), *_identifiers(sheet)]
    for name, content in sorted(files.items()):
        if name.endswith(".csv"):
            found += _texts(name, content)
    for older in earlier:
        found += _differences(sheets, read_sheets(older), threshold)
    return list(dict.fromkeys(found))


def _small(sheet: Sheet, threshold: int) -> Iterator[Finding]:
    """A cell about filers that is small, or whose rest is."""
    if not sheet.about_filers:
        return
    for group, counts in sheet.rows.items():
        shown = [count for count in counts if count is not None]
        rests = [counts[0] - part for part in counts[1:] if counts[0] is not None and part is not None]
        if sheet.label:
            shown, rests = [c for c in counts[:1] if c is not None], _rest_of_share(sheet, counts)
        if any(0 < count < threshold for count in (*shown, *rests)):
            words = f"{' | '.join(group)} is a group of fewer than {threshold}"
            yield Finding("small_cell", sheet.name, words)


def _is_share(sheet: Sheet) -> bool:
    """In a share the two numbers are of the same group, so that the denominators differ from row to row."""
    return (
        bool(sheet.label) and not sheet.label.startswith(("complaints ", "complainants ")) and "per_" not in sheet.label
    )


def _rest_of_share(sheet: Sheet, counts: tuple[int | None, ...]) -> list[int]:
    above, below = counts[0], counts[1]
    return [below, below - above] if _is_share(sheet) and above is not None and below is not None else []


def _everybody(sheet: Sheet) -> Iterator[Finding]:
    """A group all of whose complaints ended alike: no small number, and yet it tells of each of them."""
    if not sheet.about_filers:
        return
    for group, counts in sheet.rows.items():
        pairs = [(counts[0], part) for part in counts[1:]] if not sheet.label or _is_share(sheet) else []
        if any(whole is not None and whole == part and whole > 0 for whole, part in pairs):
            yield Finding("everybody", sheet.name, f"{' | '.join(group)}: the part is as large as the whole")


def _derived(sheet: Sheet, threshold: int) -> Iterator[Finding]:
    """A hidden cell that the sums give away, exactly or nearly."""
    if not sheet.about_filers:
        return
    for at, name in enumerate(sheet.counts):
        for group, (least, most) in bounds_of(sheet, at).items():
            if most - least < threshold - 1 and most > 0:
                range_ = f"{least}" if least == most else f"{least} to {most}"
                yield Finding("derivable", sheet.name, f"{name} of {' | '.join(group)} can only be {range_}")


def _percentages(sheet: Sheet, threshold: int) -> Iterator[Finding]:
    """A percentage that only one small number can give."""
    for name, cells in sheet.columns.items():
        if not (words_of(name) & PERCENT or any("%" in cell for cell in cells)):
            continue
        bases = [
            other
            for other in sheet.columns
            if other != name and words_of(other) & {"of", "total", "base", "denominator", "all"}
        ]
        for place, cell in enumerate(cells):
            for base in bases:
                whole = number(sheet.columns[base][place])
                fitting = _fitting(cell, whole) if whole else []
                if len(fitting) == 1 and 0 < fitting[0] < threshold:
                    yield Finding("percentage", sheet.name, f"{cell} of {whole} can only be {fitting[0]}")


def _fitting(cell: str, whole: int) -> list[int]:
    text = cell.strip().rstrip("%").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text, re.ASCII):
        return []
    places = len(text.partition(".")[2])
    half = Fraction(1, 2 * 10**places)
    middle = Fraction(text) * whole / 100
    width = half * whole / 100
    return [k for k in range(max(0, int(middle - width) - 1), int(middle + width) + 2) if abs(k - middle) <= width]


def _unit_rows(sheet: Sheet, threshold: int) -> Iterator[Finding]:
    """One row a person or complaint: whoever knows when, where and who finds the row."""
    known = [n for n in sheet.dims if is_about_filers(n) or words_of(n) & WHEN_AND_WHERE]
    if not any(is_about_filers(name) for name in known) or sheet.label:
        return
    counted = [counts[0] for counts in sheet.rows.values() if counts and counts[0] is not None]
    if counted and any(count > 1 for count in counted):
        return
    lines = list(zip(*(sheet.columns[name] for name in known), strict=True))
    alone = sum(1 for times in Counter(lines).values() if times < threshold)
    if lines and (alone or not sheet.counts):
        words = f"one row each, with {', '.join(known)}: {alone} combinations of fewer than {threshold}"
        yield Finding("unit_rows", sheet.name, words)


def _identifiers(sheet: Sheet) -> Iterator[Finding]:
    """Values that join to something else, or that say when and in which order they were made."""
    for name, cells in sheet.columns.items():
        values = [cell.strip() for cell in cells if cell.strip() and not is_total(cell)]
        if name in sheet.counts or len(values) < FEW:
            continue
        kind = _kind_of_identifier(name, values)
        if kind:
            yield Finding("identifier", sheet.name, f"the column {name} holds {kind}")


def _kind_of_identifier(name: str, values: Sequence[str]) -> str:
    if any(value.casefold() in _guessable() for value in values):
        return "hashes of numbers or days that can be guessed"
    if all(HASH.fullmatch(value) for value in values):
        return "hashes"
    uuids = [match for value in values if (match := UUID.fullmatch(value))]
    if len(uuids) == len(values):
        return "UUIDs that tell the time" if any(match[1] == "7" for match in uuids) else "UUIDs"
    if words_of(name) & NUMBERED and len(set(values)) == len(values) and all(value.isdigit() for value in values):
        return "numbers of single rows"
    return ""


@cache
def _guessable() -> frozenset[str]:
    """What small numbers and days look like when they are hashed."""
    texts = [str(number) for number in range(GUESSED)]
    texts += [(date(2000, 1, 1) + timedelta(days=day)).isoformat() for day in range(366 * 40)]
    return frozenset(hash_(text.encode()).hexdigest() for text in texts for hash_ in _HASHES)


_HASHES = (hashlib.sha256, lambda text: hashlib.md5(text, usedforsecurity=False))


def _texts(file: str, content: bytes) -> Iterator[Finding]:
    """Free text, ways to reach somebody, and cells that a spreadsheet would run."""
    header, rows = raw_csv(content)
    for at, name in enumerate(header):
        cells = [row[at] for row in rows if row[at]]
        if any(len(cell) > LONG_CELL for cell in cells) or _mean_words(cells) > MANY_WORDS:
            yield Finding("free_text", file, f"the column {name} holds whole sentences")
        if any(CONTACT.search(cell) for cell in cells):
            yield Finding("contact", file, f"the column {name} holds a telephone number or an e-mail address")
        if any(cell.startswith(FORMULA) and plain_cell(cell) == cell and number(cell) is None for cell in cells):
            yield Finding("formula", file, f"the column {name} holds what a spreadsheet would run")


def _mean_words(cells: Sequence[str]) -> float:
    return sum(len(cell.split()) for cell in cells) / len(cells) if cells else 0


def _differences(now: Sequence[Sheet], before: Sequence[Sheet], threshold: int) -> Iterator[Finding]:
    """What an earlier release, taken from this one, leaves of a group."""
    older = {sheet.name: sheet for sheet in before}
    for sheet in now:
        other = older.get(sheet.name)
        if other is None or not sheet.about_filers:
            continue
        for group in sheet.rows.keys() & other.rows.keys():
            steps = [
                abs(a - b)
                for a, b in zip(sheet.rows[group], other.rows[group], strict=False)
                if a is not None and b is not None
            ]
            if any(0 < step < threshold for step in steps):
                yield Finding("difference", sheet.name, f"{' | '.join(group)} changed by fewer than {threshold}")
