"""A date may be known to the day, the month, the year or not at all, and never pretends to more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from app.kernel.dates import UNKNOWN, ImpreciseDate, Precision

DATES = st.dates(date(1, 1, 1))
IMPRECISE = st.builds(ImpreciseDate, DATES, st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR]))


class Incident(BaseModel):
    date: ImpreciseDate = UNKNOWN


@pytest.mark.parametrize(
    ("written", "precision", "first", "last"),
    [
        ("2026-03-05", Precision.DAY, date(2026, 3, 5), date(2026, 3, 5)),
        ("2026-03", Precision.MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        ("2028-02", Precision.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", Precision.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        ("2028-02-29", Precision.DAY, date(2028, 2, 29), date(2028, 2, 29)),
        (" 2026-03 ", Precision.MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        (None, Precision.UNKNOWN, None, None),
    ],
)
def test_a_date_is_as_precise_as_it_was_written(
    written: str | None, precision: Precision, first: date | None, last: date | None
) -> None:
    read = ImpreciseDate.parse(written)
    assert (read.precision, read.first_day, read.last_day) == (precision, first, last)


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-29",
        "2026-13",
        "0000",
        "2026-00-01",
        "2026-04-31",
        "",
        "March 2026",
        "2026-3-5",
        "2026-03-05T10:00",
        "٢٠٢٦",
    ],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"There is no date|Write the date as 2026-03-05, 2026-03 or 2026\."):
        ImpreciseDate.parse(written)


def test_the_29th_of_february_exists_only_in_leap_years() -> None:
    assert str(ImpreciseDate.parse("2028-02-29")) == "2028-02-29"
    with pytest.raises(ValueError, match=r"^There is no date 2026-02-29\.$"):
        ImpreciseDate.parse("2026-02-29")


@given(IMPRECISE)
def test_writing_and_reading_gives_the_same_date(known: ImpreciseDate) -> None:
    assert ImpreciseDate.parse(str(known)) == known
    assert ImpreciseDate(known.first_day, known.precision) == known


@given(IMPRECISE)
def test_it_may_be_its_first_and_its_last_day(known: ImpreciseDate) -> None:
    assert known.first_day is not None
    assert known.last_day is not None
    assert known.first_day <= known.last_day
    assert known.may_be(known.first_day)
    assert known.may_be(known.last_day)


@given(IMPRECISE, IMPRECISE)
def test_surely_before_and_surely_after_exclude_each_other(one: ImpreciseDate, other: ImpreciseDate) -> None:
    assert not (one.is_surely_before(other) and one.is_surely_after(other))
    assert one.is_surely_before(other) == other.is_surely_after(one)
    if one.is_surely_before(other):
        assert one < other


def test_a_month_is_not_surely_before_a_day_within_it() -> None:
    march = ImpreciseDate.parse("2026-03")
    assert not march.is_surely_before(date(2026, 3, 31))
    assert march.is_surely_before(date(2026, 4, 1))
    assert march.may_be(date(2026, 3, 31))


def test_an_unknown_date_may_be_any_day_and_is_surely_nothing() -> None:
    assert UNKNOWN.may_be(date(1999, 1, 1))
    assert not UNKNOWN.is_surely_before(date(2999, 1, 1))
    assert not UNKNOWN.is_surely_after(date(1, 1, 1))
    assert str(UNKNOWN) == ""


def test_lists_put_the_more_precise_first_and_the_unknown_last() -> None:
    dates = [UNKNOWN, ImpreciseDate.parse("2026"), ImpreciseDate.parse("2026-01"), ImpreciseDate.parse("2025-12-31")]
    assert [str(day) for day in sorted(dates)] == ["2025-12-31", "2026-01", "2026", ""]


def test_a_day_and_an_unknown_precision_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="unknown exactly when"):
        ImpreciseDate(date(2026, 1, 1), Precision.UNKNOWN)


def test_a_body_carries_it_as_iso_text_or_null() -> None:
    incident = Incident.model_validate_json('{"date": "2026-03"}')
    assert incident.date.precision is Precision.MONTH
    assert incident.model_dump_json() == '{"date":"2026-03"}'
    assert Incident.model_validate_json('{"date": null}').model_dump_json() == '{"date":null}'
    assert Incident.model_validate({"date": date(2026, 1, 2)}).date.precision is Precision.DAY


@pytest.mark.parametrize("value", [5, 2026.0, True, [], {}])
def test_a_body_refuses_what_is_not_written_as_a_date(value: object) -> None:
    with pytest.raises(ValidationError, match="Give the date as a day, a month or a year"):
        Incident.model_validate({"date": value})


def test_the_schema_says_what_is_accepted() -> None:
    schema = Incident.model_json_schema()["properties"]["date"]
    assert {kind["type"] for kind in schema["anyOf"]} == {"string", "null"}
