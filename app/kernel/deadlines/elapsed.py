"""A duty for which the law gives no number of days: the days that have passed are counted and shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel.calendar import Calendar
from app.kernel.deadlines.arithmetic import paused_spans
from app.kernel.deadlines.terms import NOTHING_SAID, Beginning, Pause, Unit, checked_day, pauses_for
from app.kernel.deadlines.wording import in_words, say_day


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A duty for which the law gives no number of days: how long it has lasted."""

    since: date
    until: date
    days: int
    """Calendar days, the first day not counted."""
    paused_days: int
    business_days: int
    """Those of them on which the office was open and the clock ran."""
    authority: str | None = None
    beginning: Beginning = NOTHING_SAID
    wording: str = ""
    """The law's own word, such as "timely"."""

    @property
    def running_days(self) -> int:
        """Without the days on which the clock stood still."""
        return self.days - self.paused_days

    def sentences(self) -> tuple[str, ...]:
        event = f" ({self.beginning.event})" if self.beginning.event else ""
        said = [f"The law gives no number of days; they are counted since {say_day(self.since)}{event}."]
        if self.wording:
            said.insert(0, f"The law's word: {self.wording.rstrip('. ')}.")
        if self.beginning.reason:
            said.append(f"Why it starts there: {self.beginning.reason.rstrip('. ')}.")
        passed = f"{in_words(self.days, Unit.DAYS)} {'has' if self.days == 1 else 'have'} passed"
        said.append(f"{passed} by {say_day(self.until)}.")
        if self.paused_days:
            ran = in_words(self.running_days, Unit.DAYS)
            said.append(f"The clock stood still on {self.paused_days} of them, so {ran} ran.")
        said.append(f"The office was open on {in_words(self.business_days, Unit.BUSINESS_DAYS)} of them.")
        if self.authority:
            said.append(f"Authority: {self.authority.rstrip('. ')}.")
        return tuple(said)


def elapsed(
    start: date,
    until: date,
    calendar: Calendar,
    tolled: Iterable[Pause] = (),
    *,
    officer: str | None = None,
    authority: str | None = None,
    beginning: Beginning = NOTHING_SAID,
    wording: str = "",
) -> Elapsed:
    """What has passed from the day after `start` to `until`, which is today or the day the duty was done."""
    begins, ends = checked_day(start).toordinal() + 1, checked_day(until).toordinal()
    if ends < begins - 1:
        raise ValueError("Days cannot have passed before the first one.")
    spans = paused_spans(pauses_for(officer or beginning.officer, tolled), calendar, until)
    cut = [(max(first, begins), min(last, ends)) for first, last in spans]
    still = [(first, last) for first, last in cut if first <= last]
    return Elapsed(
        since=start,
        until=until,
        days=ends - begins + 1,
        paused_days=sum(last - first + 1 for first, last in still),
        business_days=calendar.open_days(begins, ends) - sum(calendar.open_days(*span) for span in still),
        authority=authority,
        beginning=beginning,
        wording=wording,
    )
