"""What lies ahead of a clock: the warnings before its date, and the next round of a duty that repeats."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.calendar import Calendar
from app.kernel.deadlines.arithmetic import (
    LAST_DAY,
    MONTHS,
    PAST_THE_LAST_YEAR,
    Days,
    counted,
    length,
    months,
    paused_spans,
    rolled,
)
from app.kernel.deadlines.terms import Pause, Rule, checked_day, pauses_for


@dataclass(frozen=True, slots=True)
class WarningDay:
    """The day on which so many days are left."""

    days: int
    on: date


def warning_days(due_on: date, steps: Iterable[int], *, after: date | None = None) -> tuple[WarningDay, ...]:
    """The earliest first; a step that lies before the clock began warns of nothing and is left out."""
    begins = after.toordinal() if after is not None else 0
    due = due_on.toordinal()
    days = sorted({step for step in steps if step >= 0 and due - step > begins}, reverse=True)
    return tuple(WarningDay(step, date.fromordinal(due - step)) for step in days)


@dataclass(frozen=True, slots=True)
class Round:
    """One time of a duty that comes back: the first is number 1."""

    number: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Rounds:
    """A duty that comes back until the clock is stopped: after the rule's time, then after each further `every`.

    A round is counted from the first day and not from the round before, so that a short month or a closed day does
    not pull all later rounds along.
    """

    rule: Rule
    every: Rule
    start: int
    calendar: Calendar
    spans: Sequence[Days]

    def due(self, number: int) -> int:
        """The day of this round; past the last day of all where there is none."""
        try:
            reached = self._first(self.spans)
            if number > 1:
                days = self._days(number - 1)
                reached = counted(self.every, days, reached, self.calendar, self.spans, times=number - 1)
            return rolled(self.rule, reached, self.start, self.calendar, self.spans)
        except OverflowError:
            return LAST_DAY + 1

    def _first(self, spans: Sequence[Days]) -> int:
        return counted(self.rule, length(self.rule, self.start), self.start, self.calendar, spans)

    def _days(self, times: int) -> int | None:
        """The calendar days of so many rounds more; months go on from where the first ones ended."""
        if self.every.unit in MONTHS and self.rule.unit not in MONTHS:
            return length(self.every, self._first(()), times=times)
        return length(self.every, self.start, months(self.rule), times=times)


def round_due(
    number: int,
    rule: Rule,
    start: date,
    calendar: Calendar,
    tolled: Iterable[Pause] = (),
    *,
    every: Rule | None = None,
    today: date | None = None,
    officer: str | None = None,
) -> Round:
    """When the duty is due for the n-th time."""
    if number < 1:
        raise ValueError("The first round is number 1.")
    spans = paused_spans(pauses_for(officer, tolled), calendar, today)
    rounds = Rounds(rule, every or rule, checked_day(start).toordinal(), calendar, spans)
    return _round(number, rounds.due(number))


def next_round(
    on: date,
    rule: Rule,
    start: date,
    calendar: Calendar,
    tolled: Iterable[Pause] = (),
    *,
    every: Rule | None = None,
    today: date | None = None,
    officer: str | None = None,
) -> Round:
    """The first round that is due on this day or later."""
    spans = paused_spans(pauses_for(officer, tolled), calendar, today)
    rounds = Rounds(rule, every or rule, checked_day(start).toordinal(), calendar, spans)
    if rounds.every.amount < 1:
        raise ValueError("A duty that repeats needs at least one unit between two times.")
    wanted, most = on.toordinal(), 1
    while rounds.due(most) < wanted:
        most *= 2
    number = bisect_left(range(1, most + 1), wanted, key=rounds.due) + 1
    return _round(number, rounds.due(number))


def _round(number: int, due: int) -> Round:
    if due > LAST_DAY:
        raise ValueError(PAST_THE_LAST_YEAR)
    return Round(number, date.fromordinal(due))
