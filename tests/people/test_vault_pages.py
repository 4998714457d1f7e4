"""The pages of the vault: looking up, who used it, a hold, an erasure; and what the filer sees of it."""

import time

import pytest

from app.access.actor import Actor
from app.access.records import SecondHalf
from app.access.tokens import issue
from app.people.records import Hold, VaultUse
from app.web.work import token_key
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.people.test_vault import ADA, kept


def test_a_look_up_answers_on_its_own_page_and_puts_nothing_into_an_address(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    filing = kept(make, work_as)
    client = client_as("intake")
    assert client.get("/office/look-up").status_code == 200
    found = client.submit("/office/look-up/ask", email="ADA@example.org", reason="repeat")
    assert found.status_code == 200
    assert f"/office/filings/{filing.id}" in found.text
    assert "Ada Quill" not in found.text
    nobody = client.submit("/office/look-up/ask", email="other@example.org", reason="repeat")
    assert "No complaint of theirs" in nobody.text
    assert len(make.all(VaultUse)) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "repeat"},
        {"name": "Ada", "reason": ""},
        {"name": "Ada", "reason": "because"},
        {"name": "A" * 201, "reason": "repeat"},
        {"name": "A\x00da", "reason": "repeat"},
    ],
)
def test_a_bad_look_up_is_shown_again_and_looks_nothing_up(
    client_as: ClientAs, make: Make, given: dict[str, str]
) -> None:
    assert client_as("intake").submit("/office/look-up/ask", **given).status_code == 422
    assert make.all(VaultUse) == []


@pytest.mark.parametrize("role", ["counsel", "analyst", "administrator", "auditor", "liaison", "commissioner"])
def test_who_may_not_look_up_is_refused_on_page_and_api(client_as: ClientAs, make: Make, role: str) -> None:
    client = client_as(role)
    assert client.get("/office/look-up").status_code in (403, 404)
    assert client.submit("/office/look-up/ask", name="Ada", reason="repeat").status_code in (403, 404)
    assert make.all(VaultUse) == []


def test_the_api_answers_alike(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    client, actor = client_as(), make.actor("intake")
    now = int(time.time())
    token = issue(token_key(make.house), subject=str(actor.id), session=make.secret_of(actor), now=now)
    headers = {"authorization": f"Bearer {token}"}
    told = client.post("/api/v1/look-ups", json={"phone": "(212) 555-0147", "reason": "caller"}, headers=headers)
    assert told.status_code == 200, told.text
    (item,) = told.json()["items"]
    assert (item["filing_id"], item["same"]) == (str(filing.id), "telephone")


def test_an_opening_asks_for_what_shows_it_and_is_seen_by_filer_and_supervisor(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    filing = kept(make, work_as, case_id=make.case().id)
    opened = client_as("investigator").submit(
        f"/office/filings/{filing.id}/identity/open", reason="contact", refers_to="call of Monday"
    )
    assert ADA.name in opened.text
    page = client_as("supervisor").get("/office/vault").text
    assert "call of Monday" in page
    assert "Not assigned to the complaint" in page
    assert ADA.name not in page
    assert "Unusual use of names" in client_as("supervisor").get("/office").text
    (use,) = make.all(VaultUse)
    assert client_as("supervisor").submit(f"/office/vault/{use.id}/look-at").status_code == 303
    assert make.all(VaultUse)[0].looked_by_id == make.actor("supervisor").id
    assert client_as("supervisor").submit(f"/office/vault/{use.id}/look-at").status_code == 404
    with work_as(Actor.filer(filing.lookup or b"", frozenset())) as work:
        from app.people import queries

        assert [each.role for each in queries.seen_by_filer(work, filing.id)] == ["investigator"]


def test_whoever_opened_does_not_look_at_it_themselves(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as, case_id=make.case().id)
    client = client_as("supervisor")
    client.submit(f"/office/filings/{filing.id}/identity/open", reason="contact")
    (use,) = make.all(VaultUse)
    assert use.unusual
    assert client.submit(f"/office/vault/{use.id}/look-at").status_code == 404
    assert client_as("auditor").submit(f"/office/vault/{use.id}/look-at").status_code == 303


def test_a_hold_and_an_erasure_from_page_to_page(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    home = f"/office/filings/{filing.id}/vault"
    supervisor, director = client_as("supervisor"), client_as("director")
    assert "No hold stands" in supervisor.get(home).text
    assert supervisor.submit(f"{home}/hold/set", issuer="Court", reason="Trial").status_code == 303
    (hold,) = make.all(Hold)
    assert "Trial" in supervisor.get(home).text
    refused = supervisor.submit(f"{home}/erase/ask", reason="asked", refers_to="a letter")
    assert refused.status_code == 409
    assert "hold" in refused.text
    assert supervisor.submit(f"{home}/hold/{hold.id}/lift").status_code == 303
    assert supervisor.submit(f"{home}/hold/{hold.id}/lift").status_code == 403
    assert director.submit(f"{home}/hold/{hold.id}/lift").status_code == 303
    assert supervisor.submit(f"{home}/erase/ask", reason="asked", refers_to="a letter").status_code == 303
    assert "It waits for" in supervisor.get(home).text
    (half,) = make.all(SecondHalf)
    assert "Erasing who filed" in director.get(f"/office/decisions/{half.id}").text
    assert director.submit(f"/office/decisions/{half.id}/decide", answer="agree").status_code == 303
    with work_as(Actor.system("erase_identity")) as work:
        from app.people.jobs import erase_identity

        erase_identity(work, half.id)
    assert "Last backup of the key is deleted by" in supervisor.get(home).text
    assert ADA.name not in supervisor.submit(f"/office/filings/{filing.id}/identity/open", reason="contact").text


@pytest.mark.parametrize("role", ["counsel", "analyst", "administrator", "liaison"])
def test_others_see_no_use_of_a_name(client_as: ClientAs, make: Make, work_as: WorkAs, role: str) -> None:
    filing = kept(make, work_as)
    assert client_as(role).get("/office/vault").status_code in (403, 404)
    assert client_as(role).get(f"/office/filings/{filing.id}/vault").status_code in (403, 404)


def test_the_page_of_a_walled_filing_is_not_there(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    case = make.case()
    filing = kept(make, work_as, case_id=case.id)
    make.wall(case, make.actor("supervisor"))
    home = f"/office/filings/{filing.id}/vault"
    assert client_as("supervisor").get(home).status_code == 404
    assert client_as("supervisor").submit(f"{home}/hold/set", issuer="Court", reason="Trial").status_code == 404
    assert make.all(Hold) == []
