"""What must be reviewed, in the house: its clock, the refusal to close without the referral, and the case page."""

from datetime import timedelta
from html import unescape

import pytest

from app.access.work import House
from app.allegations import actions as allegations
from app.allegations.commands import StateAllegation
from app.cases import actions, queries
from app.cases.commands import MoveCase, RecordMilestone
from app.cases.records import Case
from app.clocks.records import Clock
from app.kernel.errors import Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.cases.review_books import with_reviews
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

OWED = "This case must be referred to"


@pytest.fixture(autouse=True)
def law(house: House, policies: Rulebooks) -> Rulebook:
    """From here on it is the only rulebook in the folder."""
    found = with_reviews(policies.newest(house.agency))
    object.__setattr__(house, "policies", Rulebooks([found]))
    return found


def record(make: Make, work_as: WorkAs, case: Case, code: str, days_ago: int = 0) -> None:
    on = make.today - timedelta(days=days_ago)
    ask = RecordMilestone.model_validate({"milestone": code, "happened_on": on, "proof": "The stamped copy."})
    with work_as("supervisor") as work:
        actions.record_milestone(work, case.id, ask)


def case_of(make: Make, category: str) -> Case:
    case = make.case(category=category)
    make.allegation(case, make.officer(), category=category)
    return case


def clocks_of(make: Make) -> list[Clock]:
    return [clock for clock in make.all(Clock) if clock.rule == "refer"]


def missing(work_as: WorkAs, case: Case, to: str) -> list[str]:
    with work_as("supervisor") as work:
        moves = {each.to: each for each in queries.next_moves(work, queries.get_case(work, case.id))}
        return [words for words in moves[to].missing if words.startswith(OWED)]


def test_its_clock_begins_by_itself_on_the_day_that_it_names(make: Make, work_as: WorkAs) -> None:
    record(make, work_as, case_of(make, "force_hands"), "chief_told", 4)
    (clock,) = clocks_of(make)
    assert (clock.started_by, clock.started_on) == ("chief_told", make.today - timedelta(days=4))
    assert clock.due_on == make.today + timedelta(days=10)


def test_it_does_not_begin_where_nothing_demands_the_review(make: Make, work_as: WorkAs) -> None:
    record(make, work_as, case_of(make, "arrest"), "chief_told")
    assert clocks_of(make) == []
    assert "clocks:clock:started" in make.tags()  # Another clock of the same event does.


def test_what_is_alleged_later_begins_it_from_the_day_before_and_the_case_takes_its_place(
    make: Make, work_as: WorkAs
) -> None:
    case = case_of(make, "arrest")
    record(make, work_as, case, "chief_told", 9)
    ask = StateAllegation(category="force_hands", officer_id=make.officer().id)
    with work_as("investigator") as work:
        allegations.state_allegation(work, case.id, ask)
    (clock,) = clocks_of(make)
    assert clock.started_on == make.today - timedelta(days=9)
    assert make.all(Case, id=case.id)[0].due_on == min(each.due_on for each in make.all(Clock) if each.due_on)
    with work_as("investigator") as work:
        allegations.state_allegation(work, case.id, ask)
    assert len(clocks_of(make)) == 1


def test_a_case_that_must_be_reviewed_does_not_end_without_the_referral(make: Make, work_as: WorkAs) -> None:
    case = case_of(make, "force_hands")
    record(make, work_as, case, "chief_told")
    before = make.tags()
    (now,) = make.all(Case, id=case.id)
    ask = MoveCase(version=now.version, to="closed_early", reason="They asked us to stop", closure="withdrawn")
    with pytest.raises(Refused, match=OWED), work_as("supervisor") as work:
        actions.move_case(work, case.id, ask, agreed=True)
    (after,) = make.all(Case, id=case.id)
    assert (after.stage, after.closed_on, make.tags()) == ("investigating", None, before)
    assert len(missing(work_as, case, "closed_early")) == 1
    assert missing(work_as, case, "supervisor_review") == missing(work_as, case, "referred") == []

    record(make, work_as, case, "referred_to_panel")
    assert clocks_of(make)[0].stopped_by == "referred_to_panel"
    assert missing(work_as, case, "closed_early") == []


def test_the_departments_word_decides_where_it_is_kept(make: Make, work_as: WorkAs) -> None:
    case = make.case(category="force_hands")
    allegation = make.allegation(case, make.officer(), category="force_hands")
    make.finding(allegation, life="department", disposition="unfounded")
    assert len(missing(work_as, case, "closed_early")) == 1
    other = make.case(category="force_hands")
    kept = make.allegation(other, make.officer(), category="force_hands")
    make.finding(kept, life="department", disposition="sustained")
    assert missing(work_as, other, "closed_early") == []


def page_of(client_as: ClientAs, case: Case) -> str:
    answer = client_as("supervisor").get(f"/office/cases/{case.id}")
    assert answer.status_code == 200
    return unescape(answer.text)


def test_the_page_says_what_must_and_what_may_with_body_law_and_clock(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    case = case_of(make, "force_hands")
    page = page_of(client_as, case)
    assert "if the department finds: Not sustained or Unfounded" in page
    assert "May be reviewed by" in page
    record(make, work_as, case, "chief_told")
    page = page_of(client_as, case)
    for words in ("Must be referred to", "not referred yet", "Charter 12.50", "Clock: Refer it to the panel"):
        assert words in page
    assert "May be reviewed by" not in page
    record(make, work_as, case, "referred_to_panel")
    assert "referred on" in page_of(client_as, case)


def test_the_page_says_how_the_lot_was_drawn_and_nothing_where_it_fell_on_another(
    client_as: ClientAs, make: Make
) -> None:
    pages = []
    for number in range(12):
        case = make.case(category="duty_name", number=f"2026-lot{number}")
        pages.append(page_of(client_as, case))
    drawn = ["By lot: drawn. The case’s random number gives it place" in page for page in pages]
    assert {True, False} == set(drawn)
    assert ["Charter 12.51" in page for page in pages] == drawn


def test_no_rule_no_panel(client_as: ClientAs, make: Make, house: House, policies: Rulebooks) -> None:
    object.__setattr__(house, "policies", Rulebooks([policies.newest(house.agency)]))
    assert "What must and what may be reviewed" not in page_of(client_as, case_of(make, "force_hands"))
