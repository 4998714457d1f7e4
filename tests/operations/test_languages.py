"""What a language lacks is found wherever residents would read it: pages, code, figures and the rulebook."""

import pytest

from app.operations import languages
from app.policy.loader import Rulebooks


@pytest.fixture(scope="module")
def lacking(policies: Rulebooks) -> set[tuple[str, str]]:
    """All that a language lacks of which not one word is there."""
    return {(gap.where, gap.english) for gap in languages.gaps(policies.newest("riverbend"), "xx")}


@pytest.mark.parametrize(
    ("where", "english"),
    [
        ("templates/public/home.html", "Whom we oversee"),
        ("app/web/templates.py", "Due today"),
        ("app/intake/pages/tracking/adding.py", "Choose a file first."),
        ("figures", "Identified officers with ten or more complaints."),
        ("figures/kept", "Still running"),
        # The same word stands at the head of a column, where it is nobody's finding.
        ("figures/class", "Sustained"),
        ("deadlines.minutes.label", "Publish the minutes"),
    ],
)
def test_every_kind_of_text_is_looked_for(lacking: set[tuple[str, str]], where: str, english: str) -> None:
    assert (where, english) in lacking


def test_titles_that_no_sentence_says_are_known_by_the_spanish(lacking: set[tuple[str, str]]) -> None:
    assert {"Data and reports", "Investigator"} <= {english for _, english in lacking}


def test_a_letter_that_was_never_written_is_missed(lacking: set[tuple[str, str]]) -> None:
    assert "letters/receipt.xx.txt" in {where for where, _ in lacking}
