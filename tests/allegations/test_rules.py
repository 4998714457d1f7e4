"""Who may find what and when, and which finding names a case."""

from datetime import date

import pytest

from app.allegations import rules
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook


@pytest.fixture(scope="module")
def book(policies: Rulebooks) -> Rulebook:
    return policies.in_force("riverbend", date(2026, 3, 16))


def test_each_life_is_written_by_whom_and_when_the_rulebook_says(book: Rulebook) -> None:
    stages = [stage.code for stage in book.stages]
    for life in book.lives:
        for stage in stages:
            if stage in life.stages:
                rules.check_may_write(book, life.code, stage, life.by)
            else:
                with pytest.raises(Refused):
                    rules.check_may_write(book, life.code, stage, life.by)
        with pytest.raises(NotAllowed):
            rules.check_may_write(book, life.code, stages[0], ["analyst"])


def test_a_finding_and_a_category_are_words_of_the_rulebook(book: Rulebook) -> None:
    assert rules.check_word(book, "investigator", "sustained").canonical == "sustained"
    with pytest.raises(Invalid):
        rules.check_word(book, "investigator", "guilty")
    with pytest.raises(Invalid):
        rules.check_category(book, "rudeness")


def test_the_last_life_that_has_spoken_counts(book: Rulebook) -> None:
    said = {"investigator": "sustained", "supervisor": "not_sustained"}
    assert rules.highest(book, said) == ("supervisor", "not_sustained")
    assert rules.highest(book, said | {"board": "unfounded"}) == ("board", "unfounded")
    assert rules.highest(book, said, published_only=True) is None
    assert rules.highest(book, {}) is None


def test_the_gravest_of_the_counting_findings_names_the_case(book: Rulebook) -> None:
    findings = [{"investigator": "sustained", "supervisor": "unfounded"}, {"investigator": "not_sustained"}, {}]
    assert rules.overall(book, findings) == "not_sustained"
    assert rules.overall(book, [{}]) == ""


def test_a_finding_is_said_in_the_filers_language_and_names_no_officer_unless_told(book: Rulebook) -> None:
    said = rules.said(book, "conduct_words", "", ("board", "sustained"), "es")
    assert said.officer == "el agente"
    assert [rules.unnamed(place, 2, "es") for place in (1, 2)] == ["agente 1", "agente 2"]
    assert said.definition == book.finding("sustained").definition.to("es")
    assert said.line.endswith(said.definition)
