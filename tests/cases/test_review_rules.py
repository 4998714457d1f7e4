"""What must and what may be reviewed, over every rule of the rulebook's `review` block."""

from datetime import date

import pytest

from app.cases.rules import reviews
from app.cases.rules.reviews import Alleged, Duty, Reviewable
from app.config import PROJECT
from app.operations.scenarios.expecting import ReviewSeen
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.process import Move
from tests.cases.review_books import with_reviews
from tests.rulebooks import read_rulebook

DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def law(policies: Rulebooks) -> Rulebook:
    return with_reviews(policies.newest("riverbend"))


def duties(
    law: Rulebook, *alleged: Alleged, stage: str = "investigating", number: str = "n", **days: date
) -> dict[str, str]:
    found = reviews.review_duties(law, Reviewable(stage, number, alleged, days))
    return {each.rule.code: str(each.duty) for each in found}


FORCE, ARREST, HANDS = Alleged("force"), Alleged("arrest"), Alleged("force_hands")


@pytest.mark.parametrize("stage", ["received", "screening", "closed", "closed_early"])
def test_before_an_investigation_and_after_the_end_no_rule_asks_for_anything(law: Rulebook, stage: str) -> None:
    assert duties(law, FORCE, ARREST, stage=stage) == {}


@pytest.mark.parametrize("kind", [FORCE, HANDS])
def test_a_kind_is_reviewed_where_the_rule_names_it_or_the_kind_above_it(law: Rulebook, kind: Alleged) -> None:
    assert duties(law, kind)["listed"] == "once_found"
    assert "listed" not in duties(law, ARREST)


def test_it_binds_by_what_the_department_found_on_the_kind_that_the_rule_names(law: Rulebook) -> None:
    assert duties(law, Alleged("force", "unfounded"))["listed"] == "must"
    assert "listed" not in duties(law, Alleged("force", "sustained"))
    # What it found on another kind says nothing.
    assert duties(law, FORCE, Alleged("arrest", "unfounded"))["listed"] == "once_found"
    # One of two is enough, and while one is open the other does not settle it.
    assert duties(law, Alleged("force", "sustained"), Alleged("force_hands", "unfounded"))["listed"] == "must"
    assert duties(law, Alleged("force", "sustained"), HANDS)["listed"] == "once_found"


def test_the_day_the_clock_counts_from_speaks_where_the_departments_word_is_not_kept(law: Rulebook) -> None:
    assert duties(law, FORCE, chief_told=DAY)["listed"] == "must"
    assert "listed" not in duties(law, Alleged("force", "sustained"), chief_told=DAY)
    assert duties(law, FORCE, stage="screening", chief_told=DAY)["listed"] == "must"
    assert "listed" not in duties(law, FORCE, stage="closed", chief_told=DAY)


def test_what_must_be_reviewed_by_a_body_needs_no_permission(law: Rulebook) -> None:
    assert duties(law, ARREST) == {"others": "may"}
    assert duties(law, FORCE) == {"listed": "once_found", "others": "may"}
    assert duties(law, Alleged("force", "unfounded")) == {"listed": "must"}


def test_a_case_without_an_allegation_is_what_it_was_screened_as() -> None:
    assert reviews.alleged_or_screened([], "force") == (FORCE,)
    assert reviews.alleged_or_screened([ARREST], "force") == (ARREST,)
    assert reviews.alleged_or_screened([], "") == ()


def test_the_lot_is_the_cases_own_and_falls_on_about_its_share(law: Rulebook) -> None:
    courtesy, rule = Alleged("duty_name"), next(each for each in law.review.rules if each.code == "by_lot")
    assert duties(law, courtesy, number="")["by_lot"] == "by_lot"
    places = [reviews.place_among_hundred(rule, f"2026-{number}") for number in range(2000)]
    assert places == [reviews.place_among_hundred(rule, f"2026-{number}") for number in range(2000)]
    assert set(places) == set(range(100))
    drawn = [f"2026-{number}" for number in range(2000) if "by_lot" in duties(law, courtesy, number=f"2026-{number}")]
    assert 300 < len(drawn) < 500
    assert drawn == [f"2026-{n}" for n, place in enumerate(places) if place is not None and place < 20]


@pytest.mark.parametrize(
    ("to", "days", "is_owed"),
    [
        ("closed", {"chief_told": DAY}, True),
        ("before_commission", {"chief_told": DAY}, True),
        ("supervisor_review", {"chief_told": DAY}, False),
        ("open", {"chief_told": DAY}, False),
        ("closed", {}, False),
        ("closed", {"chief_told": DAY, "referred_to_panel": DAY}, False),
        # What belongs to somebody else is passed on.
        ("referred", {"chief_told": DAY}, False),
    ],
)
def test_only_what_goes_past_the_review_waits_for_the_referral(
    law: Rulebook, to: str, days: dict[str, date], is_owed: bool
) -> None:
    move = Move.model_validate({"from": "investigating", "to": to, "by": ["director"]})
    found = reviews.owed_before(law, Reviewable("investigating", "n", (FORCE,), days), move)
    words = "This case must be referred to "
    assert [each.startswith(words) for each in found] == ([True] if is_owed else [])
    assert all("(Charter 12.50): put “Referred to the panel” on file or take it to “" in each for each in found)


def test_a_case_that_stands_at_the_review_has_been_referred(law: Rulebook) -> None:
    move = Move.model_validate({"from": "supervisor_review", "to": "closed", "by": ["director"]})
    assert reviews.owed_before(law, Reviewable("supervisor_review", "n", (FORCE,), {"chief_told": DAY}), move) == []


def test_its_clock_is_held_where_nothing_demands_it_and_begins_with_the_day_it_names(law: Rulebook) -> None:
    arrest = Reviewable("investigating", "n", (ARREST,), {"chief_told": DAY})
    force = Reviewable("investigating", "n", (FORCE,), {"chief_told": DAY})
    assert (reviews.held_clocks(law, arrest), reviews.clocks_to_begin(law, arrest)) == ({"refer"}, [])
    assert (reviews.held_clocks(law, force), reviews.clocks_to_begin(law, force)) == (
        set(),
        [("refer", "chief_told", DAY)],
    )


def test_every_rule_of_every_rulebook_can_be_asked() -> None:
    folders = [file.parent for file in sorted((PROJECT / "policies").glob("*/*/rulebook.yaml"))]
    asked = 0
    for book in map(read_rulebook, folders):
        for stage in book.stages:
            case = Reviewable(stage.code, "2026-1", tuple(Alleged(each.code) for each in book.allegations))
            asked += len(reviews.review_duties(book, case))
            for move in book.moves_from(stage.code):
                reviews.owed_before(book, case, move)
    assert asked > 0


def test_the_kinds_of_duty_are_those_a_story_may_expect() -> None:
    assert {str(each) for each in Duty} == set(ReviewSeen.model_fields)
