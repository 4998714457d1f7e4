"""The ruling of April 29, 2025, told with the two rulebooks of that city, through the doors of the house."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from app.cases.records import Case
from app.config import PROJECT
from app.evidence import actions as evidence
from app.evidence import queries as found
from app.evidence.commands import SendDemand
from app.evidence.records import Demand
from app.intake import letters
from app.kernel.errors import Refused
from app.policy.acting import ActStopped
from app.policy.loader import Rulebooks
from app.policy.model.powers import Act
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.powers.conftest import WithBooks

AGENCY = "rochester-pab"
EVE = datetime(2025, 4, 28, 16, 0, tzinfo=UTC)
DAY = datetime(2025, 4, 29, 16, 0, tzinfo=UTC)
COURT = "The State Supreme Court, in its ruling of April 29, 2025"


@pytest.fixture
def case(make: Make, with_books: WithBooks) -> Case:
    """One that was under investigation on the eve of the ruling."""
    books = Rulebooks.load(PROJECT / "policies").of(AGENCY)
    assert [each.effective_from for each in books] == [date(2022, 6, 20), date(2025, 4, 29)]
    with_books(books)
    stage = next(each.code for each in books[0].stages if each.phase == "investigation")
    return make.case(policy_id=books[0].policy_id, stage=stage, opened_on=EVE.date(), received_on=EVE.date())


def open_demand(make: Make, case: Case) -> UUID:
    """Written as it was: what the rulebook's clocks for demands say was not found."""
    return make.row(
        Demand(
            id=uuid4(),
            case_id=case.id,
            department_id=case.department_id,
            number="D-2025-1",
            kind="records",
            wording="The reports of that night.",
            sent_on=EVE.date(),
            due_on=date(2025, 5, 28),
            answer_wording="",
            version=1,
        )
    ).id


def test_everything_the_ruling_took_stops_on_its_day_with_the_court_s_name(
    case: Case, work_as: WorkAs, make: Make
) -> None:
    taken = [Act.MOVES, Act.CLOCKS, Act.CASES, Act.DEMANDS, Act.SUBPOENAS, Act.DEPARTMENT_FILES, Act.INTERVIEWS]
    taken += [Act.FINDINGS, Act.VOTES, Act.DISCIPLINE]
    with work_as("investigator", now=EVE) as work:
        stops = {act for act in taken if work.stop_of(act)}
        assert stops <= {Act.CASES}  # that rulebook is a draft, and opens no case in a house
    with work_as("investigator", now=DAY) as work:
        for act in taken:
            stop = work.stop_of(act)
            assert stop is not None
            assert COURT in stop.words
            assert "Ruling of April 29, 2025" in stop.words
            assert stop.since == date(2025, 4, 29)
        assert work.stop_of(Act.RECOMMENDATIONS) is None
        assert work.stop_of(Act.LETTERS) is None
        assert work.policies.named(case.policy_id).effective_from == date(2022, 6, 20)


def test_an_open_demand_is_kept_and_owed_no_more(case: Case, make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    open_demand(make, case)
    with pytest.raises(ActStopped, match=COURT), work_as("investigator", now=DAY) as work:
        evidence.send_demand(work, case.id, SendDemand(kind="records", wording="More."))
    with work_as("investigator", now=DAY) as work:
        assert found.no_open_demand(work, case.id)
    page = client_as("investigator").get(f"/office/cases/{case.id}/evidence").text
    assert "The reports of that night." in page
    assert "No longer owed" in page
    assert COURT in page


def test_the_case_is_read_in_the_words_of_its_own_version_and_stands_still(
    case: Case, make: Make, client_as: ClientAs
) -> None:
    page = client_as("supervisor").get(f"/office/cases/{case.id}")
    assert page.status_code == 200
    assert "Cases stand still here now." in page.text
    assert "Open cases stand still; everything in them is kept." in page.text
    assert f'action="/office/cases/{case.id}/move"' not in page.text
    assert f'action="/office/cases/{case.id}/notes/write"' in page.text
    assert client_as("supervisor").get("/office/cases").status_code == 200
    answer = client_as("supervisor").submit(
        f"/office/cases/{case.id}/move", version="1", to="before_board", reason="It is ready."
    )
    assert answer.status_code == 409
    assert COURT in answer.text


def test_the_resident_is_told_what_happened_and_what_becomes_of_the_complaint(
    case: Case, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    filing = make.filing(case_id=case.id, screened_at=EVE, policy_id=case.policy_id)
    with work_as("investigator", now=EVE) as work:
        before = letters.told_status(work, filing)
    with work_as("investigator", now=DAY) as work:
        after = letters.told_status(work, filing)
    assert before.halted is None
    assert before.next
    assert after.stage == "Your case stands still"
    assert COURT in after.text
    assert "Nothing in them is thrown away." in after.text
    assert "Nothing that you told us is lost." in after.text
    assert (after.next, after.next_by) == (None, None)
    with work_as("investigator", now=DAY) as work, pytest.raises(Refused, match=COURT):
        work.check_act(Act.CASES)
