"""Which days an office is open: weekends, public holidays and the agency's own closed days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)
# Longer than any closure; a calendar that is shut for this long is a mistake.
_LONGEST_CLOSURE = 400


class NeverOpen(ValueError):
    """A calendar without an open day can count no business days."""


@dataclass(frozen=True)
class Calendar:
    """Pure but for the table of public holidays, which is a fact of the year."""

    country: str | None = None
    subdivision: str | None = None
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    closed: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    opened: frozenset[date] = frozenset()
    ignored: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if len(self.weekend) >= 7:
            raise NeverOpen("A week needs at least one open day.")

    def is_open(self, day: date) -> bool:
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> str | None:
        """The name of the holiday, "weekend", or nothing for an open day."""
        if day in self.opened:
            return None
        name = self.holiday(day)
        if name is None and day.weekday() in self.weekend:
            return "weekend"
        return name

    def holiday(self, day: date) -> str | None:
        if day in self.opened:
            return None
        if day in self.closed:
            return self.closed[day]
        name = _public_holidays(self.country, self.subdivision, day.year).get(day)
        return None if name in self.ignored else name

    def next_open(self, day: date) -> date:
        """This day if the office is open, else the first open day after it."""
        return self._nearest_open(day, ONE_DAY)

    def previous_open(self, day: date) -> date:
        return self._nearest_open(day, -ONE_DAY)

    def open_days_after(self, day: date) -> Iterator[date]:
        """Every open day after this one, without end."""
        while True:
            day = self.next_open(day + ONE_DAY)
            yield day

    def _nearest_open(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE):
            if self.is_open(day):
                return day
            day += step
        raise NeverOpen("This calendar has no open day for more than a year.")


@lru_cache(maxsize=512)
def _public_holidays(country: str | None, subdivision: str | None, year: int) -> Mapping[date, str]:
    if country is None:
        return MappingProxyType({})
    # Imported when first needed: it takes a third of a second, which no other command should pay.
    from holidays import country_holidays

    return MappingProxyType(dict(country_holidays(country, subdiv=subdivision, years=year)))


def is_known_place(country: str, subdivision: str | None) -> bool:
    """Whether the table of public holidays has this country and subdivision."""
    try:
        _public_holidays(country, subdivision, 2025)
    except NotImplementedError:
        return False
    return True
