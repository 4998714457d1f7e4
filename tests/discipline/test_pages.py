"""The case's line of who said what, and the department's door, in the browser."""

import re
from datetime import date
from uuid import uuid4

import pytest

from app.allegations.records import Finding
from app.correspondence.records import Letter
from app.discipline.records import Recommendation
from tests.conftest import ClientAs
from tests.discipline.conftest import Sustained
from tests.make import Make


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


def test_the_tab_shows_every_voice_and_takes_a_recommendation(
    sustained: Sustained, make: Make, client_as: ClientAs
) -> None:
    client = client_as("director")
    path = f"/office/cases/{sustained.case.id}/discipline"
    form = {"allegation_id": str(sustained.allegation.id), "measure": "suspension_short", "reasons": "Twice before."}
    assert client.submit(f"{path}/recommend", **form).status_code == 303
    page = client.get(path).text
    for expected in (
        "Investigator",
        "Supervisor",
        "Commission",
        "Department",
        "Suspension up to 5 days",
        "Twice before.",
    ):
        assert expected in page
    assert len(ids(page)) == len(set(ids(page)))
    assert client.submit(f"{path}/recommend", **form).status_code == 409
    assert len(make.all(Recommendation)) == 1


def test_the_page_says_that_no_answer_came_and_closes_past_it(
    sustained: Sustained, make: Make, client_as: ClientAs
) -> None:
    sustained.sent(due_on=date(2026, 3, 10))
    client, home = client_as("director"), f"/office/cases/{sustained.case.id}"
    lines = client.get(f"{home}/discipline").text
    assert "No answer" in lines
    assert "was due Mar 10, 2026" in lines
    assert make.book.discipline.silence.to("en") in lines.replace("&#39;", "'")
    way = next(move for move in make.book.moves_from(sustained.case.stage) if "answer_lapsed" in move.only_if)
    assert way.label.to("en") in client.get(home).text.replace("&#39;", "'")
    assert client.submit(f"{home}/move", version="1", to=way.to).status_code == 303
    page = client.get(home).text
    assert make.book.stage(way.to).label.to("en") in page
    assert "Send the findings to the department" not in page
    assert len(ids(page)) == len(set(ids(page)))


def test_an_investigator_reads_the_tab_and_recommends_nothing(sustained: Sustained, client_as: ClientAs) -> None:
    client = client_as("investigator")
    path = f"/office/cases/{sustained.case.id}/discipline"
    assert "Recommend discipline" not in client.get(path).text
    assert client.submit(f"{path}/recommend", allegation_id=str(sustained.allegation.id)).status_code == 403


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 303),
        ({"answer": "disagree", "imposed": "", "reasons": "The stop was lawful. 🚓"}, 303),
        ({"answer": "disagree", "imposed": ""}, 422),
        ({"answer": ""}, 422),
        ({"answer": "a" * 81}, 422),
        ({"answer": "agree\x00"}, 422),
        ({"imposed": "flogging"}, 422),
        ({"reasons": "x" * 20_001}, 422),
        ({"version": "two"}, 422),
        ({"version": "9"}, 409),
    ],
)
def test_an_answer_is_kept_or_comes_back_with_what_was_typed(
    sustained: Sustained, make: Make, client_as: ClientAs, changed: dict[str, str], status: int
) -> None:
    sent = sustained.sent()
    good = {"version": "1", "answer": "agree", "imposed": "training", "reasons": ""}
    client = client_as("liaison")
    got = client.submit(f"/department/recommendations/{sent.id}/answer", **(good | changed))
    assert got.status_code == status
    (kept,) = make.all(Recommendation)
    assert (kept.answered_on is not None) is (status == 303)
    if status != 303 and len(changed.get("reasons", "")) < 100:
        assert changed.get("reasons", "") in got.text


def test_the_department_s_pages_show_the_recommendation_and_no_word_of_the_complaint(
    sustained: Sustained, client_as: ClientAs
) -> None:
    sent = sustained.sent()
    client = client_as("liaison")
    for path in ("/department/recommendations", f"/department/recommendations/{sent.id}"):
        page = client.get(path).text
        assert sent.number in page
        assert "Rivers" in page
        assert "A traffic stop." not in page
        assert len(ids(page)) == len(set(ids(page)))


def test_the_letter_with_the_findings_is_read_and_its_reading_kept(
    sustained: Sustained, make: Make, client_as: ClientAs
) -> None:
    letter = make.row(
        Letter(
            id=uuid4(),
            case_id=sustained.case.id,
            filing_id=None,
            kind="findings_to_department",
            language="en",
            addressee=sustained.case.department_id,
            subject="Findings for your answer",
            body="The commission found:",
            written_at=make.now,
        )
    )
    client = client_as("liaison")
    assert "Findings for your answer" in client.get("/department/recommendations").text
    assert "The commission found:" in client.get(f"/department/recommendations/letters/{letter.id}").text
    assert make.tags() == ["discipline:findings:opened"]


@pytest.mark.parametrize("role", ["investigator", "commissioner", "secretary", "intake"])
def test_the_department_s_door_is_shut_to_others(sustained: Sustained, client_as: ClientAs, role: str) -> None:
    assert client_as(role).get("/department/recommendations").status_code == 403


def test_findings_of_the_case_are_not_changed_by_reading(sustained: Sustained, make: Make, client_as: ClientAs) -> None:
    before = len(make.all(Finding))
    client_as("director").get(f"/office/cases/{sustained.case.id}/discipline")
    assert len(make.all(Finding)) == before
