"""Intake's own pages: what waits, one filing, screening, the sealed identity, and words to the filer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.access.actor import Actor
from app.access.permissions import Role
from app.audit.records import JournalEntry
from app.cases.records import Case
from app.correspondence.records import Letter, Message
from app.infra.db import Door
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.intake.queries import PAGE
from app.intake.records import Filing
from tests.conftest import ClientAs, WorkAs
from tests.make import Make


def filed(make: Make, work_as: WorkAs, key: str = "k1", **changed: Any) -> Filing:
    body = {
        "language": "en",
        "anonymity": "named",
        "filer": {"relationship": "self", "name": "Ada Sample", "email": "ada@example.org"},
        "incident": {"date": "2026-03-01", "location": "Oak Street", "narrative": "He shouted at me."},
        "officers": [{"badge": "1234", "description": "Tall"}],
    }
    anyone = Actor.anyone(Door.RESIDENT, make.house.access.of(frozenset({Role.ANYONE})))
    with work_as(anyone) as work:
        number = submit_filing(work, SubmitFiling.model_validate(body | changed), repeat_key=key).number
    filing: Filing = make.all(Filing, number=number)[0]
    return filing


def screened(**changed: str) -> dict[str, str]:
    return {"version": "1", "classification": "investigation", "department_id": "rpd"} | changed


def test_what_waits_is_listed_the_oldest_first_with_its_days(client_as: ClientAs, make: Make) -> None:
    with make.owner() as session:
        now = session.execute(select(func.now())).scalar_one()
    make.filing(number="F-NEW", received_at=now - timedelta(days=1))
    make.filing(number="F-OLD", received_at=now - timedelta(days=9))
    make.filing(number="F-DONE", screened_at=make.now)
    page = client_as("intake").get("/office/filings").text
    assert page.index("F-OLD") < page.index("F-NEW")
    # Days of the calendar: where the clocks were set back in between, 216 hours may begin a day earlier.
    today, then = (moment.astimezone(make.house.zone).date() for moment in (now, now - timedelta(days=9)))
    assert f">{(today - then).days} days<" in page.replace("\n", "")
    assert "F-DONE" not in page


def test_the_list_turns_by_key_and_shows_each_filing_once(client_as: ClientAs, make: Make) -> None:
    for number in range(PAGE + 3):
        make.filing(number=f"F-{number:03}", received_at=make.now - timedelta(minutes=number))
    client = client_as("intake")
    first = client.get("/office/filings").text
    following = first.split('href="/office/filings?cursor=')[1].split('"')[0]
    second = client.get(f"/office/filings?cursor={following}").text
    assert [first.count(f">F-{n:03}<") + second.count(f">F-{n:03}<") for n in range(PAGE + 3)] == [1] * (PAGE + 3)
    assert client.get("/office/filings?cursor=rubbish").status_code == 422


def test_a_filing_is_shown_as_said_and_its_opening_is_journalled(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    filing = filed(make, work_as)
    page = client_as("intake").get(f"/office/filings/{filing.id}").text
    assert "He shouted at me." in page
    assert "Tall" in page
    assert "Ada Sample" not in page
    assert make.tags()[-1] == "intake:filing:opened"


def test_the_identity_opens_for_a_reason_and_the_opening_stands_in_the_journal(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    filing = filed(make, work_as)
    client = client_as("intake")
    refused = client.submit(f"/office/filings/{filing.id}/identity/open")
    assert refused.status_code == 422
    assert "Ada Sample" not in refused.text
    opened = client.submit(f"/office/filings/{filing.id}/identity/open", reason="contact")
    assert "Ada Sample" in opened.text
    assert "people:identity:opened" in make.tags()
    assert not any(b"Ada" in entry.body for entry in make.all(JournalEntry))
    assert "Ada Sample" not in client.get(f"/office/filings/{filing.id}").text


@pytest.mark.parametrize("role", ["counsel"])
def test_who_may_not_open_identities_sees_no_button(
    client_as: ClientAs, make: Make, work_as: WorkAs, role: str
) -> None:
    filing = filed(make, work_as)
    client = client_as(role)
    assert "Open the identity" not in client.get(f"/office/filings/{filing.id}").text
    assert client.submit(f"/office/filings/{filing.id}/identity/open", reason="contact").status_code == 403


@pytest.mark.parametrize("role", ["auditor", "administrator", "analyst"])
def test_who_may_not_read_filings_gets_none(client_as: ClientAs, make: Make, role: str) -> None:
    filing = make.filing()
    client = client_as(role)
    assert client.get("/office/filings").status_code == 403
    assert client.get(f"/office/filings/{filing.id}").status_code == 403


def test_screening_makes_a_case(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filing = filed(make, work_as)
    client = client_as("intake")
    assert client.submit(f"/office/filings/{filing.id}/screen", **screened()).status_code == 303
    (case,) = make.all(Case)
    assert case.classification == "investigation"
    assert "Open the case" in client.get(f"/office/filings/{filing.id}").text
    again = client.submit(f"/office/filings/{filing.id}/screen", **screened(version="2"))
    assert again.status_code == 409
    assert len(make.all(Case)) == 1


WRONG = {
    "nothing chosen": ({"classification": ""}, "classification"),
    "a word of no rulebook": ({"classification": "nonsense"}, "classification"),
    "a department of nowhere": ({"department_id": "mars"}, "department_id"),
    "a category of no rulebook": ({"category": "nonsense"}, "category"),
    "a case that was not offered": ({"duplicate_of": str(uuid4())}, "duplicate_of"),
    "a case that is no id": ({"duplicate_of": "x"}, "duplicate_of"),
    "urgent without a reason": ({"classification": "urgent"}, "reason"),
    "a reason with NUL": ({"reason": "a\x00"}, "reason"),
}


@pytest.mark.parametrize(("changed", "field"), WRONG.values(), ids=WRONG.keys())
def test_a_screening_that_cannot_be_is_told_and_kept(
    client_as: ClientAs, make: Make, work_as: WorkAs, changed: dict[str, str], field: str
) -> None:
    filing = filed(make, work_as)
    refused = client_as("intake").submit(f"/office/filings/{filing.id}/screen", **screened(**changed))
    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text
    assert make.all(Case) == []


def test_a_stale_screening_is_refused_and_its_words_are_kept(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filing = filed(make, work_as)
    refused = client_as("intake").submit(
        f"/office/filings/{filing.id}/screen", **screened(version="7", reason="My careful reason.")
    )
    assert refused.status_code == 409
    assert "My careful reason." in refused.text


def test_a_second_filing_about_the_same_officer_can_join_the_first_case(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    first, second = filed(make, work_as), filed(make, work_as, key="k2")
    client = client_as("intake")
    client.submit(f"/office/filings/{first.id}/screen", **screened())
    (case,) = make.all(Case)
    page = client.get(f"/office/filings/{second.id}").text
    assert first.number in page
    joined = client.submit(f"/office/filings/{second.id}/screen", **screened(duplicate_of=str(case.id)))
    assert joined.status_code == 303
    assert {filing.case_id for filing in make.all(Filing)} == {case.id}


def test_a_message_to_the_filer_shows_the_title_and_whether_it_was_read(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    filing = filed(make, work_as)
    client = client_as("intake")
    sent = client.submit(f"/office/filings/{filing.id}/messages/send", body="When can we call you?")
    assert sent.status_code == 303
    (message,) = make.all(Message)
    assert (message.sender_title, message.is_from_filer) == ("Intake", False)
    assert "not read yet" in client.get(f"/office/filings/{filing.id}").text
    assert client.submit(f"/office/filings/{filing.id}/messages/send", body=" ").status_code == 422


def test_an_update_letter_is_written_once_pressed(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filing = filed(make, work_as, language="es")
    client = client_as("intake")
    assert client.submit(f"/office/filings/{filing.id}/letters/update").status_code == 303
    (letter,) = make.all(Letter)
    assert letter.language == "es"
    assert make.book.first_stage.public_text.to("es") in letter.body
    assert "Ada" not in letter.body


def test_the_case_page_has_the_filers_words(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filing = filed(make, work_as)
    client = client_as("intake")
    client.submit(f"/office/filings/{filing.id}/screen", **screened())
    client.submit(f"/office/filings/{filing.id}/messages/send", body="When can we call you?")
    (case,) = make.all(Case)
    assert "When can we call you?" in client.get(f"/office/cases/{case.id}/messages").text
    assert f"/office/cases/{case.id}/messages" in client.get(f"/office/cases/{case.id}").text


def test_who_sends_a_complaint_another_way_is_told_on_the_list(client_as: ClientAs) -> None:
    assert "The complaint goes another way now." in client_as("intake").get("/office/filings?done=another-way").text
