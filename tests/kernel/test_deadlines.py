"""A due date is what the law's words say it is, pauses, holidays and leap years included."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import Calendar, NeverOpen
from app.kernel.deadlines import (
    Pause,
    Roll,
    Rule,
    Unit,
    add,
    due_on,
    explain,
    in_words,
    merged,
    paused_days,
    pauses_for,
)
from tests.kernel.strategies import DAY, NEW_YORK, PAUSES, PLAIN, RULES, STARTS


def near(start: date, *spans: tuple[int, int]) -> list[Pause]:
    """Pauses so many days after the start."""
    return [Pause("court", "order", start + timedelta(days=a), start + timedelta(days=b)) for a, b in spans]


@pytest.mark.parametrize(
    ("amount", "unit", "start", "due"),
    [
        (30, Unit.DAYS, "2026-01-01", "2026-01-31"),
        (180, Unit.DAYS, "2026-01-05", "2026-07-04"),
        (0, Unit.DAYS, "2026-01-05", "2026-01-05"),
        (2, Unit.WEEKS, "2026-02-16", "2026-03-02"),
        (18, Unit.MONTHS, "2024-08-31", "2026-02-28"),
        (1, Unit.MONTHS, "2028-01-31", "2028-02-29"),
        (1, Unit.MONTHS, "2026-01-28", "2026-02-28"),
        (12, Unit.MONTHS, "2026-12-15", "2027-12-15"),
        (1, Unit.YEARS, "2028-02-29", "2029-02-28"),
        (4, Unit.YEARS, "2028-02-29", "2032-02-29"),
        (1, Unit.YEARS_AND_A_DAY, "2027-02-28", "2028-02-29"),
        (1, Unit.YEARS_AND_A_DAY, "2028-02-28", "2029-03-01"),
        (1, Unit.YEARS_AND_A_DAY, "2028-02-29", "2029-03-01"),
        (1, Unit.YEARS_AND_A_DAY, "2027-03-01", "2028-03-02"),
        (1, Unit.YEARS_AND_A_DAY, "2026-12-31", "2028-01-01"),
        (5, Unit.BUSINESS_DAYS, "2026-11-20", "2026-11-30"),  # Thanksgiving on the 26th
        (5, Unit.BUSINESS_DAYS, "2026-11-21", "2026-11-30"),  # from a Saturday
        (1, Unit.BUSINESS_DAYS, "2026-07-02", "2026-07-06"),  # the 4th is a Saturday, kept on Friday the 3rd
        (60, Unit.BUSINESS_DAYS, "2026-11-02", "2027-02-02"),  # 17 in November, 22, 19 and 2 in February
        (0, Unit.BUSINESS_DAYS, "2026-11-21", "2026-11-21"),
    ],
)
def test_the_day_of_the_event_is_not_counted_and_the_last_day_is(amount: int, unit: Unit, start: str, due: str) -> None:
    rule = Rule(amount, unit)
    assert due_on(rule, date.fromisoformat(start), NEW_YORK) == date.fromisoformat(due)
    assert add(amount, unit, date.fromisoformat(start), NEW_YORK) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("roll", "due"),
    [
        (Roll.NONE, date(2026, 11, 26)),
        (Roll.NEXT_OPEN_DAY, date(2026, 11, 27)),
        (Roll.PREVIOUS_OPEN_DAY, date(2026, 11, 25)),
    ],
)
def test_a_last_day_on_a_holiday_moves_as_the_rule_says(roll: Roll, due: date) -> None:
    assert due_on(Rule(30, Unit.DAYS, roll), date(2026, 10, 27), NEW_YORK) == due


def test_a_last_day_on_a_holiday_weekend_rolls_past_all_of_it() -> None:
    saturday = date(2026, 7, 4)
    assert due_on(Rule(1, Unit.DAYS, Roll.NEXT_OPEN_DAY), saturday - DAY, NEW_YORK) == date(2026, 7, 6)
    assert due_on(Rule(3, Unit.DAYS, Roll.PREVIOUS_OPEN_DAY), saturday - 3 * DAY, NEW_YORK) == date(2026, 7, 2)


@pytest.mark.parametrize("amount", [0, 1, 2, 3])
def test_a_date_that_moves_back_never_lies_before_its_own_start(amount: int) -> None:
    friday = date(2026, 7, 3)  # the 4th is kept on this day, so nothing is open before Monday
    assert due_on(Rule(amount, Unit.DAYS, Roll.PREVIOUS_OPEN_DAY), friday, NEW_YORK) == date(2026, 7, 6)


def test_a_pause_of_ten_days_moves_the_date_by_ten_days() -> None:
    start = date(2026, 1, 1)
    assert due_on(Rule(30, Unit.DAYS), start, PLAIN, near(start, (5, 14))) == date(2026, 2, 10)


def test_pauses_that_overlap_count_once() -> None:
    start = date(2026, 1, 1)
    together = near(start, (5, 14), (10, 19))
    assert due_on(Rule(30, Unit.DAYS), start, PLAIN, together) == due_on(
        Rule(30, Unit.DAYS), start, PLAIN, near(start, (5, 19))
    )
    assert merged(together) == ((date(2026, 1, 6), date(2026, 1, 20)),)


def test_pauses_that_touch_are_one() -> None:
    start = date(2026, 1, 1)
    assert len(merged(near(start, (5, 9), (10, 14)))) == 1


def test_a_pause_that_begins_within_the_time_another_added_counts_too() -> None:
    start = date(2026, 1, 1)
    pauses = near(start, (25, 34), (35, 36), (41, 45))
    assert due_on(Rule(30, Unit.DAYS), start, PLAIN, pauses) == start + timedelta(days=30 + 12 + 5)


@pytest.mark.parametrize(
    ("first", "last", "added"),
    [
        (-10, -1, 0),  # over before the clock started
        (-10, 0, 0),  # the day of the event is never counted, so a pause on it takes nothing away
        (-10, 1, 1),
        (0, 0, 0),
        (1, 1, 1),
        (30, 30, 1),  # on the last day itself
        (31, 40, 0),  # the clock had already run out
    ],
)
def test_only_days_that_would_have_counted_are_added(first: int, last: int, added: int) -> None:
    start = date(2026, 1, 1)
    due = due_on(Rule(30, Unit.DAYS), start, PLAIN, near(start, (first, last)))
    assert due == start + timedelta(days=30 + added)


def test_a_pause_over_a_weekend_takes_no_business_day_away() -> None:
    friday = date(2026, 3, 6)
    rule = Rule(5, Unit.BUSINESS_DAYS)
    assert due_on(rule, friday, NEW_YORK, near(friday, (1, 2))) == due_on(rule, friday, NEW_YORK)
    assert due_on(rule, friday, NEW_YORK, near(friday, (1, 3))) == date(2026, 3, 16)


def test_months_are_turned_into_days_before_pauses_are_added() -> None:
    start = date(2026, 1, 31)
    assert due_on(Rule(1, Unit.MONTHS), start, PLAIN, near(start, (1, 10))) == date(2026, 3, 10)


def test_a_pause_without_an_end_gives_a_provisional_date_as_if_it_ended_today() -> None:
    start, today = date(2026, 1, 1), date(2026, 1, 20)
    waiting = [Pause("criminal_case", "the district attorney's letter", date(2026, 1, 11))]
    explanation = explain(Rule(30, Unit.DAYS), start, PLAIN, waiting, today=today)
    assert explanation.is_provisional
    assert explanation.due_on == due_on(Rule(30, Unit.DAYS), start, PLAIN, waiting, today=today) == date(2026, 2, 10)
    assert "If the pause ended today it would be due on Tuesday, February 10, 2026." in explanation.sentences()


def test_a_pause_that_began_after_the_clock_ran_out_changes_nothing() -> None:
    late = [Pause("court", "order", date(2026, 6, 1))]
    explanation = explain(Rule(30, Unit.DAYS), date(2026, 1, 1), PLAIN, late, today=date(2026, 7, 1))
    assert explanation.due_on == date(2026, 1, 31)
    assert not explanation.is_provisional


def test_a_pause_without_an_end_cannot_be_counted_without_today() -> None:
    with pytest.raises(ValueError, match="needs today's date"):
        due_on(Rule(30, Unit.DAYS), date(2026, 1, 1), PLAIN, [Pause("court", "order", date(2026, 1, 2))])


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end before it begins"):
        Pause("court", "order", date(2026, 1, 2), date(2026, 1, 1))


def test_a_clock_past_the_last_year_is_refused() -> None:
    for unit in (Unit.DAYS, Unit.MONTHS, Unit.YEARS):
        with pytest.raises(ValueError, match="past the last year"):
            due_on(Rule(9000, unit), date(9990, 1, 1), PLAIN)


def test_an_amount_is_neither_negative_nor_absurd() -> None:
    for amount in (-1, 10**6):
        with pytest.raises(ValueError, match="runs for 0 to"):
            Rule(amount, Unit.DAYS)


@given(RULES, STARTS, PAUSES)
def test_pauses_never_bring_a_date_forward(rule: Rule, start: date, pauses: list[Pause]) -> None:
    assert due_on(rule, start, NEW_YORK, pauses) >= due_on(rule, start, NEW_YORK)


@given(RULES, STARTS, PAUSES)
def test_the_order_in_which_pauses_are_given_makes_no_difference(rule: Rule, start: date, pauses: list[Pause]) -> None:
    assert due_on(rule, start, NEW_YORK, pauses) == due_on(rule, start, NEW_YORK, reversed(pauses))


@given(st.integers(0, 119), st.sampled_from(Unit), STARTS, PAUSES)
def test_more_time_is_never_less(amount: int, unit: Unit, start: date, pauses: list[Pause]) -> None:
    shorter, longer = Rule(amount, unit), Rule(amount + 1, unit)
    assert due_on(shorter, start, NEW_YORK, pauses) <= due_on(longer, start, NEW_YORK, pauses)


@given(st.integers(0, 400), STARTS, PAUSES)
def test_the_days_that_ran_are_the_days_the_law_gave(amount: int, start: date, pauses: list[Pause]) -> None:
    due = due_on(Rule(amount, Unit.DAYS), start, PLAIN, pauses)
    assert (due - start).days - paused_days(pauses, start, due) == amount


@given(st.integers(0, 60), STARTS, PAUSES)
def test_as_many_open_unpaused_days_pass_as_the_law_gave(amount: int, start: date, pauses: list[Pause]) -> None:
    due = due_on(Rule(amount, Unit.BUSINESS_DAYS), start, NEW_YORK, pauses)
    days = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    paused = [any(p.from_on <= day <= (p.to_on or day) for p in pauses) for day in days]
    assert sum(NEW_YORK.is_open(d) and not p for d, p in zip(days, paused, strict=True)) == amount


@given(RULES, STARTS)
def test_a_rolled_date_is_open(rule: Rule, start: date) -> None:
    due = due_on(rule, start, NEW_YORK)
    assert rule.roll is Roll.NONE or NEW_YORK.is_open(due)


@given(PAUSES)
def test_merged_pauses_neither_overlap_nor_touch_and_lose_no_day(pauses: list[Pause]) -> None:
    spans = merged(pauses)
    assert all(one[1] + DAY < other[0] for one, other in pairwise(spans))
    for pause in pauses:
        assert any(first <= pause.from_on <= (pause.to_on or date.max) <= last for first, last in spans)


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (1, Unit.DAYS, "1 calendar day"),
        (5, Unit.BUSINESS_DAYS, "5 business days"),
        (1, Unit.YEARS_AND_A_DAY, "1 year and a day"),
    ],
)
def test_amounts_are_said_in_words(amount: int, unit: Unit, words: str) -> None:
    assert in_words(amount, unit) == words


def test_a_calendar_that_never_opens_counts_nothing() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=n): "closed" for n in range(800)}
    with pytest.raises(NeverOpen):
        due_on(Rule(1, Unit.BUSINESS_DAYS), date(2026, 1, 1), Calendar(closed=closed))


def test_a_moment_is_refused_where_a_day_is_wanted() -> None:
    with pytest.raises(TypeError, match="local_day"):
        due_on(Rule(1, Unit.DAYS), datetime(2026, 3, 8, 23, 30), PLAIN)  # noqa: DTZ001 - that is what is refused


# -- traps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2021-12-30", "2022-01-03"),  # New Year's Day of 2022 is a Saturday, kept on Friday, 31 December 2021
        ("2022-12-30", "2023-01-03"),  # that of 2023 a Sunday, kept on Monday
        ("2026-07-02", "2026-07-06"),
        ("2027-07-02", "2027-07-06"),  # the 4th is a Sunday, kept on Monday
    ],
)
def test_a_holiday_on_a_weekend_takes_the_day_on_which_it_is_kept(start: str, due: str) -> None:
    calendar = Calendar("US")
    assert due_on(Rule(1, Unit.BUSINESS_DAYS), date.fromisoformat(start), calendar) == date.fromisoformat(due)


def test_working_days_are_business_days_unless_the_calendar_tells_them_apart() -> None:
    friday, rule = date(2026, 3, 6), Rule(7, Unit.WORKING_DAYS)
    six_a_week = Calendar("US", working=Calendar("US", weekend=frozenset({6})))
    assert due_on(rule, friday, Calendar("US")) == due_on(Rule(7, Unit.BUSINESS_DAYS), friday, Calendar("US"))
    assert due_on(rule, friday, six_a_week) == date(2026, 3, 14)  # a Saturday
    assert due_on(Rule(7, Unit.BUSINESS_DAYS), friday, six_a_week) == date(2026, 3, 17)


def test_a_date_that_rolls_does_not_come_to_rest_on_a_day_that_is_paused() -> None:
    saturday, rule = date(2026, 3, 7), Rule(1, Unit.DAYS, Roll.NEXT_OPEN_DAY)
    assert due_on(rule, saturday - DAY, PLAIN) == date(2026, 3, 9)
    assert due_on(rule, saturday - DAY, PLAIN, near(saturday, (2, 4))) == date(2026, 3, 12)
    assert due_on(rule, saturday - DAY, PLAIN, near(saturday, (2, 6))) == date(2026, 3, 16)
    assert due_on(rule, saturday - DAY, PLAIN, near(saturday, (3, 6))) == date(2026, 3, 9)


def test_no_time_at_all_is_due_at_once_even_while_paused() -> None:
    start = date(2026, 3, 4)
    assert due_on(Rule(0, Unit.DAYS), start, PLAIN, near(start, (-3, 9))) == start
    assert due_on(Rule(0, Unit.BUSINESS_DAYS), start, PLAIN, near(start, (-3, 9))) == start


def test_sixty_business_days_over_the_end_of_a_year_leave_out_every_holiday() -> None:
    # 19 in November, 21 in December, of which Christmas and New Year's Day take the 24th and the 31st, 20 in January.
    assert due_on(Rule(60, Unit.BUSINESS_DAYS), date(2021, 11, 1), Calendar("US")) == date(2022, 1, 31)


def test_an_open_pause_that_begins_later_holds_its_first_day_until_more_is_known() -> None:
    start = date(2026, 3, 2)
    coming = [Pause("court", "order", date(2026, 3, 10))]
    assert due_on(Rule(30, Unit.DAYS), start, PLAIN, coming, today=date(2026, 3, 4)) == date(2026, 4, 2)


def test_a_pause_lasts_no_longer_than_the_law_lets_it() -> None:
    start = date(2026, 1, 1)
    waiver = Pause("waiver", "the officer's waiver", date(2026, 1, 11), longest=Rule(10, Unit.DAYS))
    for today in (date(2026, 1, 20), date(2026, 1, 21), date(2026, 5, 1)):
        assert due_on(Rule(30, Unit.DAYS), start, PLAIN, [waiver], today=today) == date(2026, 2, 10)
    assert due_on(Rule(30, Unit.DAYS), start, PLAIN, [waiver], today=date(2026, 1, 15)) == date(2026, 2, 5)
    in_business = Pause("waiver", "a waiver", date(2026, 1, 10), date(2026, 3, 1), longest=Rule(3, Unit.BUSINESS_DAYS))
    assert merged([in_business]) == ((date(2026, 1, 10), date(2026, 1, 14)),)
    at_first = Pause("waiver", "a waiver", date.min, date(1, 1, 3), longest=Rule(1, Unit.DAYS))
    assert merged([at_first]) == ((date.min, date.min),)
    nothing = Pause("waiver", "a waiver", date(2026, 1, 10), date(2026, 3, 1), longest=Rule(0, Unit.DAYS))
    assert merged([nothing]) == ()


def test_a_limit_without_an_end_that_a_calendar_can_hold_limits_nothing() -> None:
    pause = Pause("court", "order", date(2026, 1, 10), date(2026, 1, 12), longest=Rule(9000, Unit.YEARS))
    assert merged([pause]) == ((date(2026, 1, 10), date(2026, 1, 12)),)


def test_of_three_officers_one_is_held_by_a_criminal_case_one_by_a_waiver_and_one_by_nothing() -> None:
    start, rule = date(2026, 1, 1), Rule(30, Unit.DAYS)
    criminal = Pause("criminal", "a prosecution", date(2026, 1, 5), date(2026, 1, 14), officers=frozenset({"one"}))
    waiver = Pause("waiver", "a waiver", date(2026, 1, 5), date(2026, 1, 9), officers=frozenset({"two"}))
    everybody = Pause("court", "an order", date(2026, 1, 20), date(2026, 1, 20))
    tolled = [criminal, waiver, everybody]
    due = {officer: due_on(rule, start, PLAIN, tolled, officer=officer) for officer in ("one", "two", "three", None)}
    assert [(day - start).days - 30 for day in due.values()] == [11, 6, 1, 1]
    assert pauses_for("two", tolled) == (waiver, everybody)
    assert pauses_for(None, tolled) == (everybody,)


def test_the_last_day_a_calendar_can_hold_is_reached_and_not_passed() -> None:
    eve = date(9999, 12, 30)
    assert due_on(Rule(1, Unit.DAYS), eve, PLAIN) == date.max
    for rule in (Rule(2, Unit.DAYS), Rule(2, Unit.BUSINESS_DAYS), Rule(1, Unit.YEARS_AND_A_DAY)):
        with pytest.raises(ValueError, match="past the last year"):
            due_on(rule, eve, PLAIN)
    with pytest.raises(ValueError, match="past the last year"):
        due_on(Rule(1, Unit.DAYS, Roll.NEXT_OPEN_DAY), eve, Calendar(closed={date.max: "closed"}))
