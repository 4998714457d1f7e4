"""What was entered wrongly is withdrawn with a reason: it stays, marked, and what followed from it follows no more."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from starlette.testclient import TestClient

from app.cases import actions, queries
from app.cases.commands import LinkCase, RecordMilestone, WithdrawLink, WithdrawMilestone
from app.cases.records import Case, CaseLink, MilestoneRecord
from app.clocks import queries as clock_queries
from app.clocks.records import Clock, ClockStart, ClockWarning
from app.kernel.errors import NotAllowed, NotFound, Refused, Stale
from tests.cases.test_api import api  # noqa: F401 - a fixture
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

pytestmark = pytest.mark.usefixtures("book")
WHY = WithdrawMilestone(reason="It was another case’s letter.")


def record(make: Make, work_as: WorkAs, case: Case, code: str, days_ago: int = 0, **given: object) -> MilestoneRecord:
    on = make.today - timedelta(days=days_ago)
    ask = {"milestone": code, "happened_on": on, "proof": "The stamped copy."} | given
    with work_as("supervisor") as work:
        row: MilestoneRecord = actions.record_milestone(work, case.id, RecordMilestone.model_validate(ask))
        return row


def withdraw(work_as: WorkAs, case: Case, row_id: UUID, who: str = "supervisor") -> None:
    with work_as(who) as work:
        actions.withdraw_milestone(work, case.id, row_id, WHY)


def clock(make: Make, rule: str) -> Clock:
    (found,) = make.all(Clock, rule=rule)
    assert isinstance(found, Clock)
    return found


def case_now(make: Make, case: Case) -> Case:
    (found,) = make.all(Case, id=case.id)
    assert isinstance(found, Case)
    return found


def test_the_row_stays_marked_with_who_and_why_and_stands_no_more(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    made = record(make, work_as, case, "chief_told", 3)
    withdraw(work_as, case, made.id)
    (row,) = make.all(MilestoneRecord)
    assert (row.withdrawn_by_id, row.withdrawal) == (make.actor("supervisor").id, WHY.reason)
    assert row.superseded_at == make.now
    assert row.happened_on == make.today - timedelta(days=3)
    with work_as("supervisor") as work:
        assert queries.standing_of(work, case).on_file == []
    assert "cases:milestone:withdrawn" in make.tags()
    again = record(make, work_as, case, "chief_told", 3)
    assert again.id != made.id


def test_a_clock_that_began_with_it_never_began_and_one_that_it_stopped_runs_again(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    due_on = make.today + timedelta(days=9)
    make.clock(case, "tell_the_chief", due_on=due_on)
    made = record(make, work_as, case, "chief_told", 4)
    withdraw(work_as, case, made.id)
    told, answers = clock(make, "tell_the_chief"), clock(make, "chief_answers")
    assert (told.stopped_on, told.stopped_by, told.due_on) == (None, "", due_on)
    assert (answers.is_void, answers.stopped_on, answers.stopped_by) == (True, make.today, "withdrawn")
    assert case_now(make, case).due_on == due_on
    assert make.tags()[-3:] == ["cases:milestone:withdrawn", "clocks:clock:voided", "clocks:clock:reopened"]
    with work_as("supervisor") as work:
        assert [each.rule for each in clock_queries.clocks_of(work, case.id)] == ["tell_the_chief"]


def test_a_warning_on_a_clock_that_never_began_is_over(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    made = record(make, work_as, case, "chief_told", 30)
    answers = clock(make, "chief_answers")
    late = {"clock_id": answers.id, "case_id": case.id, "due_on": answers.last_day, "raised_on": make.today}
    make.row(ClockWarning(id=uuid4(), step=0, level="holder", **late))
    withdraw(work_as, case, made.id)
    (warning,) = make.all(ClockWarning)
    assert warning.ended_on == make.today


def test_in_a_closed_case_what_runs_again_ends_with_the_case(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    make.clock(case, "tell_the_chief", due_on=make.today + timedelta(days=9))
    made = record(make, work_as, case, "chief_told", 4)
    with make.owner() as session:
        found = session.get_one(Case, case.id)
        found.stage, found.closed_on = "closed", make.today - timedelta(days=1)
        session.commit()
    withdraw(work_as, case, made.id)
    told = clock(make, "tell_the_chief")
    assert (told.stopped_by, told.stopped_on) == ("case_closed", make.today - timedelta(days=1))


def test_a_round_that_was_not_done_goes_on_and_the_next_never_began(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    first = make.clock(case, "half_year", due_on=make.today + timedelta(days=9))
    made = record(make, work_as, case, "half_year_letter", 1)
    withdraw(work_as, case, made.id)
    rounds = sorted(make.all(Clock, rule="half_year"), key=lambda each: each.round)
    assert [(each.round, each.is_void, each.stopped_on) for each in rounds] == [
        (1, False, None),
        (2, True, make.today),
    ]
    assert rounds[0].id == first.id


def test_a_round_after_which_another_was_done_is_refused(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    make.clock(case, "half_year", due_on=make.today + timedelta(days=9))
    made = record(make, work_as, case, "half_year_letter", 5)
    record(make, work_as, case, "half_year_letter", 1)
    before = make.tags()
    with pytest.raises(Refused, match="later round"):
        withdraw(work_as, case, made.id)
    assert make.tags() == before
    assert all(each.superseded_at is None for each in make.all(MilestoneRecord))


def test_one_of_several_starts_is_withdrawn_and_the_clock_counts_from_what_is_left(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    made = record(make, work_as, case, "chief_told", 4)
    answers, other = clock(make, "chief_answers"), make.today - timedelta(days=2)
    days: list[tuple[str, date]] = [("chief_told", made.happened_on), ("case_opened", other)]
    for event, day in days:
        start = {"clock_id": answers.id, "case_id": case.id, "event": event, "day": day, "noted_on": make.today}
        make.row(ClockStart(id=uuid4(), **start))
    withdraw(work_as, case, made.id)
    answers = clock(make, "chief_answers")
    assert (answers.is_void, answers.started_by, answers.started_on) == (False, "case_opened", other)
    assert answers.due_on == other + timedelta(days=20)
    assert {each.event: each.withdrawn_at is None for each in make.all(ClockStart)} == {
        "chief_told": False,
        "case_opened": True,
    }


def test_one_of_an_officer_touches_that_officers_clock_alone(make: Make, work_as: WorkAs) -> None:
    case, first, second = make.case(), make.officer(), make.officer()
    make.allegation(case, first)
    make.allegation(case, second, position=2)
    made = record(make, work_as, case, "papers_served", officer_id=first.id)
    record(make, work_as, case, "papers_served", officer_id=second.id)
    withdraw(work_as, case, made.id)
    assert {each.officer_id: each.is_void for each in make.all(Clock, rule="officer_appeals")} == {
        first.id: True,
        second.id: False,
    }


def test_twice_by_the_wrong_role_or_in_another_case_is_refused(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    made = record(make, work_as, case, "chief_told", 1)
    with pytest.raises(NotAllowed, match="investigator or supervisor"):
        withdraw(work_as, case, made.id, "director")
    with pytest.raises(NotFound):
        withdraw(work_as, make.case(), made.id)
    withdraw(work_as, case, made.id)
    with pytest.raises(Stale):
        withdraw(work_as, case, made.id)
    assert make.tags().count("cases:milestone:withdrawn") == 1


def test_behind_a_wall_nothing_is_withdrawn(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    made = record(make, work_as, case, "chief_told", 1)
    make.wall(case, make.actor("investigator"))
    with pytest.raises(NotFound):
        withdraw(work_as, case, made.id, "investigator")


def test_the_database_wants_a_reason_with_it(make: Make, work_as: WorkAs) -> None:
    made = record(make, work_as, make.case(), "chief_told", 1)
    with make.owner() as session:
        session.get_one(MilestoneRecord, made.id).withdrawn_by_id = make.actor("supervisor").id
        with pytest.raises(IntegrityError, match="withdrawn_with_a_reason"):
            session.flush()


def test_the_page_withdraws_without_script_and_strikes_it_through(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    case = make.case()
    made = record(make, work_as, case, "chief_told", 1)
    client, home = client_as("supervisor"), f"/office/cases/{case.id}/milestones"
    form = unescape(client.get(f"{home}?withdraws_id={made.id}").text)
    assert "Why it never happened" in form
    refused = client.submit(f"{home}/{made.id}/withdraw", reason="")
    assert refused.status_code == 422
    assert "Why it never happened" in unescape(refused.text)
    assert client.submit(f"{home}/{made.id}/withdraw", reason="Another case 😟.").status_code == 303
    page = unescape(client.get(home).text)
    assert "Another case 😟." in page
    assert "Withdrawn by" in page
    assert "<del>" in page
    answers = clock(make, "chief_answers")
    assert "never began" in unescape(client.get(f"/office/clocks/{answers.id}").text)


@pytest.mark.parametrize("reason", ["", "x" * 4001, "a\x00b"])
def test_bad_reasons_are_refused(make: Make, work_as: WorkAs, client_as: ClientAs, reason: str) -> None:
    case = make.case()
    made = record(make, work_as, case, "chief_told", 1)
    posted = client_as("supervisor").submit(f"/office/cases/{case.id}/milestones/{made.id}/withdraw", reason=reason)
    assert posted.status_code == 422
    assert make.all(MilestoneRecord)[0].withdrawn_by_id is None


# --- links ---


def linked(make: Make, work_as: WorkAs) -> tuple[Case, Case]:
    case, other = make.case(origin="import"), make.case(origin="import")
    link(work_as, case, other)
    return case, other


def link(work_as: WorkAs, case: Case, other: Case) -> None:
    with work_as("investigator") as work:
        ask = LinkCase(number=other.number, relation="related", reason="The same street.")
        actions.link_case(work, case.id, ask)


def unlink(work_as: WorkAs, case: Case, other: Case, who: str = "investigator", relation: str = "related") -> None:
    with work_as(who) as work:
        ask = WithdrawLink(other_id=other.id, relation=relation, reason="Another street.")
        actions.withdraw_link(work, case.id, ask)


def test_a_link_is_withdrawn_from_either_side_and_stays_struck_through(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    case, other = linked(make, work_as)
    unlink(work_as, other, case)
    (row,) = make.all(CaseLink)
    assert (row.withdrawn_by_id, row.withdrawal) == (make.actor("investigator").id, "Another street.")
    assert make.tags() == ["cases:link:made", "cases:link:withdrawn"]
    with work_as("investigator") as work:
        assert queries.links_of(work, case.id) == []
    page = unescape(client_as("investigator").get(f"/office/cases/{case.id}/links").text)
    assert "Another street." in page
    assert "<del>" in page
    assert "Withdrew a link" not in client_as("investigator").get(f"/office/cases/{case.id}").text


def test_a_link_that_was_withdrawn_can_be_made_again(make: Make, work_as: WorkAs) -> None:
    case, other = linked(make, work_as)
    unlink(work_as, case, other)
    link(work_as, case, other)
    assert sorted((each.turn, each.withdrawn_at is None) for each in make.all(CaseLink)) == [(1, False), (2, True)]


def test_a_link_that_is_not_there_or_not_to_be_seen_is_not_found(make: Make, work_as: WorkAs) -> None:
    case, other = linked(make, work_as)
    with pytest.raises(NotFound):
        unlink(work_as, case, other, relation="retaliation")
    make.wall(other, make.actor("investigator"))
    with pytest.raises(NotFound):
        unlink(work_as, case, other)
    unlink(work_as, case, other, "supervisor")
    with pytest.raises(NotFound):
        unlink(work_as, case, other, "supervisor")


def test_the_page_asks_why_and_keeps_what_was_typed(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    case, other = linked(make, work_as)
    client, home = client_as("investigator"), f"/office/cases/{case.id}/links"
    asked = unescape(client.get(f"{home}?other_id={other.id}&relation=related").text)
    assert "Why they do not belong together" in asked
    typed = {"other_id": str(other.id), "relation": "related"}
    assert client.submit(f"{home}/withdraw", **typed, reason="").status_code == 422
    assert client.submit(f"{home}/withdraw", **typed, reason="No.").status_code == 303


@pytest.mark.parametrize("column", ["case_id", "reason"])
def test_nothing_else_of_a_link_is_changed(make: Make, work_as: WorkAs, column: str) -> None:
    linked(make, work_as)
    with pytest.raises(ProgrammingError, match="permission denied"), work_as("supervisor") as work:
        work.session.execute(text(f"UPDATE case_links SET {column} = {column}"))


def test_a_program_withdraws_both(
    make: Make,
    work_as: WorkAs,
    api: Callable[[str], TestClient],  # noqa: F811
) -> None:
    case, other = linked(make, work_as)
    made = record(make, work_as, case, "chief_told", 1)
    client, home = api("supervisor"), f"/api/v1/cases/{case.id}"
    gone = client.post(f"{home}/milestones/{made.id}/withdraw", json={"reason": "Never."}).json()
    assert gone["withdrawal"] == "Never."
    asked = {"other_id": str(other.id), "relation": "related", "reason": "No."}
    answer = client.post(f"{home}/links/withdraw", json=asked)
    assert [each["withdrawal"] for each in answer.json()["items"]] == ["No."]
    assert client.post(f"{home}/milestones/{made.id}/withdraw", json={"reason": "x"}).status_code == 409
