"""A power that was lost in mid-case stops its act in the action, on the page and at the API, and says why."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from app.allegations import actions as allegations
from app.allegations.commands import RecommendFinding
from app.allegations.records import Finding
from app.cases import actions as cases
from app.cases.commands import MoveCase, WriteNote
from app.cases.records import Case, Note
from app.evidence import actions as evidence
from app.evidence import queries as found
from app.evidence.commands import AddFile, AnswerDemand, SendDemand
from app.evidence.records import Demand
from app.kernel.errors import Refused
from app.policy.acting import ActStopped
from app.policy.model.powers import Act
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.powers.books import book, struck
from tests.powers.conftest import WithBooks

LAST_DAY = datetime(2001, 12, 31, 17, 0, tzinfo=UTC)
FIRST_DAY = datetime(2002, 1, 1, 17, 0, tzinfo=UTC)
VIDEO = SendDemand(kind="body_camera", wording="All video of March 1.")
WHY = r"The state court: The charter may not give this power\. \(Charter 12\.\d+.*\) Since January 1, 2002\."


def mid_case(make: Make, with_books: WithBooks, *lost: str, **given: Any) -> Case:
    """A case opened under the first version, when the second took something away."""
    before, after = struck(*lost, **given)
    with_books([before, after])
    return make.case(policy_id=before.policy_id)


def test_a_demand_goes_out_on_the_last_day_and_not_on_the_next(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    case = mid_case(make, with_books, "records_access")
    with work_as("investigator", now=LAST_DAY) as work:
        demand = evidence.send_demand(work, case.id, VIDEO)
    tags = make.tags()
    with pytest.raises(ActStopped, match=WHY) as refusal, work_as("investigator", now=FIRST_DAY) as work:
        evidence.send_demand(work, case.id, VIDEO)
    assert refusal.value.stop.act is Act.DEMANDS
    with pytest.raises(Refused, match=WHY), work_as("liaison", now=FIRST_DAY) as work:
        evidence.answer_demand(work, demand.id, AnswerDemand(version=1, answer="given", words="All."))
    assert make.tags() == tags
    (kept,) = make.all(Demand)
    assert kept.answered_on is None


def test_an_open_demand_holds_up_nothing_and_accuses_nobody_once_nothing_can_be_asked(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    case = mid_case(make, with_books, "records_access")
    with work_as("investigator", now=LAST_DAY) as work:
        evidence.send_demand(work, case.id, VIDEO)
        work.flush()
        assert not found.no_open_demand(work, case.id)
    with work_as("supervisor", now=datetime(2003, 1, 1, 17, 0, tzinfo=UTC)) as work:
        assert found.no_open_demand(work, case.id)
        assert found.my_work(work) is None
    with work_as("supervisor", now=datetime(2001, 12, 31, 20, 0, tzinfo=UTC)) as work:
        assert not found.no_open_demand(work, case.id)


def test_what_the_department_handed_over_stays_shut_and_what_others_gave_does_not(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    case = mid_case(make, with_books, "records_access")
    with work_as("investigator", now=LAST_DAY) as work:
        demand = evidence.send_demand(work, case.id, VIDEO)
        file = evidence.keep_file(work, "ours.txt", io.BytesIO(b"ours"), limit=100)
        ours = evidence.add_file(work, case.id, AddFile(label="A photo", received_from="A neighbour"), file)
    with work_as("liaison", now=LAST_DAY) as work:
        file = evidence.keep_file(work, "theirs.txt", io.BytesIO(b"theirs"), limit=100)
        evidence.answer_demand(work, demand.id, AnswerDemand(version=1, answer="given", words="All."), file)
    with work_as("investigator", now=FIRST_DAY) as work:
        theirs = next(item for item in found.list_items(work, case.id) if item.demand_id)
        assert evidence.open_file(work, case.id, ours.id).id == ours.id
    shut = pytest.raises(ActStopped, match="handed over cannot be opened now")
    with shut, work_as("investigator", now=FIRST_DAY) as work:
        evidence.open_file(work, case.id, theirs.id)
    page = client_as("investigator").get(f"/office/cases/{case.id}/evidence").text
    assert f"/evidence/{ours.id}/download" in page
    assert f"/evidence/{theirs.id}/download" not in page
    assert "theirs.txt" in page
    assert "What the department handed over cannot be opened now." in page
    refused = client_as("investigator").get(f"/office/cases/{case.id}/evidence/{theirs.id}/download")
    assert refused.status_code == 409
    assert "The charter may not give this power." in refused.text


def test_the_page_shows_why_in_place_of_the_form_and_the_history_above_it(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    case = mid_case(make, with_books, "records_access")
    with work_as("investigator", now=LAST_DAY) as work:
        demand = evidence.send_demand(work, case.id, VIDEO)
    page = client_as("investigator").get(f"/office/cases/{case.id}/evidence").text
    assert f'action="/office/cases/{case.id}/evidence/demands/send"' not in page
    assert f'action="/office/cases/{case.id}/evidence/add"' in page
    assert "Nothing can be asked of the department now." in page
    assert "The state court: The charter may not give this power. (Charter 12.08)" in page
    assert "Since January 1, 2002." in page
    assert demand.number in page
    assert demand.wording in page
    assert "No longer owed" in page
    theirs = client_as("liaison").get(f"/department/demands/{demand.id}").text
    assert "/answer" not in theirs.split("<main")[1]
    assert "Nothing can be asked of the department now." in theirs


def test_what_was_typed_when_the_power_went_stays_on_the_page(
    make: Make, with_books: WithBooks, client_as: ClientAs
) -> None:
    case = mid_case(make, with_books, "records_access")
    sent = client_as("investigator").submit(
        f"/office/cases/{case.id}/evidence/demands/send", kind="body_camera", wording="All that I had typed."
    )
    assert sent.status_code == 409
    assert "All that I had typed." in sent.text
    assert "The charter may not give this power." in sent.text


def test_findings_stop_and_notes_go_on(make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs) -> None:
    case = mid_case(make, with_books, "find")
    allegation = make.allegation(case, make.officer())
    ask = RecommendFinding(disposition=make.book.findings[0].code, reasons="The video.")
    with pytest.raises(ActStopped, match=f"No finding can be made now. {WHY}"), work_as("investigator") as work:
        allegations.recommend_finding(work, allegation.id, ask)
    assert make.all(Finding) == []
    with work_as("investigator") as work:
        cases.write_note(work, case.id, WriteNote(reader="team", body="The court has ruled."))
    assert len(make.all(Note)) == 1
    page = client_as("investigator").get(f"/office/cases/{case.id}/allegations/{allegation.id}").text
    assert f"{allegation.id}/recommend" not in page


def test_a_court_suspends_a_power_and_it_resumes(make: Make, with_books: WithBooks, work_as: WorkAs) -> None:
    case = mid_case(make, with_books, "records_access", until="2002-06-01")
    with pytest.raises(ActStopped), work_as("investigator", now=datetime(2002, 5, 31, 17, 0, tzinfo=UTC)) as work:
        evidence.send_demand(work, case.id, VIDEO)
    with work_as("investigator", now=datetime(2002, 6, 1, 17, 0, tzinfo=UTC)) as work:
        assert evidence.send_demand(work, case.id, VIDEO).number


def test_frozen_cases_stand_still_by_every_door(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    case = mid_case(make, with_books, "investigate", stops="[cases, moves, demands, findings]")
    page = client_as("supervisor").get(f"/office/cases/{case.id}").text
    assert f'action="/office/cases/{case.id}/move"' not in page
    assert "Cases stand still here now." in page
    assert f'action="/office/cases/{case.id}/notes/write"' in page
    with pytest.raises(Refused, match=f"Cases stand still here now. {WHY}"), work_as("supervisor") as work:
        cases.move_case(work, case.id, MoveCase(version=1, to="supervisor_review", reason=""))
    answer = client_as("supervisor").get("/office/cases")
    assert answer.status_code == 200
    assert case.number in answer.text


def test_a_correction_of_the_same_version_counts_from_the_moment_it_is_read(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    """The same day with other bytes: what may be done is asked of the bytes in the folder today."""
    before = book()
    with_books([before])
    case = make.case(policy_id=before.policy_id)
    with_books([book(lost=("records_access",))])
    with pytest.raises(ActStopped), work_as("investigator", now=FIRST_DAY) as work:
        evidence.send_demand(work, case.id, VIDEO)
    with work_as("investigator", now=FIRST_DAY) as work:
        assert work.policies.named(case.policy_id).policy_id == before.policy_id
