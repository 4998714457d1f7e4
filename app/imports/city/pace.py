"""When people of the office have their turn: each has a stretch of the working day, another one every day."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.imports.city.diary import RESIDENT, Turn
from app.imports.city.people import dice
from app.kernel.calendar import Calendar

FIRST_HOUR, LAST_HOUR = 9, 17


class Pace:
    """Finds the next moment at which somebody would do something."""

    def __init__(self, seed: int, calendar: Calendar, zone: ZoneInfo, people: list[str]) -> None:
        self.seed, self.calendar, self.zone, self.people = seed, calendar, zone, sorted(people)
        self.rng = dice(seed, "pace")

    def turn(self, who: str, after: datetime, days: float = 0) -> Turn:
        """The first stretch of this person that begins on the day which is so many days later, or the next open one."""
        earliest = after.astimezone(self.zone) + timedelta(days=int(days))
        day = self.calendar.next_open(earliest.date())
        while True:
            start, end = self._stretch(who, day)
            begin = max(start, earliest + timedelta(minutes=2)) if days < 1 else start
            if begin < end:
                return Turn(who, begin + (end - begin) * self.rng.random())
            day = self.calendar.next_open(day + timedelta(days=1))

    def resident(self, after: datetime, days: float = 0) -> Turn:
        """Residents write when they have time: often in the evening."""
        on = after.astimezone(self.zone) + timedelta(days=days)
        at = datetime.combine(on.date(), time(self.rng.randint(8, 22), self.rng.randrange(60)), tzinfo=self.zone)
        return Turn(RESIDENT, max(at, after + timedelta(minutes=7)))

    def at(self, who: str, day: date, hour: int, minute: int) -> Turn:
        """At a moment that is fixed, as a meeting is."""
        return Turn(who, datetime.combine(day, time(hour, minute), tzinfo=self.zone))

    def _stretch(self, who: str, day: date) -> tuple[datetime, datetime]:
        order = _order(self.seed, day.toordinal(), tuple(self.people))
        minutes = (LAST_HOUR - FIRST_HOUR) * 60 // len(order)
        start = datetime.combine(day, time(FIRST_HOUR), tzinfo=self.zone)
        start += timedelta(minutes=minutes * order.index(who))
        return start, start + timedelta(minutes=minutes)


@lru_cache(maxsize=1000)
def _order(seed: int, day: int, people: tuple[str, ...]) -> tuple[str, ...]:
    shuffled = list(people)
    dice(seed, day).shuffle(shuffled)
    return tuple(shuffled)
