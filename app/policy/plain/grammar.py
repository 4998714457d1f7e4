"""Small pieces of English: lists, days, capitals and full stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WITHOUT_ARTICLE = ("the ", "a ", "an ", "any ", "each ", "every ", "all ", "one ", "our ", "its ")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    all_words = tuple(dict.fromkeys(word for word in words if word))
    if len(all_words) < 2:
        return "".join(all_words)
    return f"{', '.join(all_words[:-1])} {last} {all_words[-1]}"


def series(texts: Iterable[str]) -> str:
    """Several pieces of free text, one after the other."""
    return "; ".join(clause(text) for text in texts)


def quoted(text: str) -> str:
    return f"“{text}”"


def ended(text: str) -> str:
    """With a full stop, where it has none."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", ".”", "!”", "?”", ".)")) else f"{text.rstrip(';:,')}."


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    return capital(ended(text))


def on_day(day: date) -> str:
    """`April 29, 2025`."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def in_year(month: int, day: int) -> str:
    return f"{_MONTHS[month - 1]} {day}"


def weekday(number: int) -> str:
    return _WEEKDAYS[number]


def the(name: str) -> str:
    """With its article: a name that is all capitals, or has one, stands as it is."""
    first = name.split(" ", 1)[0]
    if name.lower().startswith(_WITHOUT_ARTICLE) or name.isupper() or first.endswith(("'s", "’s")):
        return name
    return f"the {name}"


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def clause(text: str) -> str:
    """As a part of a longer sentence: without its full stop."""
    return text.strip().rstrip(".")


def from_to(first: date | None, until: date | None) -> str:
    """` from ... until ...`, with the first day on which it no longer holds."""
    begun = f" from {on_day(first)}" if first else ""
    if until:
        return f"{begun} until {on_day(until)}"
    return f"{begun} on" if begun else ""
