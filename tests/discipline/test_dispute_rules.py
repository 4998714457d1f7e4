"""Who may decide a dispute, how it ends, and whose word then stands, by the rulebook alone."""

from datetime import date

import pytest

from app.discipline import rules
from app.discipline.rules import Bench, Decision, Told
from app.kernel.errors import Invalid, Refused
from app.policy.lint import lint
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.problems import Severity
from tests.discipline.books import with_disputes

OPEN, CLOSED = "awaiting_answer", "closed"


@pytest.fixture(scope="module")
def book(policies: Rulebooks) -> Rulebook:
    return with_disputes(policies.of("riverbend")[-1])


def test_the_rulebook_of_these_tests_is_in_order(book: Rulebook) -> None:
    assert [str(problem) for problem in lint(book) if problem.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("answer", "opened"),
    [("disagree", "one_member"), ("hold", "three_members"), ("agree", None), ("more_work", None), (None, None)],
)
def test_an_answer_opens_what_the_rulebook_says(book: Rulebook, answer: str | None, opened: str | None) -> None:
    found = rules.opened_by(book, answer)
    assert (found.code if found else None) == opened


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Decision("won", ["A. Reader"]), "outcome"),
        (Decision("", ["A. Reader"]), "outcome"),
        (Decision("met", []), "deciders"),
        (Decision("met", ["A. Reader", "B. Reader"]), "deciders"),
        (Decision("met", ["A. Reader"], holds=""), "holds"),
        (Decision("met", ["A. Reader"], holds="something_else"), "holds"),
    ],
)
def test_what_is_wrong_with_a_decision_is_said_beside_its_field(book: Rulebook, said: Decision, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_decision(book, rules.dispute(book, "one_member"), said, Bench())
    assert set(refusal.value.fields) == {field}


def test_whom_the_rulebook_excludes_decides_nothing(book: Rulebook) -> None:
    said = Decision("met", ["A. Reader"], holds="had_a_hand")
    with pytest.raises(Refused, match=r"Whoever had a hand in the recommendation\. \(Charter 12\.11\(g\)"):
        rules.check_decision(book, rules.dispute(book, "one_member"), said, Bench())


@pytest.mark.parametrize(
    ("members", "recused", "wrong"),
    [
        ((1, 2, 3), (), None),
        ((1, 2), (), "asks for 3"),
        ((1, 2, 2), (), "named twice"),
        ((1, 2, 9), (), "have a seat"),
        ((1, 2, 3), (3,), "stepped aside"),
        ((1, 2, 3), (4,), None),
    ],
)
def test_members_decide_who_have_a_seat_and_have_not_stepped_aside(
    book: Rulebook, members: tuple[int, ...], recused: tuple[int, ...], wrong: str | None
) -> None:
    found, bench = rules.dispute(book, "three_members"), Bench({1, 2, 3, 4}, set(recused))
    said = Decision("kept", members=members)
    if wrong is None:
        assert rules.check_decision(book, found, said, bench).stands == "board"
    else:
        with pytest.raises((Invalid, Refused)) as refusal:
            rules.check_decision(book, found, said, bench)
        assert wrong in " ".join([refusal.value.words, *getattr(refusal.value, "fields", {}).values()])


def test_it_is_decided_once_and_while_the_case_is_open(book: Rulebook) -> None:
    rules.check_may_be_decided(book, OPEN, None)
    with pytest.raises(Refused, match="decided already, on"):
        rules.check_may_be_decided(book, OPEN, date(2026, 3, 16))
    with pytest.raises(Refused, match="The case is closed"):
        rules.check_may_be_decided(book, CLOSED, None)


def test_nobody_decides_before_it_is_open() -> None:
    rules.check_after_opening(date(2026, 3, 16), date(2026, 3, 16))
    with pytest.raises(Invalid):
        rules.check_after_opening(date(2026, 3, 15), date(2026, 3, 16))


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ("", "It is not decided yet. Nothing is final."),
        ("met", "What the department answered stands: Disagrees with the finding."),
        ("not_met", "What was recommended stands: Termination."),
        ("settled", "Both agreed otherwise."),
    ],
)
def test_what_stands_is_said_in_one_sentence(book: Rulebook, outcome: str, says: str) -> None:
    found = rules.dispute(book, "one_member")
    assert rules.stands_words(book, found, Told("termination", "disagree", outcome)) == says


def test_the_page_says_who_decides_and_who_must_convince_with_the_law(book: Rulebook) -> None:
    found = rules.dispute(book, "one_member")
    assert rules.who_decides(book, found) == "One member of Inspector general of Riverbend, chosen by lot"
    said = rules.burden(book, found)
    assert said.startswith("The chief must convince. The chief must overcome the recommendation. On the record")
    assert "(Charter 12.11(g)" in said
    assert rules.who_decides(book, rules.dispute(book, "three_members")).startswith("3 members of ")


@pytest.mark.parametrize(
    ("days", "last"),
    [
        ([date(2026, 3, 2), date(2026, 3, 1)], date(2026, 3, 2)),
        ([date(2026, 3, 2), None], None),
        ([], None),
    ],
)
def test_all_are_decided_on_the_day_of_the_last_one(days: list[date | None], last: date | None) -> None:
    assert rules.all_decided_on(days) == last
