"""What a value of the source means, and what is odd about it; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app.imports.mapping import Column

SPREADSHEET_ERROR = re.compile(r"#(VALUE!|REF!|N/A|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_TEXT = 1_000
FIRST_DAY = date(1900, 1, 1)
CACHED = 1 << 14
C1 = re.compile("[\x80-\x9f]")


@dataclass(frozen=True)
class Oddity:
    """Why a value is not what its column holds."""

    words: str
    is_misfit: bool = True
    """Of another kind altogether: many of these in one column, and the columns are shifted."""
    is_unusable: bool = True
    """Nothing can be made of it; a date that cannot be is at least a date."""


Check = Callable[[str], Oddity | None]


def parse_day(text: str, written: str | None) -> date | None:
    """A date as the column writes it; None where it is none."""
    try:
        if written is None:
            return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
        return datetime.strptime(text, written).date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None


def parse_number(text: str) -> int | None:
    """A whole number in ASCII digits."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None


def is_error(text: str) -> bool:
    """A spreadsheet's error instead of a value."""
    return bool(SPREADSHEET_ERROR.fullmatch(text.strip()))


def mended_quotes(text: str) -> str:
    """Windows-1252 characters that were read as Latin-1, such as U+0092 for an apostrophe."""
    return C1.sub(lambda found: found[0].encode("latin-1").decode("windows-1252", errors="replace"), text)


def checker(column: Column, today: date) -> Check | None:
    """What to look at in each value of this column; None where anything may stand there."""
    kinds: dict[str, Callable[[Column, date], Check]] = {
        "date": _date_check,
        "number": _number_check,
        "code": _code_check,
    }
    make = kinds.get(column.type)
    if make is None and column.pattern is None:
        return None
    check = make(column, today) if make else _pattern_check(column)
    blanks = {"", *column.blanks}
    return lru_cache(CACHED)(lambda text: None if text.strip() in blanks else _error_or(check, text.strip()))


def _error_or(check: Check, text: str) -> Oddity | None:
    return Oddity("a spreadsheet error", is_misfit=False) if is_error(text) else check(text)


def _date_check(column: Column, today: date) -> Check:
    def check(text: str) -> Oddity | None:
        day = parse_day(text, column.format)
        if day is None:
            return Oddity("not a date")
        if not FIRST_DAY <= day <= today:
            return Oddity("a date that cannot be", is_misfit=False, is_unusable=False)
        return None

    return check


def _number_check(column: Column, _: date) -> Check:
    def check(text: str) -> Oddity | None:
        number = parse_number(text)
        if number is None:
            return Oddity("not a number")
        return None if is_plausible(number, column) else Oddity("a number that cannot be", is_misfit=False)

    return check


def is_plausible(number: int, column: Column) -> bool:
    """Within the bounds the mapping gives."""
    return (column.least is None or number >= column.least) and (column.most is None or number <= column.most)


def _code_check(column: Column, _: date) -> Check:
    known = set(column.words)
    return lambda text: None if text in known else Oddity("an unknown code")


def _pattern_check(column: Column) -> Check:
    pattern = re.compile(column.pattern or "")
    return lambda text: None if pattern.fullmatch(text) else Oddity("not in the form of this column")
