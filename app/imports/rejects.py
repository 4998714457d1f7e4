"""The two lists of an import: rows that were rejected, and rows that were kept with a warning."""

import csv
import os
from pathlib import Path
from typing import IO

LONGEST_SHOWN = 2_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RowList:
    """A list of rows with their file, line and reason; it gets its name only when the import is done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._unfinished = path.with_suffix(".part")
        number = os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        self._file: IO[str] = os.fdopen(number, "w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow(["file", "line", "reason", "row"])

    def add(self, file: str, line: int, reason: str, row: str) -> None:
        """One row, so that whoever mends it finds it."""
        self._rows.writerow([file, line, _harmless(reason), _harmless(row.rstrip("\r\n")[:LONGEST_SHOWN])])

    def keep(self) -> None:
        """The import is done: the list stays."""
        self._file.close()
        self._unfinished.replace(self.path)

    def drop(self) -> None:
        """Nothing was imported: nothing is left."""
        self._file.close()
        self._unfinished.unlink(missing_ok=True)


def _harmless(text: str) -> str:
    """A spreadsheet must show this, never calculate it."""
    return f"'{text}" if text.startswith(FORMULA) else text
