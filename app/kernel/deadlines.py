"""When something is due, and how that date is arrived at, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from app.kernel.calendar import ONE_DAY, Calendar

MAX_AMOUNT = 40_000


class Unit(StrEnum):
    """What the law counts in."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    YEARS_AND_A_DAY = "years_and_a_day"


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

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on < self.from_on:
            raise ValueError("A pause cannot end before it begins.")


class StepKind(StrEnum):
    """The kinds of line in an explanation."""

    START = "start"
    COUNTED = "counted"
    PAUSE = "pause"
    HOLIDAY = "holiday"
    ROLL = "roll"
    RESULT = "result"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic, as data."""

    kind: StepKind
    on: date | None = None
    to_on: date | None = None
    amount: int | None = None
    unit: Unit | None = None
    tolling: str | None = None
    text: str | None = None
    is_open: bool = False

    def sentence(self) -> str:
        return _SENTENCES[self.kind](self)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The date, whether it can still move, and why it is what it is."""

    due_on: date
    is_provisional: bool
    steps: tuple[Step, ...]
    authority: str | None = None

    def sentences(self) -> tuple[str, ...]:
        return tuple(step.sentence() for step in self.steps)


Span = tuple[date, date]


def due_on(
    rule: Rule, start: date, calendar: Calendar, tolled: Iterable[Pause] = (), *, today: date | None = None
) -> date:
    """The last day. A pause without an end is counted as if it ended on `today`."""
    return _roll(rule, _last_day(rule, start, calendar, merged(tolled, today)), calendar)


def explain(
    rule: Rule, start: date, calendar: Calendar, tolled: Iterable[Pause] = (), *, today: date | None = None
) -> Explanation:
    """The same date as `due_on`, with every step that led to it."""
    pauses = sorted(tolled, key=lambda pause: (pause.from_on, pause.kind, pause.reason))
    spans = merged(pauses, today)
    reached = _last_day(rule, start, calendar, spans)
    due = _roll(rule, reached, calendar)
    open_pauses = [pause for pause in pauses if pause.to_on is None and pause.from_on <= reached]
    steps = (
        Step(StepKind.START, on=start),
        *_pause_steps(pauses, start, reached, today),
        *_holiday_steps(rule, start, reached, calendar),
        Step(StepKind.COUNTED, on=start + ONE_DAY, to_on=reached, amount=rule.amount, unit=rule.unit),
        *_roll_steps(reached, due, calendar),
        Step(StepKind.RESULT, on=due, is_open=bool(open_pauses)),
        *([Step(StepKind.AUTHORITY, text=rule.authority)] if rule.authority else []),
    )
    return Explanation(due, bool(open_pauses), steps, rule.authority)


def merged(tolled: Iterable[Pause], today: date | None = None) -> tuple[Span, ...]:
    """The paused days as spans that neither overlap nor touch, so that no day is counted twice."""
    spans: list[Span] = []
    for first, last in sorted(_span(pause, today) for pause in tolled):
        if spans and first <= spans[-1][1] + ONE_DAY:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return tuple(spans)


def paused_days(tolled: Iterable[Pause], start: date, end: date, *, today: date | None = None) -> int:
    """How many days from the day after `start` to `end` the clock stood still (net against gross time)."""
    return sum(_overlap(span, (start + ONE_DAY, end)) for span in merged(tolled, today))


def add(amount: int, unit: Unit, start: date, calendar: Calendar) -> date:
    """The day so many units after `start`, with neither pause nor roll."""
    if unit is Unit.BUSINESS_DAYS:
        return _nth_open_day(amount, start, calendar, ())
    return start + timedelta(days=_calendar_days(amount, unit, start))


def _span(pause: Pause, today: date | None) -> Span:
    if pause.to_on is not None:
        return (pause.from_on, pause.to_on)
    if today is None:
        raise ValueError("A pause without an end needs today's date.")
    return (pause.from_on, max(today, pause.from_on))


def _last_day(rule: Rule, start: date, calendar: Calendar, spans: Sequence[Span]) -> date:
    try:
        if rule.unit is Unit.BUSINESS_DAYS:
            return _nth_open_day(rule.amount, start, calendar, spans)
        return _nth_running_day(_calendar_days(rule.amount, rule.unit, start), start, spans)
    except OverflowError as refusal:
        raise ValueError("The clock runs past the last year a calendar can hold.") from refusal


def _nth_open_day(amount: int, start: date, calendar: Calendar, spans: Sequence[Span]) -> date:
    if amount == 0:
        return start
    running = (day for day in calendar.open_days_after(start) if not _is_paused(day, spans))
    return next(islice(running, amount - 1, None))


def _is_paused(day: date, spans: Sequence[Span]) -> bool:
    return any(first <= day <= last for first, last in spans)


def _nth_running_day(days: int, start: date, spans: Sequence[Span]) -> date:
    """Months and years are first turned into the days they would have had; each paused day then adds one."""
    if days == 0:
        return start
    reached = start + timedelta(days=days)
    for first, last in spans:
        if first > reached:
            break
        reached += timedelta(days=_overlap((first, last), (start + ONE_DAY, last)))
    return reached


def _overlap(one: Span, other: Span) -> int:
    return max(0, (min(one[1], other[1]) - max(one[0], other[0])).days + 1)


def _calendar_days(amount: int, unit: Unit, start: date) -> int:
    if unit is Unit.DAYS:
        return amount
    if unit is Unit.WEEKS:
        return amount * 7
    months = amount if unit is Unit.MONTHS else amount * 12
    extra = 1 if unit is Unit.YEARS_AND_A_DAY else 0
    return (_months_after(start, months) - start).days + extra


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


def _roll(rule: Rule, day: date, calendar: Calendar) -> date:
    if rule.roll is Roll.NEXT_OPEN_DAY:
        return calendar.next_open(day)
    if rule.roll is Roll.PREVIOUS_OPEN_DAY:
        return calendar.previous_open(day)
    return day


def _pause_steps(pauses: Iterable[Pause], start: date, reached: date, today: date | None) -> list[Step]:
    """Each pause, cut to the days it held the clock; what an earlier one covers is not told twice."""
    steps: list[Step] = []
    covered = start
    for pause in pauses:
        first, last = _span(pause, today)
        first = max(first, covered + ONE_DAY)
        if first > last or first > reached:
            continue
        covered = last
        steps.append(
            Step(
                StepKind.PAUSE,
                on=first,
                to_on=last,
                amount=(last - first).days + 1,
                tolling=pause.kind,
                text=pause.reason,
                is_open=pause.to_on is None,
            )
        )
    return steps


def _holiday_steps(rule: Rule, start: date, reached: date, calendar: Calendar) -> list[Step]:
    if rule.unit is not Unit.BUSINESS_DAYS:
        return []
    days = (start + timedelta(days=n) for n in range(1, (reached - start).days))
    named = ((day, calendar.holiday(day)) for day in days if day.weekday() not in calendar.weekend)
    return [Step(StepKind.HOLIDAY, on=day, text=name) for day, name in named if name]


def _roll_steps(reached: date, due: date, calendar: Calendar) -> list[Step]:
    if reached == due:
        return []
    return [Step(StepKind.ROLL, on=reached, to_on=due, text=calendar.why_closed(reached))]


def _say(day: date | None) -> str:
    return f"{day:%A}, {day:%B} {day.day}, {day.year}" if day else "an unknown day"


_UNIT_WORDS = {
    Unit.DAYS: ("calendar day", "calendar days"),
    Unit.BUSINESS_DAYS: ("business day", "business days"),
    Unit.WEEKS: ("week", "weeks"),
    Unit.MONTHS: ("month", "months"),
    Unit.YEARS: ("year", "years"),
    Unit.YEARS_AND_A_DAY: ("year and a day", "years and a day"),
}


def in_words(amount: int, unit: Unit) -> str:
    """Such as "5 business days" or "1 year and a day"."""
    return f"{amount} {_UNIT_WORDS[unit][amount != 1]}"


def _say_start(step: Step) -> str:
    return f"The clock starts on {_say(step.on)}; that day is not counted."


def _say_counted(step: Step) -> str:
    return f"{in_words(step.amount or 0, step.unit or Unit.DAYS).capitalize()} end on {_say(step.to_on)}."


def _say_pause(step: Step) -> str:
    days = in_words(step.amount or 0, Unit.DAYS)
    if step.is_open:
        return f"It has stood still since {_say(step.on)}, {days} so far: {step.text}."
    return f"It stood still from {_say(step.on)} to {_say(step.to_on)}, {days}: {step.text}."


def _say_holiday(step: Step) -> str:
    return f"{_say(step.on)} is not counted: {step.text}."


def _say_roll(step: Step) -> str:
    return f"{_say(step.on)} is closed ({step.text}), so the date moves to {_say(step.to_on)}."


def _say_result(step: Step) -> str:
    if step.is_open:
        return f"If the pause ended today it would be due on {_say(step.on)}."
    return f"It is due on {_say(step.on)}."


def _say_authority(step: Step) -> str:
    return f"Authority: {step.text}."


_SENTENCES = {
    StepKind.START: _say_start,
    StepKind.COUNTED: _say_counted,
    StepKind.PAUSE: _say_pause,
    StepKind.HOLIDAY: _say_holiday,
    StepKind.ROLL: _say_roll,
    StepKind.RESULT: _say_result,
    StepKind.AUTHORITY: _say_authority,
}
