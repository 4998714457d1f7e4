"""The road of a case, move by move, and what closes it."""

from datetime import date
from itertools import product

import pytest

from app.cases import rules
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook

ROLES = ("intake", "investigator", "supervisor", "director", "secretary")


@pytest.fixture(scope="module")
def book(policies: Rulebooks) -> Rulebook:
    return policies.in_force("riverbend", date(2026, 3, 16))


def test_every_move_of_the_table_is_open_to_those_it_names_and_no_other(book: Rulebook) -> None:
    table = {(move.from_, move.to): set(move.by) for move in book.moves}
    stages = [stage.code for stage in book.stages]
    for from_, to, role in product(stages, stages, ROLES):
        if (from_, to) not in table:
            with pytest.raises(Refused):
                rules.check_move(book, from_, to, [role], "A reason.")
        elif role not in table[from_, to]:
            with pytest.raises(NotAllowed):
                rules.check_move(book, from_, to, [role], "A reason.")
        else:
            assert rules.check_move(book, from_, to, [role], "A reason.").to == to


def test_a_move_that_asks_for_a_reason_is_refused_without_one(book: Rulebook) -> None:
    for move in book.moves:
        if move.needs_reason:
            with pytest.raises(Invalid) as refused:
                rules.check_move(book, move.from_, move.to, move.by, "  ")
            assert set(refused.value.fields) == {"reason"}
        else:
            rules.check_move(book, move.from_, move.to, move.by, "")


def test_the_first_missing_guard_is_named(book: Rulebook) -> None:
    move = book.move("supervisor_review", "before_commission")
    assert move is not None
    with pytest.raises(Refused, match="supervisor must review"):
        rules.check_guards(move, lambda guard: guard == "every_allegation_has_a_finding")
    rules.check_guards(move, lambda guard: True)


def test_a_next_move_says_what_it_waits_for(book: Rulebook) -> None:
    move = book.move("investigating", "supervisor_review")
    assert move is not None
    waiting = rules.next_move(book, move, lambda guard: False)
    assert waiting.missing == ("Every allegation needs a finding first.",)
    assert rules.next_move(book, move, lambda guard: True).missing == ()
    early = book.move("investigating", "closed_early")
    assert early is not None
    shown = rules.next_move(book, early, lambda guard: False)
    assert (shown.needs_closure, shown.needs_reason, shown.missing, shown.is_plain) == (True, True, (), False)


@pytest.mark.parametrize(("attempts", "is_enough"), [(0, False), (2, False), (3, True), (4, True)])
def test_closing_for_no_contact_needs_the_attempts_that_the_rulebook_asks(
    book: Rulebook, attempts: int, is_enough: bool
) -> None:
    if is_enough:
        rules.check_closure(book, "no_contact", "Nobody answers.", ["supervisor"], attempts)
    else:
        with pytest.raises(Refused, match="3 attempts"):
            rules.check_closure(book, "no_contact", "Nobody answers.", ["supervisor"], attempts)


def test_a_closure_is_one_of_the_rulebook_by_whom_it_names_and_with_its_reason(book: Rulebook) -> None:
    with pytest.raises(Invalid):
        rules.check_closure(book, "because", "So.", ["director"], 9)
    with pytest.raises(NotAllowed):
        rules.check_closure(book, "too_late", "Two years.", ["supervisor"], 9)
    with pytest.raises(Invalid):
        rules.check_closure(book, "too_late", "", ["director"], 9)
    rules.check_closure(book, "mediated", "", ["director"], 0)


def test_a_stage_that_was_left_early_shows_no_steps_that_were_never_taken(book: Rulebook) -> None:
    whole = [code for code, _ in rules.road(book, "investigating")]
    assert whole[-1] == "closed"
    assert "closed_early" not in whole
    assert [code for code, _ in rules.road(book, "closed_early")] == ["received", "screening", "closed_early"]
    assert rules.road(book, "closed") == rules.road(book, "investigating")


def test_a_case_closed_past_a_silent_department_shows_the_whole_road_it_went(book: Rulebook) -> None:
    went = [code for code, _ in rules.road(book, "closed_unanswered")]
    assert went == [*(stage.code for stage in book.stages if not stage.final), "closed_unanswered"]


def test_going_back_is_told_by_the_order_of_stages(book: Rulebook) -> None:
    assert rules.goes_back(book, "supervisor_review", "investigating")
    assert rules.goes_back(book, "closed", "investigating")
    assert not rules.goes_back(book, "open", "investigating")
    assert "investigation_finished" in rules.undone_by_going_back(book, "investigating")
    assert "investigation_finished" not in rules.undone_by_going_back(book, "supervisor_review")


def test_only_the_stage_that_intake_refers_to_is_a_referral(book: Rulebook) -> None:
    assert [stage.code for stage in book.stages if rules.is_referral(book, stage.code)] == ["referred"]


def test_facts_are_said_in_the_words_of_the_rulebook(book: Rulebook) -> None:
    said = rules.in_words(
        book,
        {"from_stage": "open", "rule": "classify", "due_on": "2026-02-28", "kind": "records", "account_id": "x"},
        {"x": "Ada Sample"},
    )
    assert said == {
        "from_stage": book.stage("open").label.to("en"),
        "rule": book.clock("classify").label.to("en"),
        "due_on": "February 28, 2026",
        "kind": "Records",
        "account_id": "Ada Sample",
    }


def test_a_case_without_a_clock_stands_at_the_end_of_the_queue() -> None:
    assert rules.queue_day(None) == rules.NO_DATE > rules.queue_day(date(2026, 3, 16))
