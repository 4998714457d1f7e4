"""Why a date is what it is, step by step, and what it would be with one more pause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.calendar import Calendar
from app.kernel.deadlines.ahead import WarningDay, warning_days
from app.kernel.deadlines.arithmetic import (
    LAST_DAY,
    MONTHS,
    Asked,
    Days,
    Leg,
    Reckoning,
    counting,
    longest_until,
    paused_spans,
    reckon,
    span_of,
)
from app.kernel.deadlines.terms import NOTHING_SAID, OPEN_DAYS, Beginning, Extension, Pause, Rule, Unit, pauses_for
from app.kernel.deadlines.wording import Because, Step, StepKind, in_words, say_day

# Longer than any calendar is closed: a date that a pause can move has moved after so many days.
_MUCH_LATER = 400


@dataclass(frozen=True, slots=True)
class Explanation:
    """The date, whether it can still move, and why it is what it is."""

    due_on: date
    is_provisional: bool
    steps: tuple[Step, ...]
    authority: str | None = None
    warnings: tuple[WarningDay, ...] = ()
    consequence: str | None = None
    """What follows if it lapses."""
    beginning: Beginning = NOTHING_SAID

    def sentences(self) -> tuple[str, ...]:
        return tuple(step.sentence() for step in self.steps)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The date as it is, and as it would be."""

    now: Explanation
    then: Explanation

    @property
    def days(self) -> int:
        """How many days later it would be due."""
        return (self.then.due_on - self.now.due_on).days

    def sentence(self) -> str:
        if not self.days:
            return f"It would still be due on {say_day(self.then.due_on)}."
        direction = "later" if self.days > 0 else "earlier"
        days = in_words(abs(self.days), Unit.DAYS)
        return f"It would be due on {say_day(self.then.due_on)}, {days} {direction} than {say_day(self.now.due_on)}."


@dataclass(frozen=True, slots=True)
class _Told:
    """A pause, cut to the days that no earlier one covers."""

    pause: Pause
    first: int
    last: int
    because: Because | None = None
    is_cut: bool = False
    """Whether the law let it last no longer."""

    @property
    def is_open(self) -> bool:
        return self.pause.to_on is None and not self.is_cut


def explain(
    rule: Rule,
    start: date,
    calendar: Calendar,
    tolled: Iterable[Pause] = (),
    *,
    today: date | None = None,
    extended: Iterable[Extension] = (),
    officer: str | None = None,
    beginning: Beginning = NOTHING_SAID,
) -> Explanation:
    """The same date as `due_on`, with every step that led to it."""
    held = sorted(pauses_for(officer or beginning.officer, tolled), key=_by_beginning)
    extended = tuple(extended)
    spans = paused_spans(held, calendar, today)
    found = reckon(rule, start, calendar, spans, extended)
    told = _told(held, found, calendar, today)
    is_provisional = _is_provisional(rule, start, calendar, held, today, extended, found.due)
    due = _day(found.due)
    steps = (
        *_start_steps(start, beginning),
        *_leg_steps(found, told, calendar),
        *(_pause_step(each, None, calendar) for each in told if each.because is None and each.first > found.reached),
        *_roll_steps(found, spans, counting(rule.unit, calendar)),
        *(_no_effect_step(each) for each in told if each.because is not None),
        Step(StepKind.RESULT, on=due, is_open=is_provisional),
        *([Step(StepKind.CONSEQUENCE, text=rule.consequence)] if rule.consequence else []),
        *([Step(StepKind.AUTHORITY, text=rule.authority)] if rule.authority else []),
    )
    warnings = warning_days(due, rule.warnings, after=start)
    return Explanation(due, is_provisional, steps, rule.authority, warnings, rule.consequence, beginning)


def what_if(
    rule: Rule,
    start: date,
    calendar: Calendar,
    tolled: Iterable[Pause] = (),
    *,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
    today: date | None = None,
    extended: Iterable[Extension] = (),
    beginning: Beginning = NOTHING_SAID,
) -> WhatIf:
    """The date with more pauses, or more time, beside the date without; nothing is changed."""
    tolled, extended = tuple(tolled), tuple(extended)
    now = explain(rule, start, calendar, tolled, today=today, extended=extended, beginning=beginning)
    more, longer = (*tolled, *pauses), (*extended, *extensions)
    return WhatIf(now, explain(rule, start, calendar, more, today=today, extended=longer, beginning=beginning))


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def _by_beginning(pause: Pause) -> tuple[date, str, str, date]:
    return (pause.from_on, pause.kind, pause.reason, pause.to_on or date.max)


def _is_provisional(
    rule: Rule,
    start: date,
    calendar: Calendar,
    held: Sequence[Pause],
    today: date | None,
    extended: Sequence[Extension],
    due: int,
) -> bool:
    """True where the date would be another if an open pause went on."""
    begun = [pause.from_on for pause in held if pause.to_on is None]
    if not begun or today is None:
        return False
    later = min(max(today, *begun).toordinal() + _MUCH_LATER, LAST_DAY)
    try:
        spans = paused_spans(held, calendar, _day(later))
        return reckon(rule, start, calendar, spans, extended).due != due
    except ValueError:
        return True


def _told(held: Iterable[Pause], found: Reckoning, calendar: Calendar, today: date | None) -> list[_Told]:
    """What an earlier pause covers is not told twice, so that the lines add up."""
    told: list[_Told] = []
    covered = found.legs[0].after
    for pause in held:
        first, last = span_of(pause, calendar, today)
        cut = max(first, covered + 1)
        because = _because((cut, last), found, calendar)
        is_cut = pause.longest is not None and last == longest_until(pause, calendar) and pause.to_on != _day(last)
        told.append(_Told(pause, first if because else cut, last, because, is_cut))
        covered = covered if because else last
    return told


def _because(days: Days, found: Reckoning, calendar: Calendar) -> Because | None:
    """Why these days moved nothing; nothing to say where they did."""
    first, last = days
    if last <= found.legs[0].after:
        return Because.BEFORE_START
    if first > last:
        return Because.WITHIN_ANOTHER
    # Where the date moves past closed days, a pause on the day on which it would come to rest moves it further.
    counted = counting(found.legs[0].rule.unit, calendar)
    holds = first <= found.reached or counted.open_days(first, min(last, found.due - 1)) > 0
    return None if holds else Because.AFTER_END


# -- steps ----------------------------------------------------------------------------------------


def _start_steps(start: date, beginning: Beginning) -> Iterator[Step]:
    yield Step(StepKind.START, on=start, text=beginning.event or None)
    if beginning.reason:
        yield Step(StepKind.CHOICE, text=beginning.reason)
    if beginning.whose or beginning.proof:
        yield Step(StepKind.WHOSE, text=beginning.whose or None, evidence=beginning.proof)


def _leg_steps(found: Reckoning, told: Sequence[_Told], calendar: Calendar) -> Iterator[Step]:
    """The rule's own stretch, then each extension as it was asked for, with its stretch where it was granted."""
    stood_still = [each for each in told if each.because is None and each.first <= found.reached]
    yield from _counted_steps(found.legs[0], stood_still, calendar)
    legs = iter(found.legs[1:])
    for asked in found.asked:
        yield _extension_step(asked)
        if asked.counts:
            yield from _counted_steps(next(legs), stood_still, calendar)


def _counted_steps(leg: Leg, stood_still: Sequence[_Told], calendar: Calendar) -> Iterator[Step]:
    counted = counting(leg.rule.unit, calendar)
    ran_from = leg.after + 1
    for each in stood_still:
        if leg.after < each.first <= leg.reached:
            yield from _stretch_steps(leg, (ran_from, each.first - 1), counted, is_told=True)
            yield _pause_step(each, leg, counted)
            ran_from = each.last + 1
    yield from _stretch_steps(leg, (ran_from, leg.reached), counted, is_told=bool(stood_still))
    yield Step(
        StepKind.COUNTED,
        on=_day(min(leg.after + 1, leg.reached)),
        to_on=_day(leg.reached),
        amount=leg.rule.amount,
        unit=leg.rule.unit,
        is_open=leg.extension is not None,
        days=leg.days if stood_still and leg.rule.unit in MONTHS else None,
    )


def _stretch_steps(leg: Leg, days: Days, counted: Calendar, *, is_told: bool) -> Iterator[Step]:
    """Days that ran on end, with the holidays in them where these are passed over."""
    first, last = days
    if first > last:
        return
    on, to_on, unit = _day(first), _day(last), leg.rule.unit
    if unit not in OPEN_DAYS:
        if is_told:
            yield Step(StepKind.STRETCH, on=on, to_on=to_on, amount=last - first + 1, unit=Unit.DAYS)
        return
    if is_told:
        yield Step(StepKind.STRETCH, on=on, to_on=to_on, amount=counted.open_days(first, last), unit=unit)
    for day in counted.holidays(first, last):
        yield Step(StepKind.HOLIDAY, on=_day(day), text=counted.holiday(_day(day)))


def _pause_step(told: _Told, leg: Leg | None, counted: Calendar) -> Step:
    pause, unit = told.pause, leg.rule.unit if leg else Unit.DAYS
    return Step(
        StepKind.PAUSE,
        on=_day(told.first),
        to_on=_day(told.last),
        amount=told.last - told.first + 1,
        unit=unit,
        tolling=pause.kind,
        text=pause.reason,
        is_open=told.is_open,
        because=Because.LONGEST if told.is_cut else None,
        lost=counted.open_days(told.first, told.last) if unit in OPEN_DAYS else None,
        evidence=pause.evidence,
        approver=pause.approver,
        authority=pause.authority,
    )


def _no_effect_step(told: _Told) -> Step:
    pause = told.pause
    return Step(
        StepKind.NO_EFFECT,
        on=pause.from_on,
        to_on=_day(max(told.last, told.first)),
        tolling=pause.kind,
        text=pause.reason,
        is_open=told.is_open,
        because=told.because,
        evidence=pause.evidence,
        approver=pause.approver,
        authority=pause.authority,
    )


def _extension_step(asked: Asked) -> Step:
    extension = asked.extension
    return Step(
        StepKind.EXTENSION,
        on=extension.asked_on,
        to_on=extension.granted_on or extension.refused_on,
        amount=extension.more.amount,
        unit=extension.more.unit,
        text=extension.reason or None,
        stood_on=_day(asked.stood),
        because=_outcome(asked),
        evidence=extension.evidence,
        approver=extension.approver,
        authority=extension.more.authority,
    )


def _outcome(asked: Asked) -> Because:
    extension = asked.extension
    if asked.is_late and not extension.may_be_late:
        return Because.TOO_LATE
    if extension.refused_on is not None:
        return Because.REFUSED
    if extension.granted_on is None:
        return Because.UNDECIDED
    return Because.LATE_BUT_ALLOWED if asked.is_late else Because.IN_TIME


def _roll_steps(found: Reckoning, spans: Sequence[Days], counted: Calendar) -> Iterator[Step]:
    if found.reached == found.due:
        return
    direction = 1 if found.due > found.reached else -1
    why: dict[str, None] = {}
    for day in range(found.reached, found.due, direction):
        closed = counted.why_closed(_day(day))
        is_paused = any(first <= day <= last for first, last in spans)
        why[closed or ("the clock stands still" if is_paused else "closed")] = None
    yield Step(
        StepKind.ROLL,
        on=_day(found.reached),
        to_on=_day(found.due),
        text=", then ".join(why),
    )
