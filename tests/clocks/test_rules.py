"""When a warning stands, with whom it is, and how it rises; how much more time the rulebook gives, and who decides."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.clocks import rules
from app.clocks.rules import HOLDER, LAPSED, Told, Watched
from app.kernel.deadlines import Unit
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import Extension
from tests.clocks.books import corrected

START, DUE = date(2026, 1, 5), date(2026, 7, 4)


@pytest.fixture(scope="module")
def book(policies: Rulebooks) -> Rulebook:
    return policies.in_force("riverbend", date(2026, 3, 16))


def watched(book: Rulebook, **given: Any) -> Watched:
    rule = book.clock("finish_investigation").model_copy(update={"warnings": (90, 60, 30, 14, 7)} | given)
    return Watched(rule, book.calendar, START, DUE, is_paused=False, has_holder=True)


def before(days: int) -> date:
    return DUE - timedelta(days=days)


@pytest.mark.parametrize(
    ("days_left", "step"),
    [(91, None), (90, 90), (61, 90), (60, 60), (30, 30), (15, 30), (14, 14), (7, 7), (1, 7), (0, 7), (-1, LAPSED)],
)
def test_each_step_stands_until_the_next_and_the_last_until_the_end(
    book: Rulebook, days_left: int, step: int | None
) -> None:
    assert rules.step_today(watched(book), before(days_left)) == step


def test_a_rulebook_that_names_no_steps_has_those_of_the_product_and_its_own_come_first(book: Rulebook) -> None:
    assert rules.steps_of(watched(book, warnings=()).rule) == (90, 60, 30, 14, 7)
    assert rules.steps_of(watched(book, warnings=(2, 5)).rule) == (5, 2)


def test_a_step_as_long_as_the_clock_is_no_warning_and_a_least_time_never_lapses(book: Rulebook) -> None:
    short = replace(watched(book, warnings=(10, 3)), started_on=before(10))
    assert rules.step_today(short, before(9)) is None
    assert rules.step_today(short, before(3)) == 3
    assert rules.step_today(watched(book, is_least=True), before(-5)) is None


@pytest.mark.parametrize(
    ("day", "level"),
    [(30, HOLDER), (25, HOLDER), (24, "supervisor"), (20, "supervisor"), (19, "director"), (15, "director")],
)
def test_without_an_answer_it_rises_by_thirds_of_the_time_to_the_next_step(
    book: Rulebook, day: int, level: str
) -> None:
    raised = rules.warned(watched(book), None, before(30))
    assert raised == Told(30, before(30), HOLDER)
    # Of the sixteen days to the next step each of the three has a third.
    now = rules.warned(watched(book), raised, before(day))
    assert now is not None
    assert now.level == level


def test_the_rulebooks_own_ladder_and_business_days_come_first(book: Rulebook) -> None:
    own = watched(book, rises_to=("counsel",), rises_after=2)
    friday = date(2026, 6, 5)
    told = rules.warned(own, None, friday)
    assert told is not None
    assert [rules.warned(own, told, friday + timedelta(days=n)).level for n in (3, 4, 9)] == [  # type: ignore[union-attr]
        HOLDER,
        "counsel",
        "counsel",
    ]


def test_where_nobody_holds_the_file_it_begins_with_the_supervisor(book: Rulebook) -> None:
    nobody = replace(watched(book), has_holder=False)
    assert rules.warned(nobody, None, before(30)) == Told(30, before(30), "supervisor")


def test_what_had_risen_without_an_answer_stays_up_and_what_was_answered_begins_below(book: Rulebook) -> None:
    risen = Told(30, before(30), "director")
    assert rules.warned(watched(book), risen, before(14)) == Told(14, before(14), "director")
    answered = replace(risen, is_answered=True)
    assert rules.warned(watched(book), answered, before(20)) == answered
    assert rules.warned(watched(book), answered, before(14)) == Told(14, before(14), HOLDER)


def test_a_clock_that_stands_still_waits_and_one_that_moved_away_is_warned_of_no_more(book: Rulebook) -> None:
    told = Told(14, before(14), HOLDER)
    paused = replace(watched(book), is_paused=True)
    assert rules.warned(paused, told, before(8)) == told
    assert rules.warned(paused, None, before(8)) is None
    later = replace(watched(book), due_on=DUE + timedelta(days=200))
    assert rules.warned(later, told, before(8)) is None


def test_a_lapse_rises_too_and_a_pause_that_reaches_back_takes_it_away(book: Rulebook) -> None:
    lapse = rules.warned(watched(book), None, before(-1))
    assert lapse == Told(LAPSED, before(-1), HOLDER)
    assert rules.warned(watched(book), lapse, before(-4)).level == "supervisor"  # type: ignore[union-attr]
    assert rules.warned(watched(book), lapse, before(-9)).level == "director"  # type: ignore[union-attr]
    moved = replace(watched(book), is_paused=True, due_on=DUE + timedelta(days=30))
    assert rules.warned(moved, lapse, before(-9)) is None


@pytest.mark.parametrize(
    ("level", "holds_it", "roles", "may"),
    [
        (HOLDER, True, {"investigator"}, True),
        (HOLDER, False, {"investigator"}, False),
        (HOLDER, False, {"supervisor"}, True),
        (HOLDER, False, {"director"}, True),
        ("supervisor", True, {"investigator"}, False),
        ("supervisor", False, {"supervisor"}, True),
        ("director", True, {"supervisor"}, False),
        ("director", False, {"director"}, True),
        ("gone_from_the_rulebook", False, {"supervisor"}, True),
    ],
)
def test_whoever_it_is_with_answers_or_somebody_above(level: str, holds_it: bool, roles: set[str], may: bool) -> None:
    ladder = (HOLDER, "supervisor", "director")
    assert rules.may_answer(level, ladder, holds_it=holds_it, roles=roles) is may
    if not may:
        with pytest.raises(NotAllowed):
            rules.check_answer(level, ladder, holds_it=holds_it, roles=roles)


def check(extension: Extension, **given: Any) -> rules.Grant:
    facts: dict[str, Any] = {"granted": 0, "due_on": DUE, "asked_on": DUE, "days": None, "reason": "A witness is away."}
    return rules.check_extension(extension, **facts | given)


def test_more_time_is_given_so_often_before_the_end_and_with_a_reason(book: Rulebook) -> None:
    extension = rules.extension_of(book, "finish_investigation", "")
    assert check(extension) == rules.Grant(60, Unit.DAYS)
    with pytest.raises(Refused, match="once, and that was granted"):
        check(extension, granted=1)
    with pytest.raises(Refused, match="before its end"):
        check(extension, asked_on=DUE + timedelta(days=1))
    with pytest.raises(Invalid) as silent:
        check(extension, reason="  ")
    assert set(silent.value.fields) == {"why"}
    late = extension.model_copy(update={"before_lapse": False, "needs_reason": False, "times": 2})
    assert check(late, granted=1, asked_on=DUE + timedelta(days=1), reason="") == rules.Grant(60, Unit.DAYS)
    with pytest.raises(Refused, match="2 times"):
        check(late, granted=2)


def test_where_the_law_gives_no_number_the_days_are_said(book: Rulebook) -> None:
    open_ended = rules.extension_of(book, "finish_investigation", "").model_copy(update={"amount": None, "unit": None})
    with pytest.raises(Invalid) as missing:
        check(open_ended)
    assert set(missing.value.fields) == {"days"}
    assert check(open_ended, days=9) == rules.Grant(9, Unit.DAYS)
    assert "as long as is granted" in rules.limits_of(open_ended)
    with pytest.raises(Refused, match="no more time"):
        rules.extension_of(book, "acknowledge", "")


def test_nobody_is_both_halves_of_one_step(book: Rulebook) -> None:
    assert not rules.wants_two(book, "pause")
    rules.check_direct(book, "pause")
    with pytest.raises(NotAllowed, match="yourself"):
        rules.check_decider(book, "pause", asked_by_decider=True, roles={"director"})
    two = corrected(book, 'second_persons:\n  pause: {by: [counsel], authority: "Rule 5.9"}\n')
    assert rules.wants_two(two, "pause")
    with pytest.raises(Refused, match="two people"):
        rules.check_direct(two, "pause")
    with pytest.raises(NotAllowed, match="counsel"):
        rules.check_decider(two, "pause", asked_by_decider=False, roles={"director"})
    rules.check_decider(two, "pause", asked_by_decider=False, roles={"director", "counsel"})
    allowed = ("director",)
    assert not rules.may_decide(two, "pause", allowed, asked_by_decider=False, roles={"director"})
    assert rules.may_decide(two, "pause", allowed, asked_by_decider=False, roles={"director", "counsel"})


def test_a_clock_is_counted_by_its_own_version_as_it_reads_today(book: Rulebook) -> None:
    mended = corrected(book, "", amount=("finish_investigation", 180, 200))
    shelf = Rulebooks([mended], stored=[book])
    assert rules.as_corrected(shelf, book.policy_id) is mended
    assert rules.book_of(shelf, book.policy_id, "finish_investigation") is mended
    gone = corrected(book, "", amount=("finish_investigation", 180, 200), rename=("finish_investigation", "other"))
    assert rules.book_of(Rulebooks([gone], stored=[book]), book.policy_id, "finish_investigation") is book


def test_a_pause_is_no_longer_than_the_rulebook_lets_its_reason_last(book: Rulebook) -> None:
    toll = book.toll("criminal_case")
    span = {"amount": 10, "unit": Unit.DAYS}
    short = toll.model_copy(update={"longest": type("Span", (), span)()})
    pause = rules.interval(short, START, None)
    assert rules.stands_still([pause], START + timedelta(days=9), book.calendar)
    assert not rules.stands_still([pause], START + timedelta(days=10), book.calendar)
    assert rules.stands_still([rules.interval(toll, START, None)], START + timedelta(days=10), book.calendar)


def test_the_rule_model_has_what_the_rules_read(book: Rulebook) -> None:
    fields = set(ClockRule.model_fields)
    assert fields >= {"warnings", "rises_to", "rises_after", "extension", "further_extensions", "is_least"}
