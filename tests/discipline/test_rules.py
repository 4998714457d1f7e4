"""What a recommendation and an answer must say, by the rulebook, and when silence becomes a lapse."""

from datetime import date

import pytest

from app.discipline import rules
from app.discipline.rules import Given
from app.kernel.errors import Invalid, Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook


@pytest.fixture
def book(policies: Rulebooks) -> Rulebook:
    return policies.of("riverbend")[-1]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (Given("agree", "", "written_reprimand"), set()),
        (Given("agree", "", "none"), set()),
        (Given("agree", "", ""), {"imposed"}),
        (Given("agree", "", "flogging"), {"imposed"}),
        (Given("agree_less", "He is new.", "training"), set()),
        (Given("agree_less", "  ", "training"), {"reasons"}),
        (Given("agree_less", "", ""), {"reasons", "imposed"}),
        (Given("disagree", "We see it otherwise.", ""), set()),
        (Given("disagree", "We see it otherwise.", "flogging"), {"imposed"}),
        (Given("disagree", "", ""), {"reasons"}),
        (Given("more_work", "Ask the second witness.", ""), set()),
        (Given("maybe", "x", ""), {"answer"}),
    ],
)
def test_an_answer_says_what_the_rulebook_asks_of_it(book: Rulebook, given: Given, wrong: set[str]) -> None:
    if not wrong:
        assert rules.check_answer(book, given).code == given.answer
        return
    with pytest.raises(Invalid) as refused:
        rules.check_answer(book, given)
    assert set(refused.value.fields) == wrong


def test_the_day_of_an_answer_is_counted_by_the_rulebook(book: Rulebook) -> None:
    assert rules.due_on(book, date(2026, 3, 16)) == date(2026, 4, 15)
    assert rules.due_on(book, date(2026, 5, 8)) == date(2026, 6, 8)  # thirty days end on a Sunday
    no_duty = book.model_copy(update={"discipline": book.discipline.model_copy(update={"answer_clock": None})})
    assert rules.due_on(no_duty, date(2026, 3, 16)) is None


@pytest.mark.parametrize(
    ("due", "answered_on", "today", "lapsed"),
    [
        (date(2026, 5, 15), None, date(2026, 5, 15), False),  # the last day is still a day
        (date(2026, 5, 15), None, date(2026, 5, 16), True),
        (date(2026, 5, 15), date(2026, 5, 20), date(2026, 6, 1), False),  # late, but not silent
        (None, None, date(2030, 1, 1), False),  # no duty at all
    ],
)
def test_a_silent_chief_lapses_the_day_after_the_last(
    due: date | None, answered_on: date | None, today: date, lapsed: bool
) -> None:
    assert rules.has_lapsed(due, answered_on, today) is lapsed


def test_only_a_finding_that_calls_for_discipline_is_followed_by_it(book: Rulebook) -> None:
    rules.check_finding(book, "sustained")
    with pytest.raises(Refused, match="not decided"):
        rules.check_finding(book, None)
    for finding in book.findings:
        if not finding.calls_for_discipline:
            with pytest.raises(Refused, match="no discipline"):
                rules.check_finding(book, finding.code)


def test_discipline_is_recommended_between_the_vote_and_the_end(book: Rulebook) -> None:
    allowed = {stage.code for stage in book.stages if rules.may_recommend_at(book, stage.code)}
    assert allowed == {"before_commission", "awaiting_answer"}


def test_days_are_counted_until_the_answer_or_until_today() -> None:
    assert rules.days_taken(date(2026, 3, 1), date(2026, 3, 11), date(2026, 4, 1)) == 10
    assert rules.days_taken(date(2026, 3, 1), None, date(2026, 4, 1)) == 31
    assert rules.days_taken(None, None, date(2026, 4, 1)) is None
