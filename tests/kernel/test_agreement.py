"""The engine comes to the date that a person would who walks from day to day, and keeps what every clock promises."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.calendar import Calendar
from app.kernel.deadlines import Extension, Pause, Roll, Rule, Unit, due_on, explain
from app.operations.bench import clocks
from app.operations.bench.clocks import Case
from tests.kernel import naive
from tests.kernel.strategies import (
    CALENDARS,
    DAY,
    EXTENDED,
    NEAR,
    NEAR_PAUSES,
    SHORT_RULES,
    TODAY,
    pause,
)

CASES = 4_000


def test_thousands_of_random_clocks_end_on_the_day_that_walking_finds() -> None:
    found = clocks.agree(naive.due_on, range(CASES), seconds=600, progress=lambda _: None)
    assert found.shown == []
    assert found.compared == CASES


def test_the_random_clocks_meet_what_is_hard() -> None:
    """Else their agreement would say little."""
    drawn = [clocks.case(number) for number in range(CASES)]
    assert {each.rule.unit for each in drawn} == set(Unit)
    assert {each.rule.roll for each in drawn} == set(Roll)
    assert sum((each.start.month, each.start.day) == (2, 29) for each in drawn) > 50
    assert sum(any(pause.to_on is None for pause in each.pauses) for each in drawn) > 200
    assert sum(any(pause.from_on < each.start for pause in each.pauses) for each in drawn) > 200
    assert sum(len(each.extended) > 1 for each in drawn) > 200
    late = [each for each in drawn if any(e.granted_on and e.asked_on > each.start for e in each.extended)]
    moved = [each for each in late if clocks.compute(each) != clocks.compute(replace(each, extended=()))]
    assert len(late) > len(moved) > 500
    assert max(len(each.pauses) for each in drawn) == 10


@settings(max_examples=300)
@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED)
def test_what_hypothesis_can_think_of_agrees_too(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    case = Case(0, rule, start, calendar, tuple(pauses), tuple(extended), TODAY)
    assert clocks.compute(case) == naive.due_on(case)


@settings(max_examples=300)
@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED, NEAR)
def test_one_more_paused_day_never_brings_a_date_forward(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension], day: date
) -> None:
    before = due_on(rule, start, calendar, pauses, today=TODAY, extended=extended)
    assert due_on(rule, start, calendar, [*pauses, pause(day, 0)], today=TODAY, extended=extended) >= before


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED, st.integers(0, 90))
def test_an_open_pause_that_lasts_longer_never_brings_a_date_forward(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension], days: int
) -> None:
    before = due_on(rule, start, calendar, pauses, today=TODAY, extended=extended)
    assert due_on(rule, start, calendar, pauses, today=TODAY + days * DAY, extended=extended) >= before


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED, st.randoms(use_true_random=False))
def test_the_order_in_which_pauses_and_extensions_are_given_makes_no_difference(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension], rng: Random
) -> None:
    expected = explain(rule, start, calendar, pauses, today=TODAY, extended=extended)
    rng.shuffle(pauses)
    rng.shuffle(extended)
    again = explain(rule, start, calendar, pauses, today=TODAY, extended=extended)
    assert again == expected


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED, st.dates(date(1990, 1, 1), date(2080, 1, 1)))
def test_computed_again_it_is_the_same_date(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension], other: date
) -> None:
    """Whatever tables were made before, and in whatever order."""
    expected = due_on(rule, start, calendar, pauses, today=TODAY, extended=extended)
    fresh = replace(calendar)
    fresh.open_days(other.toordinal(), other.toordinal() + 400)
    for office in (calendar, fresh):
        assert due_on(rule, start, office, pauses, today=TODAY, extended=extended) == expected


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED)
def test_the_explanation_ends_on_the_due_date(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    found = explain(rule, start, calendar, pauses, today=TODAY, extended=extended)
    assert found.due_on == due_on(rule, start, calendar, pauses, today=TODAY, extended=extended)


def test_a_difference_is_counted_and_shown_with_the_number_that_brings_it_back() -> None:
    found = clocks.agree(lambda each: naive.due_on(each) + DAY, range(20), seconds=60, progress=lambda _: None)
    assert (found.compared, found.differing, len(found.shown)) == (20, 20, clocks.SHOWN)
    assert found.shown[0].startswith("0: ")


def test_comparing_stops_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "BATCH", 10)
    found = clocks.agree(naive.due_on, range(1000), seconds=-1, progress=lambda _: None)
    assert found.compared == 0
