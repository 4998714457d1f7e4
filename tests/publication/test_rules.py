"""Tables, figures, protection and periods, without a database."""

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.publication.rules.attack import attack
from app.publication.rules.figures import Figure, figures_csv, figures_of, in_words, read_figures, tenths
from app.publication.rules.measures import BY_ID, Kind
from app.publication.rules.periods import Period, parse_period, periods_of
from app.publication.rules.population import population_table
from app.publication.rules.protection import SMALL_CELL, TOO_CLOSE, protect
from app.publication.rules.scope import parse_window
from app.publication.rules.tables import OTHERS, Table, parse_table, read_csv, safe_cell, table_csv, table_of, write_csv

THRESHOLD = 5
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
ROWS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(min_value=0, max_value=40), max_size=10)


def of_filers(rows: dict[str, int], name: str = "complaints_by_channel", dim: str = "channel") -> Table:
    return table_of(name, (dim,), ("complaints",), [((k,), (n,)) for k, n in rows.items()], describes_filers=True)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "'"])
def test_no_cell_of_a_csv_begins_as_a_formula_does(cell: str) -> None:
    assert safe_cell(cell)[0] == "'"
    content = write_csv(("a",), [[cell]])
    assert read_csv(content) == (["a"], [[cell]])
    assert not next(iter(csv.reader(io.StringIO(content.decode().split("\r\n", 1)[1], newline=""))))[0].startswith("=")


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), max_size=8))
def test_what_is_written_as_csv_is_read_again_as_it_was(rows: list[list[str]]) -> None:
    assert read_csv(write_csv(("a", "b"), rows)) == (["a", "b"], rows)


@given(st.dictionaries(st.integers(min_value=1, max_value=40), st.integers(min_value=1, max_value=30), max_size=12))
def test_the_tenths_hold_everything_and_the_first_are_at_most_one_officer_larger(histogram: dict[int, int]) -> None:
    every = sorted(complaints for complaints, officers in histogram.items() for _ in range(officers))
    size, more = divmod(len(every), 10)
    cut, expected = 0, []
    for place in range(10):
        end = cut + size + (1 if place < more else 0)
        expected.append(sum(every[cut:end]))
        cut = end
    assert tenths(histogram) == expected


@given(ROWS, st.integers(min_value=2, max_value=12))
def test_no_published_group_of_filers_is_small_nor_can_one_be_found_from_the_sums(
    rows: dict[str, int], threshold: int
) -> None:
    table = of_filers(rows)
    (shown,) = protect([table], threshold)
    if shown.withheld:
        assert shown.rows == ()
        return
    numbers = [counts[0] for _, counts in shown.rows]
    assert all(number >= threshold for number in numbers)
    assert sum(numbers) == sum(rows.values())
    hidden = rows.keys() - {dims[0] for dims, _ in shown.rows}
    # What is joined has at least two members, so that their sum says of none of them how large it is.
    assert len(hidden) != 1
    assert not attack({"tables/complaints_by_channel.csv": table_csv(shown)}, threshold)
    figures = figures_of({shown.name: shown})
    assert not attack({"figures.csv": figures_csv(figures)}, threshold)


@given(
    st.dictionaries(
        st.sampled_from("abcdefg"),
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)),
        max_size=7,
    )
)
def test_shares_of_groups_of_filers_show_no_small_part_no_small_rest_and_nobody_alone(
    rows: dict[str, tuple[int, int, int]],
) -> None:
    table = table_of(
        "allegations_by_complainant_race",
        ("complainant_race",),
        ("allegations", "sustained"),
        [((k,), (a + s, s)) for k, (a, s, _) in rows.items()],
        describes_filers=True,
        guards={(k,): people for k, (_, _, people) in rows.items()},
    )
    (shown,) = protect([table], THRESHOLD)
    for _, (allegations, sustained) in shown.rows:
        assert allegations >= THRESHOLD
        assert sustained == 0 or (sustained >= THRESHOLD and allegations - sustained >= THRESHOLD)
    assert not attack({"tables/allegations_by_complainant_race.csv": table_csv(shown)}, THRESHOLD)
    assert not attack({"figures.csv": figures_csv(figures_of({shown.name: shown}))}, THRESHOLD)


def test_small_groups_are_joined_and_the_next_smallest_with_them_until_they_are_large_enough() -> None:
    (shown,) = protect([of_filers({"web": 40, "mail": 7, "phone": 2, "fax": 1})], THRESHOLD)
    assert shown.rows == ((("web",), (40,)), ((OTHERS,), (10,)))


def test_a_table_of_which_nothing_could_stand_beside_the_joined_groups_is_withheld_and_so_are_its_figures() -> None:
    (shown,) = protect([of_filers({"web": 40, "fax": 1})], THRESHOLD)
    assert (shown.rows, shown.withheld) == ((), SMALL_CELL)
    figures = figures_of({shown.name: shown})
    assert figures == [Figure("complaints", "channel", "(every group)", None, None, SMALL_CELL)]


def test_a_table_is_withheld_where_it_differs_from_an_earlier_release_by_a_few() -> None:
    before = of_filers({"web": 40, "mail": 20})
    for now, withheld in (
        ({"web": 43, "mail": 20}, TOO_CLOSE),
        ({"web": 45, "mail": 20}, ""),
        ({"web": 40, "mail": 20}, ""),
    ):
        (shown,) = protect([of_filers(now)], THRESHOLD, [{before.name: before}])
        assert shown.withheld == withheld


def test_crossing_something_about_filers_with_anything_else_is_refused() -> None:
    crossed = Table("x", ("year", "channel"), ("complaints",), (), describes_filers=True)
    with pytest.raises(ValueError, match="crosses"):
        protect([crossed], THRESHOLD)


def test_tables_about_officers_alone_are_exact() -> None:
    table = table_of("allegations_by_officer_race", ("officer_race",), ("allegations",), [(("x",), (1,))])
    assert protect([table], THRESHOLD) == [table]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2019", "2020-03", "2020-11"]),
            st.sampled_from(["force", "=words", "a|b"]),
            st.sampled_from(["sustained", "insufficient", "not_investigated", None]),
            st.integers(1, 30),
        ),
        max_size=12,
    )
)
def test_every_figure_follows_from_the_files_alone(rows: list[tuple[str, str, str | None, int]]) -> None:
    tables = {
        "allegations": table_of(
            "allegations",
            ("year", "category", "disposition", "class", "officer"),
            ("allegations",),
            [((when[:4], what, result, result, "identified"), (n,)) for when, what, result, n in rows],
        ),
        "findings_by_month": table_of(
            "findings_by_month",
            ("received", "disposition", "class"),
            ("allegations",),
            [((when, result, result), (n,)) for when, _, result, n in rows],
        ),
    }
    figures = figures_of(tables)
    again = {name: parse_table(name, table_csv(table), table.dims) for name, table in tables.items()}
    assert figures_of(again) == figures
    assert read_figures(figures_csv(figures)) == figures
    total = sum(n for *_, n in rows)
    sustained = sum(n for *_, result, n in rows if result == "sustained")
    shares = {(f.measure, f.by): (f.numerator, f.denominator) for f in figures if f.group == "all"}
    assert shares[("sustained_of_all", "all")] == (sustained, total)
    assert {f.measure for f in figures} <= set(BY_ID)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2025", "year"), ("2025-H2", "half"), ("2025-Q4", "quarter"), ("2025-12", "month"), ("all", "all")],
)
def test_periods_are_years_halves_quarters_months_or_everything(text: str, kind: str) -> None:
    assert parse_period(text) == Period(text, kind)


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-Q5", "2025-H3", "2025-1", "2025-03-01", "ALL", "٢٠٢٥"])
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="A period is"):
        parse_period(text)


def test_a_month_belongs_to_its_quarter_half_and_year_and_a_bare_year_to_itself() -> None:
    assert dict(periods_of("2025-07")) == {"year": "2025", "half": "2025-H2", "quarter": "2025-Q3", "month": "2025-07"}
    assert dict(periods_of("2025")) == {"year": "2025"}


@pytest.mark.parametrize("text", ["2017-2007", "2007", "2007-17", "a-b"])
def test_a_window_is_two_years_in_order(text: str) -> None:
    with pytest.raises(ValueError, match="window"):
        parse_window(text)


CENSUS = b"""city,state,county,fips,total,hispanic_pct,white_pct,black_pct,native_pct,asian_pct,pacific_pct
Twin,X,A,1,1000,10.0,50.0,30.0,1.0,2.5,0.0
Twin,X,B,2,333,0.0,100.0,0.0,0.0,0.0,0.0
Other,X,C,3,10,0,0,0,0,0,0
"""


def test_residents_are_percent_times_total_added_over_the_counties_of_a_city() -> None:
    table = population_table(CENSUS, "twin")
    assert dict(table.rows)[("race", "white")] == (833,)
    assert dict(table.rows)[("race", "latino")] == (100,)
    assert dict(table.rows)[("race", "asian")] == (25,)


def test_a_population_file_says_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="knows no city"):
        population_table(CENSUS, "Nowhere")
    with pytest.raises(ValueError, match="columns"):
        population_table(b"a,b\n1,2\n", "Twin")
    with pytest.raises(ValueError, match="#VALUE!"):
        population_table(CENSUS.replace(b"1000", b"#VALUE!"), "Twin")


def test_a_district_without_residents_divides_by_nothing_and_says_so() -> None:
    districts = population_table(b"district,total_district_population\n9,1000\n77,0\n", "")
    complaints = table_of(
        "complaints_by_district",
        ("year", "district"),
        ("complaints",),
        [(("2020", "09"), (5,)), (("2020", "77"), (2,)), (("2020", "88"), (1,)), (("2020", None), (4,))],
    )
    figures = {f.group: f for f in figures_of({t.name: t for t in (districts, complaints)}) if "10000" in f.measure}
    assert (figures["09"].numerator, figures["09"].denominator) == (5, 1000)
    assert figures["77"] == Figure("complaints_per_10000", "district", "77", None, None, "no_residents")
    assert figures["88"].withheld == "no_residents"
    assert "(blank)" not in figures


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_printed_rounded_half_up_from_whole_numbers(above: int, below: int) -> None:
    printed = in_words(Figure("sustained_of_all", "all", "all", above, below), Kind.SHARE)
    exact = Fraction(100 * above, below)
    assert abs(Fraction(printed.removesuffix("%").replace(",", "")) - exact) <= Fraction(1, 200)


def test_nothing_is_divided_by_nothing() -> None:
    assert in_words(Figure("sustained_of_all", "year", "2021", 0, 0), Kind.SHARE) == "–"
