"""Disputes: opened by an answer, decided once and by whom the law lets; the clocks hear of it; unseen."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.access.work import House
from app.cases import actions as case_actions
from app.cases.commands import RecordMilestone
from app.cases.records import Case, MilestoneRecord
from app.clocks.records import Clock
from app.discipline import actions, jobs, queries
from app.discipline.commands import DecideDispute
from app.discipline.records import DisputeRecord, Recommendation
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.cases.test_api import api  # noqa: F401 - a fixture
from tests.conftest import ClientAs, WorkAs
from tests.discipline.books import with_disputes
from tests.discipline.conftest import Sustained
from tests.discipline.disputing import answered, asked, decide, fact, recused, seated
from tests.make import Make


@pytest.fixture(autouse=True)
def book(house: House, policies: Rulebooks) -> Rulebook:
    found = with_disputes(policies.newest(house.agency))
    object.__setattr__(house, "policies", Rulebooks([found]))
    return found


# --- opened and decided ---


def test_an_answer_opens_it_once_and_its_clock_runs(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    row = answered(sustained, work_as)
    assert (row.dispute, row.opened_on, row.outcome, row.decided_on) == ("one_member", make.today, None, None)
    assert make.tags() == ["discipline:answer:given", "discipline:dispute:opened", "clocks:clock:started"]
    (clock,) = make.all(Clock, rule="one_member_decides")
    assert (clock.started_by, clock.due_on) == ("dispute_opened", make.today + timedelta(days=30))
    assert fact(work_as, sustained.case, "dispute_open")
    assert not fact(work_as, sustained.case, "no_open_dispute")


def test_an_answer_that_agrees_opens_none(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    sent = sustained.sent(answered_on=make.today, answer="agree", imposed="training")
    with work_as(Actor.system("record_answer")) as work:
        jobs.record_answer(work, sent.id)
    assert make.all(DisputeRecord) == []
    assert fact(work_as, sustained.case, "no_open_dispute")


def test_its_decision_is_kept_with_who_decided_and_stops_the_clock(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    row = answered(sustained, work_as)
    decide(work_as, row, asked(make))
    (kept,), (milestone,) = make.all(DisputeRecord), make.all(MilestoneRecord)
    assert (kept.outcome, kept.decided_on, kept.deciders) == ("not_met", make.today, "Alex Reader, deputy inspector")
    assert (kept.proof, kept.recorded_by_id, kept.milestone_id) == (
        "The written decision.",
        make.actor("director").id,
        milestone.id,
    )
    assert milestone.code == "member_decided"
    (clock,) = make.all(Clock, rule="one_member_decides")
    assert (clock.stopped_on, clock.stopped_by) == (make.today, "member_decided")
    assert "discipline:dispute:decided" in make.tags()
    assert fact(work_as, sustained.case, "no_open_dispute")


def test_the_clock_waits_for_the_last_of_two(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    first = answered(sustained, work_as)
    second = answered(sustained, work_as)
    decide(work_as, first, asked(make))
    # A second dispute began the clock anew; it is this one that runs on.
    running = [each.id for each in make.all(Clock, rule="one_member_decides") if each.stopped_on is None]
    assert (len(running), make.all(MilestoneRecord)) == (1, [])
    decide(work_as, second, asked(make, "met"))
    (clock,) = make.all(Clock, id=running[0])
    assert (clock.stopped_on, clock.stopped_by) == (make.today, "member_decided")
    assert len(make.all(MilestoneRecord)) == 1


def test_three_members_decide_by_their_seats_and_none_who_stepped_aside(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    row = answered(sustained, work_as, "hold")
    members = [seated(make, n) for n in range(4)]
    recused(make, row, members[0])
    ask = asked(make, "kept", deciders="", holds="")
    with pytest.raises(Refused, match="stepped aside"):
        decide(work_as, row, ask | {"members": [each.id for each in members[:3]]})
    assert make.all(DisputeRecord)[0].decided_on is None
    decide(work_as, row, ask | {"members": [each.id for each in members[1:]]})
    (kept,) = make.all(DisputeRecord)
    assert set(kept.member_ids) == {each.id for each in members[1:]}
    assert kept.deciders.splitlines() == [f"Member-{n}, Commissioner" for n in (1, 2, 3)]


# --- refused ---


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "won"}, "outcome"),
        ({"deciders": ""}, "deciders"),
        ({"deciders": "A. Reader\nB. Reader"}, "deciders"),
        ({"deciders": " \n "}, "deciders"),
        ({"holds": ""}, "holds"),
        ({"happened_on": 1}, "happened_on"),
        ({"happened_on": -1}, "happened_on"),
        ({"evidence_id": uuid4()}, "evidence_id"),
    ],
)
def test_a_bad_decision_changes_nothing(
    given: dict[str, Any], field: str, sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    row = answered(sustained, work_as)
    before = make.tags()
    if "happened_on" in given:
        given = {"happened_on": make.today + timedelta(days=given["happened_on"])}
    with pytest.raises(Invalid) as refusal:
        decide(work_as, row, asked(make, **given))
    assert set(refusal.value.fields) == {field}
    assert (make.tags(), make.all(DisputeRecord)[0].outcome, make.all(MilestoneRecord)) == (before, None, [])


def test_who_is_excluded_decides_nothing(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    row = answered(sustained, work_as)
    before = make.tags()
    with pytest.raises(Refused, match="Whoever had a hand in the recommendation"):
        decide(work_as, row, asked(make, holds="had_a_hand"))
    assert (make.tags(), make.all(DisputeRecord)[0].outcome) == (before, None)


def test_it_is_decided_once(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    row = answered(sustained, work_as)
    decide(work_as, row, asked(make))
    before = make.tags()
    with pytest.raises(Refused, match="decided already"):
        decide(work_as, row, asked(make, "met"))
    assert (make.tags(), make.all(DisputeRecord)[0].outcome) == (before, "not_met")


def test_after_closing_nothing_is_decided(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    row = answered(sustained, work_as)
    with make.owner() as session:
        session.get_one(Case, row.case_id).stage = next(stage.code for stage in make.book.stages if stage.final)
        session.commit()
    with pytest.raises(Refused, match="The case is closed"):
        decide(work_as, row, asked(make))
    assert make.all(DisputeRecord)[0].outcome is None


def test_an_answer_after_the_end_opens_one_that_waits_and_starts_no_clock(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    with make.owner() as session:
        case = session.get_one(Case, sustained.case.id)
        before, case.closed_on = case.stage, make.today
        case.stage = next(stage.code for stage in make.book.stages if stage.final)
        session.commit()
    row = answered(sustained, work_as)
    assert make.all(Clock, rule="one_member_decides") == []
    with pytest.raises(Refused, match="Open it again"):
        decide(work_as, row, asked(make))
    with make.owner() as session:
        case = session.get_one(Case, sustained.case.id)
        case.stage, case.closed_on = before, None
        session.commit()
    decide(work_as, row, asked(make))
    assert make.all(DisputeRecord)[0].outcome == "not_met"


def test_the_way_round_by_the_milestone_is_closed(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    answered(sustained, work_as)
    ask = RecordMilestone(milestone="member_decided", happened_on=make.today, proof="A word.")
    with pytest.raises(Refused, match="record the decision under Discipline"), work_as("director") as work:
        case_actions.record_milestone(work, sustained.case.id, ask)
    assert make.all(MilestoneRecord) == []


def test_a_day_corrected_on_the_milestone_is_the_day_of_the_decision(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    row = answered(sustained, work_as)
    with make.owner() as session:
        session.get_one(DisputeRecord, row.id).opened_on = make.today - timedelta(days=9)
        session.commit()
    decide(work_as, row, asked(make))
    (wrong,), right = make.all(MilestoneRecord), make.today - timedelta(days=3)
    ask = {"milestone": "member_decided", "happened_on": right, "proof": "The stamp.", "reason": "Read wrongly."}
    with work_as("director") as work:
        correction = RecordMilestone.model_validate(ask | {"corrects_id": wrong.id})
        case_actions.record_milestone(work, row.case_id, correction)
    assert make.all(DisputeRecord)[0].decided_on == right


@pytest.mark.parametrize("who", ["investigator", "supervisor", "secretary", "commissioner", "liaison"])
def test_nobody_else_puts_it_on_file(who: str, sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    row = answered(sustained, work_as)
    with pytest.raises(NotAllowed):
        decide(work_as, row, asked(make), who)
    assert make.all(DisputeRecord)[0].outcome is None


# --- seen and unseen ---


def test_another_case_s_dispute_and_a_walled_one_are_not_there(
    sustained: Sustained, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    row = answered(sustained, work_as)
    with pytest.raises(NotFound), work_as("director") as work:
        actions.decide_dispute(work, make.case().id, row.id, DecideDispute.model_validate(asked(make)))
    make.wall(sustained.case, make.actor("director"))
    with work_as("director") as work:
        assert list(work.session.scalars(queries.visible_disputes(work))) == []
    with pytest.raises(NotFound):
        decide(work_as, row, asked(make))
    assert client_as("director").get(f"/office/cases/{row.case_id}/discipline").status_code == 404


def test_another_department_sees_none_of_it(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    answered(sustained, work_as)
    with make.owner() as session:
        session.query(Recommendation).update({"department_id": make.book.departments[1].code})
        session.commit()
    with work_as("liaison") as work:
        assert work.session.execute(text("SELECT count(id) FROM disputes")).scalar_one() == 0


@pytest.mark.parametrize("who", ["liaison", "secretary"])
@pytest.mark.parametrize(
    "statement", ["SELECT proof FROM disputes", "UPDATE disputes SET outcome = 'met'", "DELETE FROM disputes"]
)
def test_the_other_doors_read_how_it_ended_and_no_more(
    who: str, statement: str, sustained: Sustained, work_as: WorkAs
) -> None:
    answered(sustained, work_as)
    with pytest.raises(ProgrammingError, match="permission denied"), work_as(who) as work:
        work.session.execute(text(statement))


def test_what_it_is_about_is_never_exchanged(sustained: Sustained, work_as: WorkAs) -> None:
    answered(sustained, work_as)
    with pytest.raises(ProgrammingError, match="permission denied"), work_as("director") as work:
        work.session.execute(text("UPDATE disputes SET recommendation_id = gen_random_uuid()"))
