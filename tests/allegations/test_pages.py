"""The pages of allegations: side by side, nothing typed lost, and nobody asked who may not."""

import re

import pytest

from app.allegations.records import Allegation, Finding
from tests.conftest import ClientAs
from tests.make import Make


def test_the_lives_stand_side_by_side_with_what_was_set_aside(client_as: ClientAs, make: Make) -> None:
    case, officer = make.case(stage="supervisor_review"), make.officer(last_name="Quill", badge="77")
    allegation = make.allegation(case, officer)
    make.finding(allegation, disposition="unfounded", superseded_at=make.now, reasons="First thought.")
    make.finding(allegation, disposition="sustained", reasons="The video.")
    page = client_as("supervisor").get(f"/office/cases/{case.id}/allegations").text
    assert "Quill, Officer (badge 77)" in page
    assert "was Unfounded" in page
    one = client_as("supervisor").get(f"/office/cases/{case.id}/allegations/{allegation.id}").text
    assert "First thought." in one
    assert "Standard: more likely than not" not in one  # this finding was made without a standard
    assert "Your review" in one


def test_an_officer_is_found_in_the_roster_and_the_allegation_stated(client_as: ClientAs, make: Make) -> None:
    case, officer = make.case(), make.officer(last_name="Quill", sort_name="quill officer", badge="77")
    other = make.book.departments[1]
    make.officer(last_name="Quillon", sort_name="quillon x", department_id=other.code)
    make.officer(last_name="Quillham", sort_name="quillham x", department_id="harbor")
    client, address = client_as("investigator"), f"/office/cases/{case.id}/allegations"
    page = client.get(address, params={"officer": "quill"}).text
    assert str(officer.id) in page
    assert re.search(f"Quillon[^<]*, {other.label.to('en')}", page)
    assert "Quillham" not in page
    assert f'<option value="{other.code}"' in page
    stated = client.submit(f"{address}/state", category="arrest", officer_id=str(officer.id), wording="Too hard.")
    assert stated.status_code == 303
    assert "Arrest or summons" in client.get(address).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"category": "", "description": "tall", "wording": "Kept words"}, "Please answer this."),
        ({"category": "arrest", "officer_id": "me", "wording": "Kept words"}, "Choose one of the list."),
        ({"category": "arrest", "description": "x" * 1001, "wording": "Kept words"}, "too long"),
        ({"category": "arrest", "description": "a\x00b", "wording": "Kept words"}, "There is a problem"),
        ({"category": "nonsense", "description": "🚓", "wording": "Kept words"}, "Choose one of the list."),
    ],
)
def test_bad_input_comes_back_with_its_words_and_changes_nothing(
    client_as: ClientAs, make: Make, fields: dict[str, str], words: str
) -> None:
    case = make.case()
    answer = client_as("investigator").submit(f"/office/cases/{case.id}/allegations/state", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words" in answer.text
    assert make.all(Allegation) == []


def test_a_finding_without_reasons_comes_back_and_with_them_is_kept(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    allegation = make.allegation(case)
    client, address = client_as("investigator"), f"/office/cases/{case.id}/allegations/{allegation.id}"
    assert client.submit(f"{address}/recommend", disposition="sustained", reasons=" ").status_code == 422
    assert client.submit(f"{address}/recommend", disposition="sustained", reasons="A video.").status_code == 303
    assert [row.reasons for row in make.all(Finding)] == ["A video."]
    assert client.submit(f"{address}/review", agrees="yes").status_code == 403


def test_an_allegation_of_another_case_is_not_shown_under_this_one(client_as: ClientAs, make: Make) -> None:
    case, other = make.case(), make.case()
    allegation = make.allegation(other)
    assert client_as("investigator").get(f"/office/cases/{case.id}/allegations/{allegation.id}").status_code == 404


def test_an_unknown_officer_is_named_on_a_page_of_its_own(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    unknown = make.officer(last_name="", sort_name="", is_unknown=True, description="Car 14")
    known = make.officer(last_name="Quill", sort_name="quill officer")
    make.allegation(case, unknown)
    client, address = client_as("investigator"), f"/office/cases/{case.id}/officers/{unknown.id}/identify"
    assert "Car 14" in client.get(address).text
    assert str(known.id) in client.get(address, params={"officer": "Quill"}).text
    assert client.submit(address, officer_id="").status_code == 422
    assert client.submit(address, officer_id=str(known.id)).status_code == 303
    assert make.all(Allegation)[0].officer_id == known.id


def test_marks_that_turn_the_reading_direction_are_taken_out(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    client_as("investigator").submit(
        f"/office/cases/{case.id}/allegations/state", category="arrest", description="car \u202e14", wording="\u202ea"
    )
    assert [row.wording for row in make.all(Allegation)] == ["a"]
