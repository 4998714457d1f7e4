"""Which days an office is open: weekends, public holidays and the agency's own closed days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)
WEEKEND = "weekend"
# How the public table writes a day that has two names, and one that is kept on another day than its own.
_AND, _OBSERVED = "; ", " (observed)"


class NeverOpen(ValueError):
    """A calendar without an open day can count no business days."""


@dataclass(frozen=True, slots=True)
class Year:
    """One calendar year as sorted lists of ordinals, so that counting days is a search and never a walk."""

    open: list[int]
    holidays: list[int]
    """Days that are closed although they are no weekend."""
    names: dict[int, str]


@dataclass(frozen=True)
class Calendar:
    """Pure but for the table of public holidays, which is a fact of the year."""

    country: str | None = None
    subdivision: str | None = None
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    closed: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    opened: frozenset[date] = frozenset()
    ignored: frozenset[str] = frozenset()
    working: Calendar | None = None
    """Which days are working days, where the law tells them apart from business days."""

    def __post_init__(self) -> None:
        if len(self.weekend) >= 7:
            raise NeverOpen("A week needs at least one open day.")
        # A copy: the tables below are made once, so nobody may change a day behind them.
        object.__setattr__(self, "closed", MappingProxyType(dict(self.closed)))

    def is_open(self, day: date) -> bool:
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> str | None:
        """The name of the holiday, "weekend", or nothing for an open day."""
        if day in self.opened:
            return None
        name = self.holiday(day)
        if name is None and day.weekday() in self.weekend:
            return WEEKEND
        return name

    def holiday(self, day: date) -> str | None:
        """Its names but those that do not close this office; nothing where none is left."""
        return self.year(day.year).names.get(day.toordinal())

    def next_open(self, day: date) -> date:
        """This day if the office is open, else the first open day after it."""
        return date.fromordinal(self.open_from(day.toordinal()))

    def previous_open(self, day: date) -> date:
        return date.fromordinal(self.open_until(day.toordinal()))

    # -- in ordinals, which is what clocks count in ------------------------------------------------

    def nth_open(self, after: int, count: int) -> int:
        """The open day that is so many open days after this one; `count` is at least one."""
        year = date.fromordinal(max(after, 1)).year
        opened = self.year(year).open
        at = bisect_right(opened, after) + count - 1
        while at >= len(opened):
            at -= len(opened)
            year += 1
            opened = self.year(year).open
        return opened[at]

    def open_from(self, day: int) -> int:
        """This day if it is open, else the first open day after it."""
        return self.nth_open(day - 1, 1)

    def open_until(self, day: int) -> int:
        """This day if it is open, else the last open day before it."""
        year = date.fromordinal(day).year
        opened = self.year(year).open
        at = bisect_right(opened, day) - 1
        while at < 0:
            year -= 1
            opened = self.year(year).open
            at = len(opened) - 1
        return opened[at]

    def open_days(self, first: int, last: int) -> int:
        """How many days from `first` to `last`, both counted, are open."""
        if last < first:
            return 0
        begins, ends = date.fromordinal(first).year, date.fromordinal(last).year
        before = bisect_left(self.year(begins).open, first)
        between = sum(len(self.year(year).open) for year in range(begins, ends))
        return between - before + bisect_right(self.year(ends).open, last)

    def holidays(self, first: int, last: int) -> Iterator[int]:
        """The days in between that are closed although they are no weekend."""
        if last < first:
            return
        for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
            found = self.year(year).holidays
            yield from found[bisect_left(found, first) : bisect_right(found, last)]

    def year(self, year: int) -> Year:
        """The table of one year, made when it is first asked for."""
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._made(year)
        return found

    @cached_property
    def _years(self) -> dict[int, Year]:
        return {}

    def _made(self, year: int) -> Year:
        if not MINYEAR <= year <= MAXYEAR:
            raise OverflowError("There is no such year.")
        names = self._names(year)
        extra = {day.toordinal() for day in self.opened if day.year == year}
        days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        opened = [day for day in days if day in extra or ((day - 1) % 7 not in self.weekend and day not in names)]
        if not opened:
            raise NeverOpen(f"This calendar has no open day in {year}.")
        return Year(opened, sorted(day for day in names if (day - 1) % 7 not in self.weekend), names)

    def _names(self, year: int) -> dict[int, str]:
        """Every day that has a name which closes the office; the agency's own words come first."""
        public = _public_holidays(self.country, self.subdivision, year)
        named = {day: self._kept(name) for day, name in public.items()}
        named.update({day: name for day, name in self.closed.items() if day.year == year})
        return {day.toordinal(): name for day, name in named.items() if name and day not in self.opened}

    def _kept(self, name: str) -> str:
        """A holiday that does not close the office does not close it on the day it is observed either."""
        return _AND.join(each for each in name.split(_AND) if each.removesuffix(_OBSERVED) not in self.ignored)


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


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day it was at that place: half past eleven in the evening belongs to that evening, whatever UTC says."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is on no certain day.")
    return moment.astimezone(zone).date()


def day_ends_at(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which this day is over there; the days on which clocks are moved are 23 or 25 hours long."""
    return datetime.combine(day + ONE_DAY, time(), tzinfo=zone).astimezone(UTC)
