"""An officer named late has the clocks that count from what the case went through before, each from its own day."""

from datetime import date, timedelta

import pytest

from app.access.work import House
from app.allegations import actions
from app.allegations.commands import IdentifyOfficer, StateAllegation
from app.cases import actions as cases
from app.cases import queries
from app.cases.commands import AssignCase, RecordMilestone, WithdrawMilestone
from app.cases.records import Case
from app.clocks.records import Clock
from app.policy.loader import Rulebooks
from tests.cases.books import with_milestones
from tests.conftest import WorkAs
from tests.make import Make
from tests.rulebooks import from_files

OWN = (
    ("    starts: chief_told\n", "    starts: chief_told\n    per: officer\n"),
    ("    starts: papers_served\n", "    starts: [papers_served, case_assigned]\n"),
)


@pytest.fixture(autouse=True)
def book(house: House, policies: Rulebooks) -> None:
    """Clocks of officers that count from a milestone of the case, and from its being assigned."""
    city = with_milestones(policies.newest(house.agency))
    text = city.files["rulebook.yaml"].decode()
    for old, new in OWN:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = from_files(city.id, city.effective_from, {**city.files, "rulebook.yaml": text.encode()})
    object.__setattr__(house, "policies", Rulebooks([found]))


def record(make: Make, work_as: WorkAs, case: Case, code: str, days_ago: int) -> date:
    on: date = make.today - timedelta(days=days_ago)
    with work_as("supervisor" if code != "appeal_over" else "director") as work:
        ask = RecordMilestone(milestone=code, happened_on=on, proof="The stamped copy.")
        cases.record_milestone(work, case.id, ask)
    return on


def named(make: Make, work_as: WorkAs, case: Case) -> dict[str, Clock]:
    officer = make.officer()
    with work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="arrest", officer_id=officer.id))
    return {each.rule: each for each in make.all(Clock) if each.officer_id == officer.id}


def test_a_milestone_of_the_case_counts_from_its_own_day(make: Make, work_as: WorkAs) -> None:
    case = make.case(received_on=make.today - timedelta(days=20), opened_on=make.today - timedelta(days=18))
    told_on = record(make, work_as, case, "chief_told", 6)
    clocks = named(make, work_as, case)
    assert (clocks["chief_answers"].started_on, clocks["chief_answers"].due_on) == (
        told_on,
        told_on + timedelta(days=20),
    )
    assert clocks["discipline_limit"].started_on == case.received_on


def test_what_had_stopped_it_before_has_stopped_it(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    record(make, work_as, case, "chief_told", 6)
    over_on = record(make, work_as, case, "appeal_over", 2)
    answers = named(make, work_as, case)["chief_answers"]
    assert (answers.stopped_by, answers.stopped_on) == ("appeal_over", over_on)


def test_what_was_withdrawn_is_not_told(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    record(make, work_as, case, "chief_told", 6)
    with work_as("supervisor") as work:
        (row,) = queries.milestones_of(work, case.id)
        cases.withdraw_milestone(work, case.id, row.id, WithdrawMilestone(reason="Another case."))
    assert "chief_answers" not in named(make, work_as, case)


def test_an_event_that_no_row_of_the_case_tells_is_kept_and_told(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    with work_as("supervisor") as work:
        lead = make.account("investigator")
        cases.assign_case(work, case.id, AssignCase(version=1, account_id=lead.id))
    assert make.tags().count("clocks:event:heard") == 1
    appeals = named(make, work_as, case)["officer_appeals"]
    assert (appeals.started_by, appeals.started_on) == ("case_assigned", make.today)


def test_one_identified_late_has_them_too_and_nobody_has_them_twice(make: Make, work_as: WorkAs) -> None:
    case, known = make.case(), make.officer()
    told_on = record(make, work_as, case, "chief_told", 6)
    with work_as("investigator") as work:
        stated = actions.state_allegation(work, case.id, StateAllegation(category="arrest", description="Car 14"))
    assert stated.officer_id is not None
    with work_as("investigator") as work:
        actions.identify_officer(work, case.id, stated.officer_id, IdentifyOfficer(officer_id=known.id))
    with work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="duty_name", officer_id=known.id))
    assert [each.started_on for each in make.all(Clock, rule="chief_answers")] == [told_on]
