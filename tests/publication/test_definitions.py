"""The page of definitions says what the code counts."""

from app.config import PROJECT
from app.publication.rules.measures import BREAKDOWNS, MEASURES, PERIODIC


def test_every_measure_stands_in_the_page_of_definitions_word_for_word() -> None:
    page = (PROJECT / "docs" / "figures.md").read_text("utf-8")
    for measure in MEASURES:
        assert f"## `{measure.id}`" in page, measure.id
        for words in (measure.label, measure.definition, measure.numerator, measure.denominator):
            assert words in page, words


def test_every_breakdown_counts_a_known_measure() -> None:
    known = {measure.id for measure in MEASURES}
    assert {breakdown.measure for breakdown in (*BREAKDOWNS, *PERIODIC)} <= known
