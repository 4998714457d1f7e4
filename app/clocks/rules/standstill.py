"""Days on which no clock runs: today's rulebook says that a lost power, or the end of the agency, stops them."""

from datetime import date

from app.clocks.rules.reckoning import ONE_DAY
from app.kernel.deadlines import Pause
from app.policy.acting import stop_of
from app.policy.model import Rulebook
from app.policy.model.powers import Act

KIND = "standstill"


def standstills(today: Rulebook) -> list[Pause]:
    """Each such time as a pause with its reason and law: asked of the rulebook in force today, whatever the clock's."""
    begun = sorted(day for day in _losses(today) if stop_of(today, Act.CLOCKS, day) is not None)
    return [_pause(today, day) for day in begun]


def _losses(book: Rulebook) -> set[date]:
    """The days on which something ended."""
    powers = [day for power in book.powers for day in (power.to_on, power.suspended_on)]
    return {day for day in (*powers, *(body.to_on for body in book.bodies), book.meta.to_on) if day is not None}


def _pause(book: Rulebook, day: date) -> Pause:
    stop = stop_of(book, Act.CLOCKS, day)
    back = sorted(power.resumed_on for power in book.powers if power.resumed_on and power.resumed_on > day)
    free = next((each for each in back if stop_of(book, Act.CLOCKS, each) is None), None)
    said = " ".join(part for part in (stop.head, stop.reason()) if part) if stop else ""
    return Pause(KIND, said, day, free - ONE_DAY if free else None)
