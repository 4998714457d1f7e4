"""An explanation tells every day once, in order, with its reason and its law."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import Calendar
from app.kernel.deadlines import (
    Because,
    Beginning,
    Extension,
    Pause,
    Roll,
    Rule,
    Step,
    StepKind,
    Unit,
    due_on,
    explain,
    warning_days,
    what_if,
)
from tests.kernel.strategies import (
    CALENDARS,
    DAY,
    EXTENDED,
    NEAR,
    NEAR_PAUSES,
    NEW_YORK,
    PAUSES,
    PLAIN,
    RULES,
    SHORT_RULES,
    STARTS,
    TODAY,
    pause,
)

START = date(2026, 1, 1)
THIRTY = Rule(30, Unit.DAYS)


def days(step: Step) -> set[date]:
    assert step.on
    assert step.to_on
    return {step.on + n * DAY for n in range((step.to_on - step.on).days + 1)}


@given(RULES, STARTS, PAUSES)
def test_it_begins_with_the_start_and_comes_to_one_result(rule: Rule, start: date, pauses: list[Pause]) -> None:
    explanation = explain(rule, start, NEW_YORK, pauses)
    assert explanation.due_on == due_on(rule, start, NEW_YORK, pauses)
    assert explanation.steps[0].kind is StepKind.START
    assert [step.on for step in explanation.steps if step.kind is StepKind.RESULT] == [explanation.due_on]
    assert all(sentence.endswith(".") for sentence in explanation.sentences())


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED)
def test_every_day_up_to_the_last_one_is_told_once(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    steps = explain(rule, start, calendar, pauses, today=TODAY, extended=extended).steps
    reached = max(step.to_on for step in steps if step.kind is StepKind.COUNTED and step.to_on)
    told = [
        step for step in steps if step.kind in (StepKind.STRETCH, StepKind.PAUSE) and step.on and step.on <= reached
    ]
    if told:
        every = [day for step in told for day in days(step)]
        assert sorted(every) == [start + n * DAY for n in range(1, (reached - start).days + 1)]


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED)
def test_the_stretches_add_up_to_what_the_law_gave(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    """For each counted line: so many days of its unit, or so many as its months were turned into."""
    ran = 0
    steps = explain(rule, start, calendar, pauses, today=TODAY, extended=extended).steps
    is_told = any(step.kind is StepKind.STRETCH for step in steps)
    for step in steps:
        if step.kind is StepKind.STRETCH:
            ran += step.amount or 0
        if step.kind is StepKind.COUNTED and is_told:
            given = (step.amount or 0) * (7 if step.unit is Unit.WEEKS else 1)
            assert ran == (step.days if step.days is not None else given)
            ran = 0


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED)
def test_the_steps_of_the_counting_are_in_order_of_time(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    steps = explain(rule, start, calendar, pauses, today=TODAY, extended=extended).steps
    told = [step for step in steps if step.kind in (StepKind.STRETCH, StepKind.PAUSE)]
    assert all(one.to_on < other.on for one, other in pairwise(told) if one.to_on and other.on)


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED)
def test_every_pause_is_told_with_what_it_moved_or_why_it_moved_nothing(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    pauses = [replace(each, reason=f"order {number}") for number, each in enumerate(pauses)]
    steps = explain(rule, start, calendar, pauses, today=TODAY, extended=extended).steps
    idle = {step.text for step in steps if step.kind is StepKind.NO_EFFECT}
    told = {step.text for step in steps if step.kind is StepKind.PAUSE}
    assert idle | told == {each.reason for each in pauses}
    assert not idle & told
    kept = [each for each in pauses if each.reason in told]
    due = due_on(rule, start, calendar, pauses, today=TODAY, extended=extended)
    assert due_on(rule, start, calendar, kept, today=TODAY, extended=extended) == due


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, EXTENDED)
def test_a_date_is_provisional_exactly_if_an_open_pause_that_went_on_would_move_it(
    rule: Rule, start: date, calendar: Calendar, pauses: list[Pause], extended: list[Extension]
) -> None:
    found = explain(rule, start, calendar, pauses, today=TODAY, extended=extended)
    later = due_on(rule, start, calendar, pauses, today=date(2036, 1, 1), extended=extended)
    assert found.is_provisional == (later != found.due_on)


@given(STARTS, st.integers(0, 60), PAUSES)
def test_each_holiday_that_was_passed_over_is_told_and_no_other(start: date, amount: int, pauses: list[Pause]) -> None:
    explanation = explain(Rule(amount, Unit.BUSINESS_DAYS), start, NEW_YORK, pauses)
    told = {step.on for step in explanation.steps if step.kind is StepKind.HOLIDAY}
    paused = {day for step in explanation.steps if step.kind is StepKind.PAUSE for day in days(step)}
    between = [start + n * DAY for n in range(1, (explanation.due_on - start).days + 1)]
    assert told == {day for day in between if day.weekday() < 5 and not NEW_YORK.is_open(day)} - paused


def test_an_explanation_reads_as_plain_sentences() -> None:
    rule = Rule(10, Unit.BUSINESS_DAYS, Roll.NEXT_OPEN_DAY, "Charter 604(g)", consequence="The case is closed.")
    pauses = [
        Pause(
            "court", "court order", date(2026, 11, 17), date(2026, 11, 18), approver="the director", evidence="order 7"
        ),
        Pause("court", "another order", date(2026, 11, 18), date(2026, 11, 18), authority="Charter 605"),
        Pause("court", "an early order", date(2026, 11, 1), date(2026, 11, 9)),
        Pause("court", "a weekend", date(2026, 11, 21), date(2026, 11, 22)),
    ]
    beginning = Beginning("complaint received", "it came before the notice", "the department", "transmittal letter 4")
    assert explain(rule, date(2026, 11, 9), NEW_YORK, pauses, beginning=beginning).sentences() == (
        "The clock starts on Monday, November 9, 2026 (complaint received); that day is not counted.",
        "Why it starts there: it came before the notice.",
        "Whose date this is: the department. What shows it: transmittal letter 4.",
        "From Tuesday, November 10, 2026 to Monday, November 16, 2026, 4 business days ran.",
        "Wednesday, November 11, 2026 is not counted: Veterans Day.",
        "It stood still from Tuesday, November 17, 2026 to Wednesday, November 18, 2026, 2 calendar days with 2 "
        "business days: court order (order 7; granted by the director).",
        "From Thursday, November 19, 2026 to Friday, November 20, 2026, 2 business days ran.",
        "It stood still from Saturday, November 21, 2026 to Sunday, November 22, 2026, 2 calendar days with 0 business "
        "days: a weekend.",
        "From Monday, November 23, 2026 to Friday, November 27, 2026, 4 business days ran.",
        "Thursday, November 26, 2026 is not counted: Thanksgiving Day.",
        "10 business days end on Friday, November 27, 2026.",
        "The pause from Sunday, November 1, 2026 to Monday, November 9, 2026 adds nothing, because it was over before "
        "the first day that counts: an early order.",
        "The pause on Wednesday, November 18, 2026 adds nothing, because the clock stood still already: another order "
        "(Charter 605).",
        "It is due on Friday, November 27, 2026.",
        "If it lapses: The case is closed.",
        "Authority: Charter 604(g).",
    )


def test_without_a_pause_there_are_no_stretches_to_tell() -> None:
    kinds = [step.kind for step in explain(Rule(1, Unit.YEARS), START, PLAIN).steps]
    assert kinds == [StepKind.START, StepKind.COUNTED, StepKind.RESULT]


def test_months_that_stood_still_say_how_many_days_they_were() -> None:
    sentences = explain(Rule(18, Unit.MONTHS), START, PLAIN, [pause(date(2026, 2, 1), 9)]).sentences()
    assert "18 months, counted as 546 calendar days, end on Sunday, July 11, 2027." in sentences


@pytest.mark.parametrize(
    ("rule", "start", "pauses", "said"),
    [
        (
            Rule(1, Unit.DAYS, Roll.NEXT_OPEN_DAY),
            date(2026, 11, 25),
            [],
            "Thursday, November 26, 2026 is closed (Thanksgiving Day), so the date moves to Friday, November 27, 2026.",
        ),
        (
            Rule(1, Unit.DAYS, Roll.NEXT_OPEN_DAY),
            date(2026, 9, 4),
            [],
            "Saturday, September 5, 2026 is closed (weekend, then Labor Day), so the date moves to Tuesday, September "
            "8, 2026.",
        ),
        (
            Rule(6, Unit.DAYS, Roll.PREVIOUS_OPEN_DAY),
            date(2026, 9, 1),
            [],
            "Monday, September 7, 2026 is closed (Labor Day, then weekend), so the date moves to Friday, September 4, "
            "2026.",
        ),
        (
            Rule(1, Unit.DAYS, Roll.NEXT_OPEN_DAY),
            date(2026, 3, 6),
            [pause(date(2026, 3, 9), 1)],
            "Saturday, March 7, 2026 is closed (weekend, then the clock stands still), so the date moves to Wednesday, "
            "March 11, 2026.",
        ),
    ],
)
def test_a_roll_says_every_reason(rule: Rule, start: date, pauses: list[Pause], said: str) -> None:
    assert said in explain(rule, start, NEW_YORK, pauses).sentences()


def test_a_pause_after_the_clock_had_run_out_says_so() -> None:
    late = [Pause("court", "order", date(2026, 6, 1))]
    explanation = explain(THIRTY, START, PLAIN, late, today=date(2026, 7, 1))
    assert explanation.due_on == date(2026, 1, 31)
    assert not explanation.is_provisional
    step = next(step for step in explanation.steps if step.kind is StepKind.NO_EFFECT)
    assert step.because is Because.AFTER_END
    assert step.sentence() == (
        "The pause since Monday, June 1, 2026 adds nothing, because the clock had run out before: order."
    )


def test_a_pause_without_an_end_gives_a_provisional_date_as_if_it_ended_today() -> None:
    today = date(2026, 1, 20)
    waiting = [Pause("criminal_case", "the district attorney's letter", date(2026, 1, 11))]
    explanation = explain(THIRTY, START, PLAIN, waiting, today=today)
    assert explanation.is_provisional
    assert explanation.due_on == due_on(THIRTY, START, PLAIN, waiting, today=today) == date(2026, 2, 10)
    assert "If the pause ended today it would be due on Tuesday, February 10, 2026." in explanation.sentences()


def test_an_open_pause_that_has_reached_its_longest_no_longer_moves_the_date() -> None:
    waiver = Pause("waiver", "a waiver", date(2026, 1, 11), longest=Rule(10, Unit.DAYS))
    assert explain(THIRTY, START, PLAIN, [waiver], today=date(2026, 1, 15)).is_provisional
    over = explain(THIRTY, START, PLAIN, [waiver], today=date(2026, 1, 20))
    assert not over.is_provisional
    assert (
        "It stood still from Sunday, January 11, 2026 to Tuesday, January 20, 2026, 10 calendar days: a waiver (the "
        "law lets it last no longer)."
    ) in over.sentences()


def test_an_open_pause_at_the_end_of_all_days_is_provisional() -> None:
    waiting = [Pause("court", "order", date(9999, 11, 1))]
    assert explain(THIRTY, date(9999, 10, 31), PLAIN, waiting, today=date(9999, 11, 10)).is_provisional


def test_whose_date_it_is_goes_through_the_explanation() -> None:
    """Two parties hold two dates: each is reckoned from its own start, with its own proof."""
    rule = Rule(1, Unit.YEARS_AND_A_DAY)
    office = Beginning("complaint filed", whose="the board", proof="form of 3 May")
    department = Beginning("complaint known", whose="the department", proof="stamped copy of 28 April")
    ours = explain(rule, date(2023, 5, 3), PLAIN, beginning=office)
    theirs = explain(rule, date(2023, 4, 28), PLAIN, beginning=department)
    assert (ours.beginning, theirs.beginning) == (office, department)
    assert (ours.due_on, theirs.due_on) == (date(2024, 5, 4), date(2024, 4, 29))
    proofs = [step.evidence for found in (ours, theirs) for step in found.steps if step.kind is StepKind.WHOSE]
    assert proofs == ["form of 3 May", "stamped copy of 28 April"]


def test_the_officer_of_the_beginning_is_the_one_whose_pauses_count() -> None:
    held = Pause("waiver", "a waiver", date(2026, 1, 5), date(2026, 1, 9), officers=frozenset({"one"}))
    assert explain(THIRTY, START, PLAIN, [held], beginning=Beginning(officer="one")).due_on == date(2026, 2, 5)
    assert explain(THIRTY, START, PLAIN, [held], officer="one").due_on == date(2026, 2, 5)
    assert explain(THIRTY, START, PLAIN, [held], beginning=Beginning(officer="two")).due_on == date(2026, 1, 31)


def test_the_consequence_and_the_warnings_are_data_of_the_result() -> None:
    rule = Rule(180, Unit.DAYS, warnings=(30, 90, 7, 60), consequence="No discipline can follow.")
    found = explain(rule, START, PLAIN)
    assert found.consequence == "No discipline can follow."
    assert found.warnings == warning_days(found.due_on, rule.warnings, after=START)
    assert [warning.days for warning in found.warnings] == [90, 60, 30, 7]


# -- what if --------------------------------------------------------------------------------------


def test_a_pause_is_tried_before_it_is_granted() -> None:
    tried = what_if(THIRTY, START, PLAIN, pauses=[pause(date(2026, 1, 11), 9)])
    assert tried.days == 10
    assert tried.sentence() == (
        "It would be due on Tuesday, February 10, 2026, 10 calendar days later than Saturday, January 31, 2026."
    )
    assert tried.now == explain(THIRTY, START, PLAIN)


def test_a_pause_that_changes_nothing_says_so() -> None:
    tried = what_if(THIRTY, START, PLAIN, pauses=[pause(date(2026, 3, 1), 9)])
    assert (tried.days, tried.sentence()) == (0, "It would still be due on Saturday, January 31, 2026.")


@given(SHORT_RULES, NEAR, CALENDARS, NEAR_PAUSES, NEAR_PAUSES, EXTENDED, EXTENDED)
def test_what_if_is_what_would_be(
    rule: Rule,
    start: date,
    calendar: Calendar,
    pauses: list[Pause],
    more: list[Pause],
    extended: list[Extension],
    longer: list[Extension],
) -> None:
    tried = what_if(rule, start, calendar, pauses, pauses=more, today=TODAY, extended=extended, extensions=longer)
    assert tried.now.due_on == due_on(rule, start, calendar, pauses, today=TODAY, extended=extended)
    then = due_on(rule, start, calendar, [*pauses, *more], today=TODAY, extended=[*extended, *longer])
    assert tried.then.due_on == then
    assert tried.days == (then - tried.now.due_on).days >= 0
