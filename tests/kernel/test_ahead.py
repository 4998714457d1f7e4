"""Warnings come before the day, a duty that repeats comes back, and one without a number of days counts up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import Calendar
from app.kernel.deadlines import (
    Beginning,
    Pause,
    Roll,
    Rule,
    Unit,
    due_on,
    elapsed,
    next_round,
    round_due,
    warning_days,
)
from tests.kernel.strategies import (
    CALENDARS,
    DAY,
    NEAR,
    NEAR_PAUSES,
    NEW_YORK,
    PLAIN,
    SHORT_RULES,
    STARTS,
    TODAY,
    pause,
)

SIX_MONTHS = Rule(6, Unit.MONTHS)
START = date(2026, 1, 1)
REPEATED = st.builds(Rule, st.integers(1, 20), st.sampled_from(Unit), st.sampled_from(Roll))


# -- warnings -------------------------------------------------------------------------------------


def test_the_warnings_of_the_rulebook_come_the_earliest_first() -> None:
    due = date(2026, 7, 4)
    assert [(w.days, w.on) for w in warning_days(due, (7, 90, 30, 60, 14, 30))] == [
        (90, date(2026, 4, 5)),
        (60, date(2026, 5, 5)),
        (30, date(2026, 6, 4)),
        (14, date(2026, 6, 20)),
        (7, date(2026, 6, 27)),
    ]


def test_a_warning_from_before_the_clock_began_warns_of_nothing() -> None:
    start = date(2026, 6, 1)
    assert [warning.days for warning in warning_days(start + 30 * DAY, (90, 30, 29, 0), after=start)] == [29, 0]


def test_at_the_beginning_of_all_days_no_warning_lies_before_them() -> None:
    assert warning_days(date(1, 1, 10), (30, 9, 5)) == warning_days(date(1, 1, 10), (9, 5))


@given(STARTS, st.lists(st.integers(-5, 400)), STARTS)
def test_a_warning_is_never_after_the_day_and_never_before_the_start(due: date, steps: list[int], start: date) -> None:
    found = warning_days(due, steps, after=start)
    assert all(start < warning.on <= due and (due - warning.on).days == warning.days for warning in found)
    assert [warning.on for warning in found] == sorted({warning.on for warning in found})


# -- rounds ---------------------------------------------------------------------------------------


def test_a_short_month_does_not_pull_later_rounds_along() -> None:
    start = date(2025, 8, 31)
    rounds = [round_due(number, SIX_MONTHS, start, PLAIN).due_on for number in (1, 2, 3)]
    assert rounds == [date(2026, 2, 28), date(2026, 8, 31), date(2027, 2, 28)]


def test_a_closed_day_moves_one_round_and_not_the_next() -> None:
    rule = Rule(1, Unit.MONTHS, Roll.NEXT_OPEN_DAY)
    rounds = [round_due(number, rule, date(2026, 1, 31), NEW_YORK).due_on for number in (1, 2, 3)]
    assert rounds == [date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 30)]


def test_later_rounds_can_be_of_another_length() -> None:
    first, every = Rule(10, Unit.BUSINESS_DAYS), Rule(1, Unit.MONTHS)
    rounds = [round_due(number, first, date(2026, 1, 2), NEW_YORK, every=every).due_on for number in (1, 2, 3)]
    assert rounds == [date(2026, 1, 16), date(2026, 2, 16), date(2026, 3, 16)]
    weekly = [round_due(n, SIX_MONTHS, START, PLAIN, every=Rule(1, Unit.WEEKS)).due_on for n in (1, 2)]
    assert weekly == [date(2026, 7, 1), date(2026, 7, 8)]


def test_a_pause_moves_this_round_and_all_later_ones() -> None:
    rule, held = Rule(30, Unit.DAYS), [pause(date(2026, 2, 10), 4)]
    rounds = [round_due(number, rule, START, PLAIN, held).due_on for number in (1, 2, 3)]
    assert rounds == [date(2026, 1, 31), date(2026, 3, 7), date(2026, 4, 6)]


@pytest.mark.parametrize(
    ("on", "number", "due"),
    [
        ("2026-01-01", 1, "2026-07-01"),
        ("2026-07-01", 1, "2026-07-01"),
        ("2026-07-02", 2, "2027-01-01"),
        ("2031-12-31", 12, "2032-01-01"),
    ],
)
def test_the_next_round_is_the_first_that_is_due_on_this_day_or_later(on: str, number: int, due: str) -> None:
    found = next_round(date.fromisoformat(on), SIX_MONTHS, START, PLAIN)
    assert (found.number, found.due_on) == (number, date.fromisoformat(due))


@given(REPEATED, REPEATED, NEAR, CALENDARS, NEAR_PAUSES, st.integers(0, 500))
def test_the_next_round_is_found_among_all_rounds(
    rule: Rule, every: Rule, start: date, calendar: Calendar, pauses: list[Pause], days: int
) -> None:
    wanted, number = start + days * DAY, 1
    while round_due(number, rule, start, calendar, pauses, every=every, today=TODAY).due_on < wanted:
        number += 1
    assert next_round(wanted, rule, start, calendar, pauses, every=every, today=TODAY) == round_due(
        number, rule, start, calendar, pauses, every=every, today=TODAY
    )


@given(SHORT_RULES, REPEATED, NEAR, CALENDARS, NEAR_PAUSES, st.integers(1, 20))
def test_rounds_follow_each_other_and_the_first_is_the_clock_itself(
    rule: Rule, every: Rule, start: date, calendar: Calendar, pauses: list[Pause], number: int
) -> None:
    def due(n: int) -> date:
        return round_due(n, rule, start, calendar, pauses, every=every, today=TODAY).due_on

    assert due(1) == due_on(rule, start, calendar, pauses, today=TODAY)
    assert due(number) <= due(number + 1)


def test_an_officers_own_pause_moves_that_officers_rounds() -> None:
    held = [Pause("waiver", "a waiver", date(2026, 1, 5), date(2026, 1, 9), officers=frozenset({"one"}))]
    rule = Rule(30, Unit.DAYS)
    assert round_due(1, rule, START, PLAIN, held, officer="one").due_on == date(2026, 2, 5)
    assert next_round(START, rule, START, PLAIN, held, officer="two").due_on == date(2026, 1, 31)


def test_a_round_that_no_calendar_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="past the last year"):
        next_round(date.max, Rule(1, Unit.YEARS), START, PLAIN)
    with pytest.raises(ValueError, match="past the last year"):
        round_due(9000, Rule(1, Unit.YEARS), START, PLAIN)


def test_a_duty_that_repeats_at_once_or_before_its_first_time_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        next_round(START, Rule(0, Unit.DAYS), START, PLAIN)
    with pytest.raises(ValueError, match="number 1"):
        round_due(0, SIX_MONTHS, START, PLAIN)


# -- days that only pass --------------------------------------------------------------------------


def test_a_duty_without_a_number_counts_the_days_that_pass() -> None:
    found = elapsed(
        date(2026, 11, 9),
        date(2026, 12, 1),
        NEW_YORK,
        [pause(date(2026, 11, 16), 1), Pause("court", "order", date(2026, 11, 30))],
        authority="Policy 12",
        beginning=Beginning(whose="the chief"),
    )
    assert (found.days, found.paused_days, found.running_days, found.business_days) == (22, 4, 18, 10)
    assert found.beginning.whose == "the chief"
    assert found.sentences() == (
        "The law gives no number of days; they are counted since Monday, November 9, 2026.",
        "22 calendar days have passed by Tuesday, December 1, 2026.",
        "The clock stood still on 4 of them, so 18 calendar days ran.",
        "The office was open on 10 business days of them.",
        "Authority: Policy 12.",
    )


def test_on_the_day_itself_nothing_has_passed() -> None:
    found = elapsed(START, START, PLAIN)
    assert (found.days, found.business_days) == (0, 0)
    assert elapsed(START, START + DAY, PLAIN).sentences()[1] == "1 calendar day has passed by Friday, January 2, 2026."
    with pytest.raises(ValueError, match="before the first one"):
        elapsed(START, START - DAY, PLAIN)


@given(NEAR, st.integers(0, 400), CALENDARS, NEAR_PAUSES)
def test_what_has_passed_is_what_one_counts_by_hand(
    start: date, length: int, calendar: Calendar, pauses: list[Pause]
) -> None:
    until = start + length * DAY
    found = elapsed(start, until, calendar, pauses)
    every = [start + n * DAY for n in range(1, length + 1)]
    ran = [day for day in every if not any(p.from_on <= day <= (p.to_on or until) for p in pauses)]
    assert (found.days, found.running_days) == (len(every), len(ran))
    assert found.business_days == sum(calendar.is_open(day) for day in ran)
