"""Closed sessions as pure rules: real hours, who was told, who does without, who asks that it be open."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commission.rules import closed
from app.commission.rules.closed import Law, Spoken, State, Word
from app.config import PROJECT
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.decisions import ClosedGround
from tests.rulebooks import read_rulebook

BOSTON = PROJECT / "policies" / "boston-opat" / "2024-01-01"
ZONE = ZoneInfo("America/New_York")
BEGINS = datetime(2025, 6, 4, 22, 0, tzinfo=UTC)
NOW = datetime(2025, 6, 4, 22, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def boston() -> Rulebook:
    return read_rulebook(BOSTON)


def law(**ground: Any) -> Law:
    asks = {"officer_notice_hours": 48, "officer_may_waive": True, "open_on_request": True} | ground
    made = ClosedGround.model_validate({"code": "x", "label": {"en": "Complaints"}, **asks})
    return Law(made, "Complaints", "c.30A s.21", asks["officer_notice_hours"] or 0, BEGINS, ZONE)


def told(hours: float) -> Spoken:
    return Spoken("Officer A", BEGINS - timedelta(hours=hours))


@pytest.mark.parametrize(("hours", "is_free"), [(48, True), (48.02, True), (47.98, False), (500, True), (0, False)])
def test_hours_are_counted_to_the_minute(hours: float, is_free: bool) -> None:
    assert (closed.hindrance(law(), told(hours), NOW) is None) is is_free


def test_too_late_is_refused_with_the_rule_and_the_earliest_hour() -> None:
    with pytest.raises(Refused) as refusal:
        closed.check_may_close(law(), [told(40)], NOW)
    assert str(refusal.value) == (
        "Complaints: Officer A must be told at least 48 hours before the meeting (c.30A s.21). "
        "Told on Tuesday, June 3, 2025, 2:00 AM, 40 hours before: that is too late. "
        "The earliest hour for a closed session is Thursday, June 5, 2025, 2:00 AM. "
        "Or Officer A does without the notice, and that is noted."
    )


def test_who_was_never_told_could_be_heard_from_now_and_so_many_hours() -> None:
    said = closed.hindrance(law(officer_may_waive=False), Spoken("Officer A"), NOW) or ""
    assert "Nothing says that Officer A was told." in said
    assert said.endswith("The earliest hour for a closed session is Friday, June 6, 2025, 6:05 PM, if told now.")


def test_who_does_without_the_notice_needs_none() -> None:
    one = Spoken("Officer A", has_waived=True)
    assert closed.hindrance(law(), one, NOW) is None
    assert closed.how_it_stands(law(), one, NOW) == "Officer A does without the notice of 48 hours."


def test_who_asks_for_an_open_session_gets_it_where_the_law_gives_it_and_before_anything_else() -> None:
    late, asking = told(1), Spoken("Officer B", has_waived=True, asks_open=True)
    with pytest.raises(Refused, match=r"Officer B asks for an open session, and the law gives it \(c\.30A s\.21\)"):
        closed.check_may_close(law(), [late, asking], NOW)
    assert closed.hindrance(law(open_on_request=False), asking, NOW) is None


def test_every_officer_must_have_been_told() -> None:
    with pytest.raises(Refused, match="Officer A"):
        closed.check_may_close(law(), [Spoken("Officer B", has_waived=True), told(3)], NOW)
    assert closed.check_may_close(law(), [], NOW).hours == 48


def test_a_ground_without_hours_asks_for_none() -> None:
    one = Spoken("Officer A")
    assert closed.hindrance(law(officer_notice_hours=0), one, NOW) is None
    assert "asks for no notice" in closed.how_it_stands(law(officer_notice_hours=0), one, NOW)


def test_once_closed_only_an_open_session_can_be_asked_for() -> None:
    closed.check_word(law(), Word.ASKS_OPEN, is_closed=True)
    for kind in (Word.TOLD, Word.WAIVED):
        with pytest.raises(Refused, match="closed on what was on file"):
            closed.check_word(law(), kind, is_closed=True)


@pytest.mark.parametrize(
    ("kind", "asks", "is_taken"),
    [
        (Word.TOLD, {"officer_may_waive": False, "open_on_request": False}, True),
        (Word.WAIVED, {"officer_may_waive": False}, False),
        (Word.WAIVED, {}, True),
        (Word.ASKS_OPEN, {"open_on_request": False}, False),
        (Word.ASKS_OPEN, {}, True),
    ],
)
def test_only_what_the_law_gives_is_recorded(kind: Word, asks: dict[str, bool], is_taken: bool) -> None:
    if is_taken:
        closed.check_word(law(**asks), kind)
    else:
        with pytest.raises(Refused, match="the rulebook"):
            closed.check_word(law(**asks), kind)


@pytest.mark.parametrize(
    ("day", "hour", "before"),
    [
        # Clocks go forward on March 9, 2025: from Saturday 18:00 to Monday 18:00 only 47 hours pass.
        (date(2025, 3, 10), "18:00", "2025-03-08T17:00:00-05:00"),
        # And back on November 2: from Saturday 18:00 to Monday 18:00 there are 49.
        (date(2025, 11, 3), "18:00", "2025-11-01T19:00:00-04:00"),
        (date(2024, 3, 1), "18:00", "2024-02-28T18:00:00-05:00"),
    ],
)
def test_hours_are_real_ones_where_clocks_change_and_over_a_leap_day(day: date, hour: str, before: str) -> None:
    begins = closed.moment_of(day, hour, ZONE)
    ground = law().ground
    whole = Law(ground, "Complaints", "", 48, begins, ZONE)
    last = datetime.fromisoformat(before)
    assert closed.is_in_time(whole, last)
    assert not closed.is_in_time(whole, last + timedelta(minutes=1))


@given(st.integers(0, 10_000), st.integers(0, 200))
def test_the_earliest_hour_is_the_first_that_is_in_time(minutes: int, hours: int) -> None:
    told_at = BEGINS - timedelta(minutes=minutes)
    ground = law(officer_notice_hours=hours)
    first = closed.earliest(ground, told_at)
    moved = Law(ground.ground, "", "", hours, first, ZONE)
    assert closed.is_in_time(moved, told_at)
    assert not closed.is_in_time(Law(ground.ground, "", "", hours, first - timedelta(seconds=1), ZONE), told_at)


def test_the_ground_of_a_rulebook_is_read_with_its_citation_hours_and_vote(boston: Rulebook) -> None:
    found = closed.law_for(boston, "complaints", date(2025, 6, 4), "18:00")
    assert found is not None
    assert (found.hours, found.begins_at) == (48, BEGINS)
    assert found.cited.startswith("General Laws c.30A s.21(a)(1), ")
    rule = closed.vote_rule(found.ground, boston.body("crb"))
    assert rule is not None
    assert rule.by_roll_call
    assert closed.law_for(boston, "nothing", date(2025, 6, 4), "18:00") is None


def test_a_ground_that_says_nothing_of_a_vote_or_of_hours_follows_the_body_and_the_meetings(boston: Rulebook) -> None:
    body = boston.body("crb")
    silent = closed.find_ground(boston, "closed_minutes")
    assert silent is not None
    assert closed.vote_rule(silent, body) == body.vote_rule("default")
    hours = boston.meetings.model_copy(update={"officer_notice_hours": 72})
    found = closed.law_for(boston.model_copy(update={"meetings": hours}), "closed_minutes", date(2025, 6, 4), "18:00")
    assert found is not None
    assert found.hours == 72


def test_without_a_ground_everything_is_open(boston: Rulebook) -> None:
    open_only = boston.model_copy(update={"meetings": boston.meetings.model_copy(update={"closed_grounds": ()})})
    with pytest.raises(Refused, match="everything is open"):
        closed.check_ground(open_only, "complaints")
    with pytest.raises(Invalid):
        closed.check_ground(boston, "boredom")
    with pytest.raises(Refused, match="names no such ground"):
        closed.check_may_close(None, [], NOW)


@pytest.mark.parametrize(
    ("begun", "ended", "dropped", "asked", "state"),
    [
        (False, False, False, False, State.PLANNED),
        (False, False, False, True, State.OPEN),
        (False, False, True, True, State.DROPPED),
        (True, False, False, False, State.CLOSED),
        (True, True, False, True, State.ENDED),
    ],
)
def test_how_a_closed_session_stands(begun: bool, ended: bool, dropped: bool, asked: bool, state: State) -> None:
    assert closed.state_of(began=begun, ended=ended, dropped=dropped, is_asked_open=asked) is state


def test_the_motion_names_the_ground_and_the_law() -> None:
    assert closed.wording(law()) == "That this case be heard in closed session. Ground: Complaints (c.30A s.21)."
