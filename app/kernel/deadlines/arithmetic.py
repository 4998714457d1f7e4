"""When something is due: counting from the first day, past the pauses, with the time that was granted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.calendar import Calendar
from app.kernel.deadlines.terms import OPEN_DAYS, Extension, Pause, Roll, Rule, Unit, checked_day, pauses_for

LAST_DAY = date.max.toordinal()
PAST_THE_LAST_YEAR = "The clock runs past the last year a calendar can hold."
MONTHS = {Unit.MONTHS: 1, Unit.YEARS: 12, Unit.YEARS_AND_A_DAY: 12}
Span = tuple[date, date]
# Inside, a day is its ordinal: whole numbers are added and compared, and nothing walks from day to day.
Days = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Leg:
    """One counted length: the rule's own, or that of one extension."""

    rule: Rule
    after: int
    """The day before the first that counts."""
    reached: int
    days: int | None
    """The calendar days that the amount was turned into; nothing where only open days count."""
    extension: Extension | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An extension, and the date that stood when it was asked for."""

    extension: Extension
    stood: int

    @property
    def is_late(self) -> bool:
        return self.extension.asked_on.toordinal() > self.stood

    @property
    def counts(self) -> bool:
        return self.extension.granted_on is not None and (not self.is_late or self.extension.may_be_late)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """All that the arithmetic found; days are ordinals."""

    legs: tuple[Leg, ...]
    asked: tuple[Asked, ...]
    due: int

    @property
    def reached(self) -> int:
        """The last day that was counted."""
        return self.legs[-1].reached


def due_on(
    rule: Rule,
    start: date,
    calendar: Calendar,
    tolled: Iterable[Pause] = (),
    *,
    today: date | None = None,
    extended: Iterable[Extension] = (),
    officer: str | None = None,
) -> date:
    """The last day. A pause without an end is counted as if it ended on `today`."""
    spans = paused_spans(pauses_for(officer, tolled), calendar, today)
    return date.fromordinal(reckon(rule, start, calendar, spans, extended).due)


def reckon(
    rule: Rule, start: date, calendar: Calendar, spans: Sequence[Days], extended: Iterable[Extension] = ()
) -> Reckoning:
    """The rule first, then each extension in the order in which they were asked for."""
    begins = checked_day(start).toordinal()
    try:
        days = length(rule, begins)
        legs = [Leg(rule, begins, counted(rule, days, begins, calendar, spans), days)]
        due = rolled(rule, legs[0].reached, begins, calendar, spans)
        asked: list[Asked] = []
        for extension in sorted(extended, key=_order):
            asked.append(Asked(extension, due))
            if asked[-1].counts:
                legs.append(_extra(legs, extension, calendar, spans))
                due = rolled(rule, legs[-1].reached, begins, calendar, spans)
    except OverflowError as refusal:
        raise ValueError(PAST_THE_LAST_YEAR) from refusal
    return Reckoning(tuple(legs), tuple(asked), due)


def _order(extension: Extension) -> tuple[date, date, bool, int, str, str]:
    """Complete, so that the order in which they are given makes no difference."""
    more, granted_on = extension.more, extension.granted_on or date.max
    return (extension.asked_on, granted_on, extension.may_be_late, more.amount, more.unit, extension.reason)


def _extra(legs: Sequence[Leg], extension: Extension, calendar: Calendar, spans: Sequence[Days]) -> Leg:
    """More months are as long as they are right after the rule's own end, had nothing stood still.

    Were they counted from the day that was really reached, one more pause could lead into a shorter month, and bring
    the date forward.
    """
    more, first = extension.more, legs[0]
    anchor = already = 0
    if more.unit in MONTHS:
        anchor = counted(first.rule, first.days, first.after, calendar, ())
        already = sum(months(leg.rule) for leg in legs[1:])
    days, after = length(more, anchor, already), legs[-1].reached
    return Leg(more, after, counted(more, days, after, calendar, spans), days, extension)


def counted(
    rule: Rule, days: int | None, after: int, calendar: Calendar, spans: Sequence[Days], *, times: int = 1
) -> int:
    """The last of so many days after `after`: of open ones where `days` says nothing."""
    if days is None:
        return _nth_open_day(rule.amount * times, after, counting(rule.unit, calendar), spans)
    return _nth_running_day(days, after, spans)


def counting(unit: Unit, calendar: Calendar) -> Calendar:
    """The calendar whose open days this unit counts."""
    return calendar.working or calendar if unit is Unit.WORKING_DAYS else calendar


def _nth_open_day(amount: int, after: int, calendar: Calendar, spans: Sequence[Days]) -> int:
    if amount == 0:
        return after
    reached = calendar.nth_open(after, amount)
    for first, last in spans:
        if first > reached:
            break
        lost = calendar.open_days(max(first, after + 1), last)
        if lost:
            reached = calendar.nth_open(reached, lost)
    return reached


def _nth_running_day(days: int, after: int, spans: Sequence[Days]) -> int:
    """Months and years are first turned into the days they would have had; each paused day then adds one."""
    if days == 0:
        return after
    reached = after + days
    for first, last in spans:
        if first > reached:
            break
        if last > after:
            reached += last - max(first, after + 1) + 1
    if reached > LAST_DAY:
        raise OverflowError
    return reached


def rolled(rule: Rule, day: int, start: int, calendar: Calendar, spans: Sequence[Days]) -> int:
    """The day itself if it is open. A date that moves on does not come to rest on a day that is paused.

    One that moves back stays after the start: where no open day lies between, the first one after it is taken.
    """
    if rule.roll is Roll.NONE:
        return day
    calendar = counting(rule.unit, calendar)
    if rule.roll is Roll.PREVIOUS_OPEN_DAY:
        earlier = calendar.open_until(day) if day > start else start
        return earlier if earlier > start else calendar.open_from(day)
    due = calendar.open_from(day)
    return due if due == day else _past_pauses(due, calendar, spans)


def _past_pauses(due: int, calendar: Calendar, spans: Sequence[Days]) -> int:
    for first, last in spans:
        if first <= due <= last:
            due = calendar.open_from(last + 1)
    return due


def length(rule: Rule, start: int, already: int = 0, *, times: int = 1) -> int | None:
    """Its calendar days from `start`, or from so many months after it; nothing where only open days count."""
    if rule.unit in OPEN_DAYS:
        return None
    if rule.unit not in MONTHS:
        return rule.amount * times * (7 if rule.unit is Unit.WEEKS else 1)
    first = date.fromordinal(start)
    before = _months_after(first, already).toordinal() if already else start
    extra = times if rule.unit is Unit.YEARS_AND_A_DAY else 0
    return _months_after(first, already + months(rule) * times).toordinal() - before + extra


def months(rule: Rule) -> int:
    """How many months it is; none where it is not counted in months."""
    return rule.amount * MONTHS.get(rule.unit, 0)


def _months_after(start: date, months: int) -> date:
    """The same day of the month; where there is none, the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(start.day, 27))


# -- pauses ---------------------------------------------------------------------------------------

PLAIN = Calendar()


def paused_spans(tolled: Iterable[Pause], calendar: Calendar, today: date | None) -> list[Days]:
    """The paused days as spans that neither overlap nor touch, so that no day is counted twice."""
    spans: list[Days] = []
    for first, last in sorted([span_of(pause, calendar, today) for pause in tolled]):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        elif first <= last:
            spans.append((first, last))
    return spans


def span_of(pause: Pause, calendar: Calendar, today: date | None) -> Days:
    """Its first and its last day; one that is open lasts until today, and none longer than the law lets it."""
    first = pause.from_on.toordinal()
    if pause.to_on is not None:
        last = pause.to_on.toordinal()
    elif today is None:
        raise ValueError("A pause without an end needs today's date.")
    else:
        last = max(today.toordinal(), first)
    return (first, last) if pause.longest is None else (first, min(last, longest_until(pause, calendar)))


def longest_until(pause: Pause, calendar: Calendar) -> int:
    """The last day that the law lets it hold the clock, the first day being the first that counts."""
    longest, eve = pause.longest, pause.from_on.toordinal() - 1
    if longest is None:
        return LAST_DAY
    try:
        return counted(longest, length(longest, max(eve, 1)), eve, calendar, ())
    except OverflowError:
        return LAST_DAY


def merged(tolled: Iterable[Pause], today: date | None = None, *, calendar: Calendar = PLAIN) -> tuple[Span, ...]:
    """The paused days as spans of dates."""
    found = paused_spans(tolled, calendar, today)
    return tuple((date.fromordinal(first), date.fromordinal(last)) for first, last in found)


def paused_days(
    tolled: Iterable[Pause], start: date, end: date, *, today: date | None = None, calendar: Calendar = PLAIN
) -> int:
    """How many days from the day after `start` to `end` the clock stood still (net against gross time)."""
    after, until = start.toordinal() + 1, end.toordinal()
    spans = paused_spans(tolled, calendar, today)
    return sum(max(0, min(last, until) - max(first, after) + 1) for first, last in spans)


def add(amount: int, unit: Unit, start: date, calendar: Calendar) -> date:
    """The day so many units after `start`, with neither pause nor roll."""
    return due_on(Rule(amount, unit), start, calendar)
