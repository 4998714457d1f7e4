"""More time counts when it was granted and asked for in time, and it never takes any away."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import Calendar
from app.kernel.deadlines import Because, Extension, Pause, Roll, Rule, StepKind, Unit, due_on, explain
from tests.kernel.strategies import CALENDARS, DAY, EXTENDED, EXTENSIONS, NEAR, NEAR_PAUSES, PLAIN, SHORT_RULES, TODAY

START = date(2026, 1, 1)
THIRTY = Rule(30, Unit.DAYS)
DUE = date(2026, 1, 31)


def asked(on: date, more: Rule = THIRTY, granted_on: date | None = None, *, may_be_late: bool = False) -> Extension:
    return Extension(more, on, granted_on or on, may_be_late=may_be_late)


def test_time_that_was_granted_runs_on_from_the_last_day() -> None:
    assert due_on(THIRTY, START, PLAIN, extended=[asked(date(2026, 1, 20))]) == date(2026, 3, 2)


def test_sixty_days_and_thirty_more_are_ninety_in_all_whatever_day_the_sixtieth_is() -> None:
    rule = Rule(60, Unit.DAYS, Roll.NEXT_OPEN_DAY)
    start = date(2026, 1, 6)
    assert due_on(rule, start, PLAIN) == date(2026, 3, 9)  # the sixtieth day is a Saturday
    assert due_on(rule, start, PLAIN, extended=[asked(date(2026, 3, 9))]) == date(2026, 4, 6)  # the ninetieth, a Monday


@pytest.mark.parametrize(
    ("asked_on", "may_be_late", "counts"),
    [(DUE, False, True), (DUE + DAY, False, False), (DUE + DAY, True, True)],
)
def test_it_must_be_asked_for_before_the_day_has_passed(asked_on: date, may_be_late: bool, counts: bool) -> None:
    late = [asked(asked_on, may_be_late=may_be_late)]
    assert due_on(THIRTY, START, PLAIN, extended=late) == (DUE + 30 * DAY if counts else DUE)


def test_asked_for_in_time_and_granted_afterwards_counts() -> None:
    granted_late = [asked(DUE, granted_on=DUE + 20 * DAY)]
    assert due_on(THIRTY, START, PLAIN, extended=granted_late) == DUE + 30 * DAY


def test_what_is_refused_or_not_decided_adds_nothing() -> None:
    for extension in (Extension(THIRTY, DUE), Extension(THIRTY, DUE, refused_on=DUE + DAY)):
        assert due_on(THIRTY, START, PLAIN, extended=[extension]) == DUE


def test_a_pause_found_later_can_make_a_late_request_timely() -> None:
    late = [asked(DUE + DAY)]
    pause = Pause("court", "order", date(2026, 1, 10), date(2026, 1, 10))
    assert due_on(THIRTY, START, PLAIN, [pause], extended=late) == DUE + 31 * DAY


def test_a_second_extension_is_asked_for_before_the_first_one_ends() -> None:
    first, second = asked(DUE), asked(DUE + 25 * DAY)
    assert due_on(THIRTY, START, PLAIN, extended=[second, first]) == DUE + 60 * DAY
    assert due_on(THIRTY, START, PLAIN, extended=[second]) == DUE


def test_more_months_are_as_long_as_they_are_after_the_rules_own_end() -> None:
    month = Rule(1, Unit.MONTHS)
    two = [asked(date(2026, 1, 20), month), asked(date(2026, 2, 2), month)]
    start = date(2025, 12, 31)
    assert due_on(month, start, PLAIN, extended=two[:1]) == date(2026, 2, 28)
    assert due_on(month, start, PLAIN, extended=two) == date(2026, 3, 31)
    assert due_on(month, start - 2 * DAY, PLAIN, extended=two) == date(2026, 3, 29)
    pause = Pause("court", "order", date(2026, 1, 5), date(2026, 1, 9))
    assert due_on(month, start, PLAIN, [pause], extended=two[:1]) == date(2026, 3, 5)


def test_it_stands_still_with_the_clock() -> None:
    pause = Pause("court", "order", DUE + DAY, DUE + 5 * DAY)
    assert due_on(THIRTY, START, PLAIN, [pause], extended=[asked(DUE)]) == DUE + 35 * DAY


def test_an_extension_is_decided_once_and_not_before_it_is_asked_for() -> None:
    with pytest.raises(ValueError, match="granted or refused"):
        Extension(THIRTY, DUE, DUE, refused_on=DUE)
    with pytest.raises(ValueError, match="before it is asked for"):
        Extension(THIRTY, DUE, DUE - DAY)
    with pytest.raises(ValueError, match="before it is asked for"):
        Extension(THIRTY, DUE, refused_on=DUE - DAY)


def test_each_request_is_told_with_what_became_of_it_and_its_law() -> None:
    board = Extension(
        Rule(60, Unit.DAYS, authority="R.S. 40:2531(B)(7)"),
        date(2026, 1, 20),
        date(2026, 2, 3),
        reason="two witnesses are abroad",
        approver="the civil service board",
        evidence="order 14",
    )
    requests = [
        board,
        Extension(THIRTY, date(2026, 3, 1)),
        Extension(THIRTY, date(2026, 3, 2), refused_on=date(2026, 3, 9)),
        asked(date(2026, 6, 1)),
        asked(date(2026, 6, 2), Rule(1, Unit.DAYS), may_be_late=True),
    ]
    steps = [
        step
        for step in explain(THIRTY, START, PLAIN, extended=requests).steps
        if step.kind in (StepKind.EXTENSION, StepKind.COUNTED)
    ]
    assert [step.because for step in steps if step.kind is StepKind.EXTENSION] == [
        Because.IN_TIME,
        Because.UNDECIDED,
        Because.REFUSED,
        Because.TOO_LATE,
        Because.LATE_BUT_ALLOWED,
    ]
    due, more = "Wednesday, April 1, 2026", "30 calendar days more were asked for on"
    assert [step.sentence() for step in steps] == [
        "30 calendar days end on Saturday, January 31, 2026.",
        "60 calendar days more were asked for on Tuesday, January 20, 2026, in time for Saturday, January 31, 2026, "
        "and granted on Tuesday, February 3, 2026: two witnesses are abroad (order 14; granted by the civil service "
        "board; R.S. 40:2531(B)(7)).",
        f"60 calendar days more end on {due}.",
        f"{more} Sunday, March 1, 2026, in time for {due}, and nothing is decided yet.",
        f"{more} Monday, March 2, 2026, in time for {due}, and refused on Monday, March 9, 2026.",
        f"{more} Monday, June 1, 2026, after {due} had passed, which is too late: nothing is added.",
        f"1 calendar day more was asked for on Tuesday, June 2, 2026, after {due} had passed, which the law allows, "
        "and granted on Tuesday, June 2, 2026.",
        "1 calendar day more ends on Thursday, April 2, 2026.",
    ]


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED, EXTENSIONS)
def test_an_extension_never_shortens(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension], one: Extension
) -> None:
    before = due_on(rule, start, calendar, pauses, today=TODAY, extended=extended)
    assert due_on(rule, start, calendar, pauses, today=TODAY, extended=[*extended, one]) >= before


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, st.lists(EXTENSIONS, max_size=3))
def test_the_order_in_which_extensions_are_given_makes_no_difference(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    dates = {due_on(rule, start, calendar, pauses, today=TODAY, extended=each) for each in permutations(extended)}
    assert len(dates) == 1
