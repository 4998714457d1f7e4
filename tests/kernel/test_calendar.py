"""An office is closed on weekends, on the holidays it keeps and on its own days; and a day is a local day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import Calendar, NeverOpen, day_ends_at, is_known_place, local_day
from tests.kernel.strategies import CALENDARS, DAY, NEW_YORK, PLAIN

CHICAGO = ZoneInfo("America/Chicago")
DAYS = st.dates(date(1999, 12, 1), date(2062, 1, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2021-07-04", "Independence Day"),  # a Sunday
        ("2021-07-05", "Independence Day (observed)"),  # kept on Monday
        ("2026-07-03", "Independence Day (observed)"),  # the 4th is a Saturday, kept on Friday
        ("2021-12-31", "New Year's Day (observed)"),  # in the year before its own
        ("2022-01-01", "New Year's Day"),
        ("2023-01-02", "New Year's Day (observed)"),
        ("2021-06-18", "Juneteenth National Independence Day (observed)"),
        ("2026-11-28", "weekend"),
        ("2026-11-27", None),
    ],
)
def test_a_holiday_closes_the_office_on_the_day_it_is_kept(day: str, why: str | None) -> None:
    assert Calendar("US").why_closed(date.fromisoformat(day)) == why


def test_a_holiday_the_office_does_not_keep_is_not_observed_either() -> None:
    calendar = Calendar("US", ignored=frozenset({"New Year's Day", "Juneteenth National Independence Day"}))
    assert calendar.is_open(date(2021, 12, 31))
    assert calendar.is_open(date(2021, 6, 18))
    assert calendar.is_open(date(2026, 1, 1))


def test_of_two_holidays_on_one_day_the_one_that_is_kept_closes_the_office() -> None:
    both = date(2021, 2, 15)
    assert NEW_YORK.holiday(both) == "Susan B. Anthony Day; Washington's Birthday"
    one = Calendar("US", "NY", ignored=frozenset({"Susan B. Anthony Day"}))
    assert one.why_closed(both) == "Washington's Birthday"
    assert Calendar("US", "NY", ignored=frozenset({"Susan B. Anthony Day", "Washington's Birthday"})).is_open(both)


def test_an_agencys_own_days_come_before_the_public_table() -> None:
    calendar = Calendar(
        "US",
        closed={date(2026, 11, 27): "Day after Thanksgiving", date(2026, 12, 25): "Closed"},
        opened=frozenset({date(2026, 11, 11), date(2026, 11, 14)}),
        ignored=frozenset({"Columbus Day"}),
    )
    assert calendar.why_closed(date(2026, 11, 27)) == "Day after Thanksgiving"
    assert calendar.why_closed(date(2026, 12, 25)) == "Closed"
    assert calendar.is_open(date(2026, 11, 11))
    assert calendar.is_open(date(2026, 11, 14))
    assert calendar.is_open(date(2026, 10, 12))
    assert calendar.why_closed(date(2026, 11, 15)) == "weekend"


def test_nobody_changes_a_day_behind_a_calendar() -> None:
    closed = {date(2026, 3, 2): "Town day"}
    calendar = Calendar(closed=closed)
    closed[date(2026, 3, 3)] = "Another"
    assert calendar.is_open(date(2026, 3, 3))


@given(CALENDARS, DAYS, st.integers(0, 900))
def test_the_tables_count_the_days_that_are_open_one_by_one(calendar: Calendar, first: date, length: int) -> None:
    days = [first + n * DAY for n in range(length + 1)]
    open_days = [day for day in days if calendar.is_open(day)]
    assert calendar.open_days(first.toordinal(), days[-1].toordinal()) == len(open_days)
    for count, day in enumerate(open_days, 1):
        assert calendar.nth_open(first.toordinal() - 1, count) == day.toordinal()
    closed = [day for day in days if calendar.holiday(day) and day.weekday() not in calendar.weekend]
    assert [date.fromordinal(day) for day in calendar.holidays(first.toordinal(), days[-1].toordinal())] == closed


@given(CALENDARS, DAYS)
def test_the_nearest_open_days_enclose_only_closed_ones(calendar: Calendar, day: date) -> None:
    before, after = calendar.previous_open(day), calendar.next_open(day)
    assert before <= day <= after
    assert calendar.is_open(before)
    assert calendar.is_open(after)
    between = [before + n * DAY for n in range(1, (after - before).days)]
    assert not any(calendar.is_open(each) for each in between)
    assert (before == after) == calendar.is_open(day)


def test_nothing_is_counted_backwards() -> None:
    monday = date(2026, 3, 2).toordinal()
    assert NEW_YORK.open_days(monday, monday - 1) == 0
    assert not list(NEW_YORK.holidays(monday, monday - 1))


def test_the_first_and_the_last_day_of_all_can_be_asked_for() -> None:
    assert PLAIN.next_open(date.min) == date.min
    assert PLAIN.previous_open(date.max) == date.max
    with pytest.raises(OverflowError):
        Calendar(closed={date.max: "closed"}).next_open(date.max)
    with pytest.raises(OverflowError):
        Calendar(closed={date.min: "closed"}).previous_open(date.min)


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(NeverOpen):
        Calendar(weekend=frozenset(range(7)))
    closed = {date(2026, 1, 1) + timedelta(days=n): "closed" for n in range(365)}
    with pytest.raises(NeverOpen, match="no open day in 2026"):
        Calendar(closed=closed).next_open(date(2026, 1, 1))


def test_places_without_a_table_of_holidays_are_told_apart() -> None:
    assert is_known_place("US", "NY")
    assert not is_known_place("US", "ZZ")
    assert not is_known_place("XX", None)


# -- a day is a local day -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-08T05:30:00+00:00", date(2026, 3, 7)),  # half past eleven in the evening there
        ("2026-03-08T06:00:00+00:00", date(2026, 3, 8)),
        ("2026-03-08T07:59:00+00:00", date(2026, 3, 8)),  # the hour before the clocks go forward
        ("2026-03-09T04:59:00+00:00", date(2026, 3, 8)),  # summer time: still that evening
        ("2026-11-02T05:59:00+00:00", date(2026, 11, 1)),  # winter time again: still that evening
        ("2026-07-01T23:30:00-05:00", date(2026, 7, 1)),
    ],
)
def test_an_event_late_in_the_evening_belongs_to_that_evening(moment: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(moment), CHICAGO) == day


def test_a_moment_without_a_time_zone_is_on_no_certain_day() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        local_day(datetime(2026, 3, 8, 23, 30), CHICAGO)  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Chicago", date(2026, 3, 8), 23),
        ("America/Chicago", date(2026, 11, 1), 25),
        ("America/Chicago", date(2026, 6, 1), 24),
        ("America/Havana", date(2026, 3, 8), 23),  # midnight itself does not exist on this day
        ("America/Havana", date(2026, 11, 1), 25),
        ("America/Phoenix", date(2026, 3, 8), 24),
    ],
)
def test_a_day_on_which_clocks_are_moved_is_one_day(zone: str, day: date, hours: int) -> None:
    there = ZoneInfo(zone)
    begins, ends = day_ends_at(day - DAY, there), day_ends_at(day, there)
    assert ends - begins == timedelta(hours=hours)
    assert local_day(begins, there) == day == local_day(ends - timedelta(seconds=1), there)
    assert local_day(ends, there) == day + DAY


@given(st.integers(1_577_836_800, 2_208_988_800))
def test_a_moment_lies_between_the_ends_of_two_days(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    day = local_day(moment, CHICAGO)
    assert day_ends_at(day - DAY, CHICAGO) <= moment < day_ends_at(day, CHICAGO)
