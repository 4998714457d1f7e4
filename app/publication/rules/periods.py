"""Periods of a report: a year, a half, a quarter, a month, or everything."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """One period; `kind` is the breakdown under which the release has its figures."""

    text: str
    kind: str

    @property
    def year(self) -> str:
        """The year it lies in; empty for everything."""
        return self.text[:4] if self.kind != "all" else ""


def parse_period(text: str) -> Period:
    """`2025`, `2025-H1`, `2025-Q1`, `2025-03` or `all`; ValueError in plain words for anything else."""
    if text == "all":
        return Period("all", "all")
    match = PERIOD.fullmatch(text)
    if match is None:
        raise ValueError("A period is a year such as 2025, or 2025-H1, 2025-Q1, 2025-03, or the word all.")
    kind = next((kind for kind in ("half", "quarter", "month") if match[kind]), "year")
    return Period(text, kind)


def periods_of(received: str) -> Iterator[tuple[str, str]]:
    """The periods that a month, or a year of which no month is known, belongs to."""
    year, _, month = received.partition("-")
    yield "year", year
    if month.isdigit():
        number = int(month)
        yield "half", f"{year}-H{(number + 5) // 6}"
        yield "quarter", f"{year}-Q{(number + 2) // 3}"
        yield "month", received
