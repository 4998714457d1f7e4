"""The tab of milestones, what the case page and the next steps say of them, the filer's page, and the API."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from app.cases import actions
from app.cases.commands import RecordMilestone
from app.cases.records import Case, MilestoneRecord
from app.policy.loader import Rulebooks
from tests.cases.test_api import api  # noqa: F401 - a fixture
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_pages import Filer, file, filing_of
from tests.make import Make

pytestmark = pytest.mark.usefixtures("book")


def record(make: Make, work_as: WorkAs, case: Case, role: str, code: str, days_ago: int = 0, **given: Any) -> None:
    on = make.today - timedelta(days=days_ago)
    ask = {"milestone": code, "happened_on": on, "proof": "The stamped copy."} | given
    with work_as(role) as work:
        actions.record_milestone(work, case.id, RecordMilestone.model_validate(ask))


def page_of(client: Any, case: Case, query: str = "") -> str:
    answer = client.get(f"/office/cases/{case.id}/milestones{query}")
    assert answer.status_code == 200
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    return unescape(answer.text)


def test_each_milestone_stands_with_its_law_whose_it_is_its_clocks_and_who_may_record_it(
    client_as: ClientAs, make: Make
) -> None:
    page = page_of(client_as("investigator"), make.case(origin="import", stage="open"))
    for words in (
        "The chief was told in writing",
        "Charter 12.31",
        "This office",
        "starts The chief answers",
        "stops Tell the chief",
        "The next step waits for it",
        "By supervisor.",
        "filed with:",
    ):
        assert words in page
    assert "?milestone=chief_told#record" in page
    assert "?milestone=papers_served#record" not in page


def test_one_is_put_on_file_without_script_and_shown_with_its_proof(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(origin="import"), client_as("investigator")
    assert 'name="happened_on"' not in page_of(client, case)
    assert 'name="happened_on"' in page_of(client, case, "?milestone=chief_told")
    kept = client.submit(
        f"/office/cases/{case.id}/milestones/record",
        milestone="chief_told",
        happened_on="2026-03-12",
        proof="Her letter, stamped.",
    )
    assert kept.status_code == 303
    page = page_of(client, case)
    assert "Her letter, stamped." in page
    assert "Mar 12, 2026" in page
    assert "Put on file: The chief was told in writing, on March 12, 2026." in unescape(
        client.get(f"/office/cases/{case.id}").text
    )


def test_a_correction_shows_what_stood_there_and_why_it_was_wrong(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(origin="import"), client_as("investigator")
    home = f"/office/cases/{case.id}/milestones"
    client.submit(f"{home}/record", milestone="chief_told", happened_on="2026-03-12", proof="Her letter.")
    (first,) = make.all(MilestoneRecord)
    form = page_of(client, case, f"?corrects_id={first.id}")
    assert "Correct: The chief was told in writing" in form
    assert 'value="2026-03-12"' in form
    fields = {"milestone": "chief_told", "corrects_id": str(first.id), "happened_on": "2026-03-10", "proof": "Stamp."}
    refused = client.submit(f"{home}/record", **fields)
    assert refused.status_code == 422
    assert "Say why the day on file was wrong" in refused.text
    assert 'value="2026-03-10"' in refused.text
    assert client.submit(f"{home}/record", **fields, reason="The stamp says the tenth.").status_code == 303
    page = page_of(client, case)
    for words in ("Mar 10, 2026", "<del>Mar 12, 2026</del>", "Why it was wrong: The stamp says the tenth."):
        assert words in page
    again = client.submit(f"{home}/record", **fields, reason="Once more.")
    assert again.status_code == 409
    assert "Somebody else changed this" in again.text


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"happened_on": ""}, "Please answer this."),
        ({"happened_on": "2026-02-29"}, "Kept words"),
        ({"happened_on": "tomorrow"}, "Kept words"),
        ({"happened_on": "2999-12-31"}, "This day has not come yet"),
        ({"happened_on": "2025-12-31"}, "before the incident"),
        ({"proof": ""}, "Please answer this."),
        ({"proof": "x" * 4001}, "too long"),
        ({"proof": "a\x00b"}, "There is a problem"),
        ({"milestone": "nonsense"}, "Choose a milestone of the rulebook."),
        ({"officer_id": "x"}, "Choose one of the list."),
        ({"evidence_id": "00000000-0000-4000-8000-000000000000"}, "Choose a file of this case."),
        ({"color": "red"}, "does not know this field"),
    ],
)
def test_bad_input_comes_back_with_its_words_and_puts_nothing_on_file(
    client_as: ClientAs, make: Make, changed: dict[str, str], kept: str
) -> None:
    case = make.case(origin="import", incident_date=date(2026, 1, 1), incident_precision="day")
    fields = {"milestone": "chief_told", "happened_on": "2026-03-12", "proof": "Kept words"} | changed
    answer = client_as("investigator").submit(f"/office/cases/{case.id}/milestones/record", **fields)
    assert answer.status_code == 422
    assert kept in unescape(answer.text)
    assert make.all(MilestoneRecord) == []


def test_every_script_and_emoji_in_a_proof_is_kept_as_written(client_as: ClientAs, make: Make) -> None:
    case, words = make.case(), "Carta sellada 你好 👩🏽‍⚖️ שלום"
    client_as("investigator").submit(
        f"/office/cases/{case.id}/milestones/record", milestone="chief_told", happened_on="2026-03-12", proof=words
    )
    assert [row.proof for row in make.all(MilestoneRecord)] == [words]


def test_the_next_step_says_what_is_missing_beside_its_button_and_in_the_refusal(
    client_as: ClientAs, make: Make
) -> None:
    lead = make.actor("investigator")
    case, client = make.case(origin="import", stage="open", lead_id=lead.id), client_as("investigator")
    missing = "“The chief was told in writing” must be on file first."
    page = unescape(client.get(f"/office/cases/{case.id}").text)
    assert re.search(r"<button[^>]+disabled[^>]*>[^<]*Start the investigation", page)
    assert missing in page
    refused = client.submit(f"/office/cases/{case.id}/move", version="1", to="investigating")
    assert refused.status_code == 409
    assert missing in unescape(refused.text)


def test_an_informal_case_says_so_with_both_days_and_the_law(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="screening", anonymity="named", received_on=date(2026, 3, 2), classification="investigation")
    client = client_as("intake")
    page = unescape(client.get(f"/office/cases/{case.id}").text)
    for words in ("Informal for now", "“The complaint was signed” is not on file", "March 2, 2026", "Charter 12.07(e)"):
        assert words in page
    record(make, work_as, case, "intake", "statement_signed", 1)
    page = unescape(client.get(f"/office/cases/{case.id}").text)
    assert "Informal for now" not in page
    assert re.search(r"Made formal.*March 15, 2026", page, re.DOTALL)


def test_complete_and_final_stand_on_the_case_page_with_their_law(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    case, officer = make.case(origin="import"), make.officer(last_name="Reyes")
    make.allegation(case, officer)
    record(make, work_as, case, "supervisor", "papers_served", 5, officer_id=officer.id)
    page = unescape(client_as("analyst").get(f"/office/cases/{case.id}").text)
    assert re.search(r"Reyes.*Complete under the law.*March 11, 2026.*Final.*Not yet.*Charter 12\.35", page, re.DOTALL)


def test_a_reader_without_verbs_sees_the_days_and_no_form(client_as: ClientAs, make: Make) -> None:
    page = page_of(client_as("analyst"), make.case(origin="import"), "?milestone=chief_told")
    assert "The chief was told in writing" in page
    assert 'name="happened_on"' not in page
    assert "#record" not in page


def test_a_rulebook_without_milestones_has_no_tab(client_as: ClientAs, make: Make, policies: Rulebooks) -> None:
    bare = next(book for book in policies.books if not book.milestones and book.id == "riverbend")
    object.__setattr__(make.house, "policies", Rulebooks([bare]))
    assert "/milestones" not in client_as("investigator").get(f"/office/cases/{make.case().id}").text


def test_a_case_behind_a_wall_shows_no_milestones(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    make.wall(case, make.actor("investigator"))
    assert client_as("investigator").get(f"/office/cases/{case.id}/milestones").status_code == 404


@pytest.mark.parametrize(
    ("language", "waits", "needed", "formal"),
    [
        ("en", "Your complaint is informal", "We need your signature", "It became formal"),
        ("es", "Su queja es informal", "Necesitamos su firma", "Pasó a ser formal"),
    ],
)
def test_the_filer_reads_what_is_needed_and_then_both_days(
    client_as: ClientAs, make: Make, work_as: WorkAs, language: str, waits: str, needed: str, formal: str
) -> None:
    named: dict[str, Any] = {
        "anonymity": "named",
        "language": language,
        "filer": {"relationship": "self", "name": "Ana", "phone": "5"},
    }
    filer = Filer(client_as(), file(make, work_as, **named).passphrase.words)
    assert waits in filer.text
    assert needed in filer.text
    case = make.case(anonymity="named", stage="screening")
    with make.owner() as session:
        session.get_one(type(filing_of(make)), filing_of(make).id).case_id = case.id
        session.commit()
    assert needed in filer.text
    record(make, work_as, case, "intake", "statement_signed", 1)
    record(make, work_as, case, "investigator", "chief_told")
    page = filer.text
    assert formal in page
    assert waits not in page
    assert ("March 15, 2026" if language == "en" else "15 de marzo de 2026") in page


def test_a_filer_without_a_name_is_told_that_it_stays_informal(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    filer = Filer(client_as(), file(make, work_as).passphrase.words)
    assert "stays informal" in filer.text
    assert "signature" not in filer.text


def test_the_api_records_and_lists_what_is_on_file(api: Any, make: Make) -> None:  # noqa: F811
    case = make.case()
    body = {"milestone": "chief_told", "happened_on": "2026-03-12", "proof": "Her letter."}
    kept = api("investigator").post(f"/api/v1/cases/{case.id}/milestones/record", json=body)
    assert kept.status_code == 201
    again = api("investigator").post(f"/api/v1/cases/{case.id}/milestones/record", json=body)
    assert again.status_code == 409
    assert "on file already" in again.json()["detail"]
    right = body | {"happened_on": "2026-03-11", "corrects_id": kept.json()["id"], "reason": "The stamp."}
    assert api("investigator").post(f"/api/v1/cases/{case.id}/milestones/record", json=right).status_code == 201
    assert api("supervisor").post(f"/api/v1/cases/{case.id}/milestones/record", json={}).status_code == 422
    assert api("analyst").post(f"/api/v1/cases/{case.id}/milestones/record", json=body).status_code == 403
    items = api("analyst").get(f"/api/v1/cases/{case.id}/milestones").json()["items"]
    assert [(each["happened_on"], each["superseded_at"] is None) for each in items] == [
        ("2026-03-12", False),
        ("2026-03-11", True),
    ]
