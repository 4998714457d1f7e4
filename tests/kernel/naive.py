"""The date of a clock by walking from day to day, as a person would with a calendar on the wall.

It is slow on purpose, shares no arithmetic with the engine, and must come to the same dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from app.kernel.calendar import Calendar
from app.kernel.deadlines import Extension, Pause, Roll, Rule, Unit
from app.operations.bench.clocks import Case

ONE = timedelta(days=1)
BUSINESS = (Unit.BUSINESS_DAYS, Unit.WORKING_DAYS)
MONTHLY = (Unit.MONTHS, Unit.YEARS, Unit.YEARS_AND_A_DAY)


def due_on(case: Case) -> date:
    """The rule, then every extension that was granted and asked for before the date that stood had passed."""
    paused = paused_days(case)
    last = walk(case.rule, case.start, case.calendar, paused, length(case.rule, case.start))
    due = roll(case.rule, last, case, paused)
    months = 0
    for more in sorted(case.extended, key=order):
        if more.granted_on is None or (more.asked_on > due and not more.may_be_late):
            continue
        days = 0
        if more.more.unit in MONTHLY:
            # As many days as these months have after the rule's own end, had nothing been paused.
            end = walk(case.rule, case.start, case.calendar, set(), length(case.rule, case.start))
            days = (months_on(end, months + in_months(more.more)) - months_on(end, months)).days
            days += more.more.unit is Unit.YEARS_AND_A_DAY
            months += in_months(more.more)
        else:
            days = length(more.more, last)
        last = walk(more.more, last, case.calendar, paused, days)
        due = roll(case.rule, last, case, paused)
    return due


def order(more: Extension) -> tuple[date, date, bool, int, str, str]:
    granted = more.granted_on or date.max
    return (more.asked_on, granted, more.may_be_late, more.more.amount, more.more.unit, more.reason)


def walk(rule: Rule, start: date, calendar: Calendar, paused: set[date], days: int) -> date:
    """From the start on, one day after the other; a day that is paused, or closed, is passed over."""
    wanted = rule.amount if rule.unit in BUSINESS else days
    counted_in = calendar.working or calendar if rule.unit is Unit.WORKING_DAYS else calendar
    day = start
    while wanted > 0:
        day += ONE
        if day in paused:
            continue
        if rule.unit in BUSINESS and is_closed(day, counted_in):
            continue
        wanted -= 1
    return day


def length(rule: Rule, start: date) -> int:
    """How many calendar days it is from here; of no meaning for business days."""
    if rule.unit in MONTHLY:
        return (months_on(start, in_months(rule)) - start).days + (rule.unit is Unit.YEARS_AND_A_DAY)
    return rule.amount * 7 if rule.unit is Unit.WEEKS else rule.amount


def in_months(rule: Rule) -> int:
    return rule.amount if rule.unit is Unit.MONTHS else rule.amount * 12


def months_on(start: date, months: int) -> date:
    """Walks until the month has changed so often, then to the same day, or the last one of that month."""
    day, month = start, start.month
    while months > 0:
        day += ONE
        if day.month != month:
            month, months = day.month, months - 1
    while day.day < start.day and (day + ONE).month == day.month:
        day += ONE
    return day


def roll(rule: Rule, last: date, case: Case, paused: set[date]) -> date:
    calendar = case.calendar.working or case.calendar if rule.unit is Unit.WORKING_DAYS else case.calendar
    if rule.roll is Roll.NONE or not is_closed(last, calendar):
        return last
    day = last
    if rule.roll is Roll.PREVIOUS_OPEN_DAY:
        while day > case.start and is_closed(day, calendar):
            day -= ONE
        if day > case.start:
            return day
        paused = set()
        day = last
    while is_closed(day, calendar) or day in paused:
        day += ONE
    return day


def paused_days(case: Case) -> set[date]:
    return {day for pause in case.pauses for day in days_of(pause, case)}


def days_of(pause: Pause, case: Case) -> Iterator[date]:
    day, left = pause.from_on, limit(pause)
    until = pause.to_on or max(case.today, pause.from_on)
    while day <= until and left > 0:
        yield day
        counts = pause.longest is None or pause.longest.unit is Unit.DAYS or not is_closed(day, case.calendar)
        left -= 1 if counts else 0
        day += ONE


def limit(pause: Pause) -> int:
    return pause.longest.amount if pause.longest else 10**9


def is_closed(day: date, calendar: Calendar) -> bool:
    """The office's own words first, then the public table, then the weekend."""
    if day in calendar.opened:
        return False
    if day in calendar.closed:
        return True
    if day.weekday() in calendar.weekend:
        return True
    names = public(calendar.country, calendar.subdivision).get(day, "")
    kept = [name for name in names.split("; ") if name.replace(" (observed)", "") not in calendar.ignored]
    return bool(names) and bool(kept)


@cache
def public(country: str | None, subdivision: str | None) -> dict[date, str]:
    if country is None:
        return {}
    return dict(country_holidays(country, subdiv=subdivision, years=range(1995, 2075)))
