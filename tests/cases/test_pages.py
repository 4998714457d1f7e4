"""The queue and the case page, through the door."""

from tests.conftest import ClientAs
from tests.make import Make


def test_the_queue_shows_what_is_due_first(client_as: ClientAs, make: Make) -> None:
    make.case(number="2026-LATER", due_on=make.today.replace(day=28))
    make.case(number="2026-SOON", due_on=make.today.replace(day=20))
    page = client_as("investigator").get("/office/cases").text
    assert page.index("2026-SOON") < page.index("2026-LATER")


def test_a_note_is_written_and_shown_and_an_empty_one_comes_back(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    client = client_as("investigator")
    assert (
        client.submit(f"/office/cases/{case.id}/notes/write", reader="team", body="Called the shop.").status_code == 303
    )
    assert "Called the shop." in client.get(f"/office/cases/{case.id}").text
    refused = client.submit(f"/office/cases/{case.id}/notes/write", reader="team", body="")
    assert refused.status_code == 422
    assert "Please answer this." in refused.text


def test_without_the_token_nothing_is_written(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    client = client_as("investigator")
    refused = client.post(f"/office/cases/{case.id}/notes/write", data={"reader": "team", "body": "x"})
    assert refused.status_code == 403
