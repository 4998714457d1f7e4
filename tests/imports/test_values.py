"""What a value means, and what is odd about it."""

from datetime import date

import pytest

from app.imports.mapping import Column
from app.imports.values import checker, is_error, mended_quotes, parse_day, parse_number

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("text", "written", "day"),
    [
        ("2024-02-29", None, date(2024, 2, 29)),
        ("2026-02-29", None, None),
        ("20240229", None, None),
        ("2024-W09-4", None, None),
        ("1/7/13", "%m/%d/%y", date(2013, 1, 7)),
        ("05/10/2024", "%m/%d/%Y", date(2024, 5, 10)),
        ("13/10/2024", "%m/%d/%Y", None),
        ("soon", None, None),
    ],
)
def test_a_day_is_read_as_its_column_writes_it(text: str, written: str | None, day: date | None) -> None:
    assert parse_day(text, written) == day


@pytest.mark.parametrize(
    ("text", "number"), [("34", 34), ("-1", -1), ("007", 7), ("3.5", None), ("٣", None), ("", None), ("9" * 10, None)]
)
def test_a_number_is_whole_and_in_plain_digits(text: str, number: int | None) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["#VALUE!", "#N/A", "#REF!", "#DIV/0!", "#NAME?", " #NUM! "])
def test_a_spreadsheet_error_is_known(text: str) -> None:
    assert is_error(text)


@pytest.mark.parametrize("text", ["#1 Precinct", "VALUE!", "# VALUE!", ""])
def test_other_words_are_no_spreadsheet_error(text: str) -> None:
    assert not is_error(text)


def test_windows_quotation_marks_are_mended_and_nothing_else() -> None:
    assert mended_quotes("\x91a\x92 \x93b\x94\x85 é “c”") == "‘a’ “b”… é “c”"


@pytest.mark.parametrize(
    ("column", "text", "is_misfit", "is_unusable"),
    [
        (Column(type="date"), "soon", True, True),
        (Column(type="date"), "2026-03-17", False, False),
        (Column(type="date"), "1899-12-31", False, False),
        (Column(type="date"), "#VALUE!", False, True),
        (Column(type="number", least=5), "x", True, True),
        (Column(type="number", least=5), "4", False, True),
        (Column(type="code", words=("Force",)), "Farce", True, True),
        (Column(pattern="[0-9]{3}"), "12", True, True),
    ],
)
def test_an_odd_value_says_how_odd_it_is(column: Column, text: str, is_misfit: bool, is_unusable: bool) -> None:
    check = checker(column, TODAY)
    assert check is not None
    oddity = check(text)
    assert oddity is not None
    assert (oddity.is_misfit, oddity.is_unusable) == (is_misfit, is_unusable)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (Column(type="date"), "2026-03-16"),
        (Column(type="date"), ""),
        (Column(type="number", least=5, most=110), "110"),
        (Column(type="code", words=("Force",)), " Force "),
        (Column(pattern="[0-9]{3}", blanks=("NA",)), "NA"),
    ],
)
def test_a_fitting_or_blank_value_is_not_odd(column: Column, text: str) -> None:
    check = checker(column, TODAY)
    assert check is not None
    assert check(text) is None


def test_a_column_of_words_takes_anything() -> None:
    assert checker(Column(), TODAY) is None
