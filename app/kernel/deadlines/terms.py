"""What a clock is given: its rule, the days it stood still, the time it was granted, and whose date it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

MAX_AMOUNT = 40_000


class Unit(StrEnum):
    """What the law counts in."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    WORKING_DAYS = "working_days"  # business days, unless the calendar tells them apart
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    YEARS_AND_A_DAY = "years_and_a_day"


OPEN_DAYS = frozenset({Unit.BUSINESS_DAYS, Unit.WORKING_DAYS})
"""The units of which only days count on which somebody works."""


class Roll(StrEnum):
    """What happens when the last day falls on a day the office is closed."""

    NONE = "none"
    NEXT_OPEN_DAY = "next_open_day"
    PREVIOUS_OPEN_DAY = "previous_open_day"


@dataclass(frozen=True, slots=True)
class Rule:
    """So many days, months or years; the day of the event itself is never counted."""

    amount: int
    unit: Unit
    roll: Roll = Roll.NONE
    authority: str | None = None
    warnings: tuple[int, ...] = field(default=(), kw_only=True)
    """Days before the due date at which somebody must take notice."""
    consequence: str | None = field(default=None, kw_only=True)
    """What follows if it lapses."""

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise ValueError(f"A clock runs for 0 to {MAX_AMOUNT} units.")


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the clock stands still; the first and the last are both paused."""

    kind: str
    reason: str
    from_on: date
    to_on: date | None = None
    evidence: str = field(default="", kw_only=True)
    approver: str = field(default="", kw_only=True)
    authority: str | None = field(default=None, kw_only=True)
    officers: frozenset[str] = field(default=frozenset(), kw_only=True)
    """Those whose clocks stand still; every clock of the case where nobody is named."""
    longest: Rule | None = field(default=None, kw_only=True)
    """The most the law lets it last."""

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on < self.from_on:
            raise ValueError("A pause cannot end before it begins.")


@dataclass(frozen=True, slots=True)
class Extension:
    """More time that was asked for; it counts once it is granted, and only if it was asked for in time."""

    more: Rule
    """How much, and by which law; its roll is that of the clock."""
    asked_on: date
    granted_on: date | None = None
    refused_on: date | None = field(default=None, kw_only=True)
    may_be_late: bool = field(default=False, kw_only=True)
    """Whether the law lets it be asked for after the clock has lapsed."""
    reason: str = field(default="", kw_only=True)
    evidence: str = field(default="", kw_only=True)
    approver: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if self.granted_on is not None and self.refused_on is not None:
            raise ValueError("An extension is granted or refused, never both.")
        decided_on = self.granted_on or self.refused_on
        if decided_on is not None and decided_on < self.asked_on:
            raise ValueError("An extension cannot be decided before it is asked for.")


@dataclass(frozen=True, slots=True)
class Beginning:
    """Which event the day of the start is, why that one counts, whose day it is, and what proves it."""

    event: str = ""
    reason: str = ""
    whose: str = ""
    proof: str = ""
    officer: str | None = None
    """Whose clock it is, where it is one officer's and not the case's."""


NOTHING_SAID = Beginning()


def pauses_for(officer: str | None, tolled: Iterable[Pause]) -> tuple[Pause, ...]:
    """The pauses that hold the clock of one officer, or of the case as a whole."""
    return tuple(pause for pause in tolled if not pause.officers or officer in pause.officers)


def checked_day(day: date) -> date:
    """A moment is no day: which day it is depends on the place, and `local_day` knows."""
    if isinstance(day, datetime):
        raise TypeError("A clock starts on a day; turn the moment into the day it was there with local_day.")
    return day
