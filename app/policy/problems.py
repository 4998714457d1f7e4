"""What is wrong with a rulebook: where, why, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops the start; a warning is shown and lives."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One message: `file:line: place: reason; how to mend it`."""

    file: str
    line: int
    place: str
    reason: str
    mend: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: {self.place}: " if self.place else f"{self.file}:{self.line}: "
        return where + self.reason + (f"; {self.mend}" if self.mend else "")


class RulebookError(ValueError):
    """A rulebook that cannot be used; its text is one line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - 1
        super().__init__(f"{self.problems[0]}" + (f" (and {more} more)" if more else ""))
