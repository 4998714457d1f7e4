"""The roster: found by name or badge, page by page; one officer with only the cases that the reader may see."""

import pytest

from app.people import queries
from app.people.records import Posting
from tests.conftest import ClientAs, WorkAs
from tests.make import Make


def test_the_roster_is_found_by_the_beginning_of_a_name_or_a_whole_badge(client_as: ClientAs, make: Make) -> None:
    make.officer(last_name="Quill", sort_name="quill ada", badge="77")
    make.officer(last_name="Vane", sort_name="vane otis", badge="4410")
    client = client_as("investigator")
    assert "Vane" not in client.get("/office/officers?q=Qu").text
    assert "Quill" not in client.get("/office/officers?q=4410").text
    assert "Vane" in client.get("/office/officers?q=4410").text
    assert "Nobody on the roster" in client.get("/office/officers?q=%25").text


def test_page_by_page_every_officer_comes_once(make: Make, work_as: WorkAs) -> None:
    for number in range(queries.AT_MOST + 7):
        make.officer(sort_name=f"sample {number // 2:03}")
    with work_as("investigator") as work:
        first = queries.list_officers(work)[: queries.AT_MOST]
        rest = queries.list_officers(work, "", queries.after(queries.cursor_of(first[-1])))
    assert len({officer.id for officer in [*first, *rest]}) == queries.AT_MOST + 7


@pytest.mark.parametrize("cursor", ["?", "AAAA", "é"])
def test_a_mark_that_is_none_is_refused(client_as: ClientAs, cursor: str) -> None:
    assert client_as("investigator").get("/office/officers", params={"cursor": cursor}).status_code == 422


def test_an_officers_page_shows_postings_and_only_cases_the_reader_may_see(client_as: ClientAs, make: Make) -> None:
    officer, other = make.officer(last_name="Quill"), make.officer(last_name="Vane", badge="4410")
    open_case, walled = make.case(number="SEEN-1"), make.case(number="UNSEEN-1")
    for case in (open_case, walled):
        make.allegation(case, officer)
    make.allegation(walled, other, position=2)
    make.row(Posting(id=officer.id, officer_id=officer.id, unit="Harbor Patrol"))
    make.wall(walled, make.actor("investigator"))
    page = client_as("investigator").get(f"/office/officers/{officer.id}").text
    assert "Harbor Patrol" in page
    assert "SEEN-1" in page
    assert "UNSEEN-1" not in page.replace("SEEN-1</a>", "")
    assert "Vane" not in page
    assert "Vane" in client_as("supervisor").get(f"/office/officers/{officer.id}").text


def test_an_identified_officer_leads_to_the_known_one(client_as: ClientAs, make: Make) -> None:
    known = make.officer(last_name="Quill", badge="77")
    unknown = make.officer(last_name="", is_unknown=True, description="Car 14", known_as_id=known.id)
    assert f"/office/officers/{known.id}" in client_as("investigator").get(f"/office/officers/{unknown.id}").text


def test_who_may_not_look_into_the_roster_is_refused(client_as: ClientAs, make: Make) -> None:
    assert client_as("administrator").get("/office/officers").status_code == 403
    assert client_as("investigator").get(f"/office/officers/{make.case().id}").status_code == 404
