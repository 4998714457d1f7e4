"""What waits for one person, as each stage adds it to the first page."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Waiting:
    """One thing that waits, and where it is done."""

    label: str
    href: str
    note: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class WaitingList:
    """A panel of the page: what waits for the same doing."""

    title: str
    rows: list[Waiting]
