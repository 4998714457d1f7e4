"""The pages of evidence and the department's door, through the door."""

from datetime import timedelta
from typing import Any

import pytest

from app.evidence.records import Demand, EvidenceItem
from tests.conftest import KEYS, Client, ClientAs
from tests.make import Make


def upload(client: Client, path: str, content: bytes, name: str = "a.txt", **fields: Any) -> Any:
    from app.access.sessions import hash_of
    from app.web.doors import SESSION_COOKIE
    from app.web.forms import token_for

    secret = client.cookies.get(SESSION_COOKIE)
    assert secret is not None
    token = {"csrf_token": token_for(KEYS, hash_of(secret))}
    headers = {"sec-fetch-site": "same-origin"}
    return client.post(path, data=token | fields, files={"file": (name, content)}, headers=headers)


def test_a_file_is_added_listed_with_its_digest_and_given_out_as_a_download(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(), client_as("investigator")
    address = f"/office/cases/{case.id}/evidence"
    added = upload(
        client, f"{address}/add", b"<script>alert(1)</script>", "x.html", label="A page", received_from="Her"
    )
    assert added.status_code == 303
    (item,) = make.all(EvidenceItem)
    page = client.get(address).text
    assert item.sha256.hex() in page
    assert "Received" in page
    step = client.get(f"{address}/{item.id}/download")
    assert "not scanned for malware" in step.text
    assert "Copy opened" not in client.get(address).text
    given = client.get(f"{address}/{item.id}/download?knowing=yes")
    assert given.content == b"<script>alert(1)</script>"
    assert given.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in given.headers["content-security-policy"]
    assert "Copy opened" in client.get(address).text
    assert client_as("analyst").get(f"{address}/{item.id}/download").status_code == 403


def test_a_form_without_a_file_or_with_an_empty_one_comes_back_with_its_words(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(), client_as("investigator")
    address = f"/office/cases/{case.id}/evidence/add"
    missing = client.submit(address, label="A page", received_from="Her")
    assert (missing.status_code, "Choose a file." in missing.text, "A page" in missing.text) == (422, True, True)
    empty = upload(client, address, b"", label="A page", received_from="Her")
    assert (empty.status_code, "This file is empty." in empty.text) == (422, True)
    assert make.all(EvidenceItem) == []


def test_a_demand_goes_out_is_answered_by_the_department_and_contradicted(client_as: ClientAs, make: Make) -> None:
    case = make.case(narrative="Her own words.", place="Her home")
    office, liaison = client_as("investigator"), client_as("liaison")
    address = f"/office/cases/{case.id}/evidence"
    assert office.submit(f"{address}/demands/send", kind="body_camera", wording="All video.").status_code == 303
    (demand,) = make.all(Demand)
    listing, one = liaison.get("/department").text, liaison.get(f"/department/demands/{demand.id}").text
    for page in (listing, one):
        assert demand.number in page
        assert "Her own words" not in page
        assert "Her home" not in page
    assert "All video." in one
    refused = liaison.submit(f"/department/demands/{demand.id}/answer", version="1", answer="given", words="")
    assert refused.status_code == 422
    stale = liaison.submit(f"/department/demands/{demand.id}/answer", version="7", answer="given", words="Kept words")
    assert (stale.status_code, "Kept words" in stale.text) == (409, True)
    answered = upload(
        liaison, f"/department/demands/{demand.id}/answer", b"video", version="1", answer="none_exist", words="None."
    )
    assert answered.status_code == 303
    assert "No video exists" in office.get(address).text
    assert office.submit(f"{address}/demands/{demand.id}/contradict", version="2").status_code == 303
    assert "Turned out untrue" in office.get(address).text
    assert "untrue" not in liaison.get(f"/department/demands/{demand.id}").text


def test_overdue_demands_stand_first_at_both_doors(client_as: ClientAs, make: Make) -> None:
    case = make.case(lead_id=make.actor("investigator").id)
    office = client_as("investigator")
    for _ in range(2):
        office.submit(f"/office/cases/{case.id}/evidence/demands/send", kind="records", wording="All.")
    late = make.all(Demand)[1]
    with make.owner() as session:
        session.get_one(Demand, late.id).due_on = make.today - timedelta(days=3)
        session.commit()
    other = next(row for row in make.all(Demand) if row.id != late.id)
    page = client_as("liaison").get("/department").text
    assert page.index(late.number) < page.index(other.number)
    mine = office.get("/office").text
    assert late.number in mine
    assert other.number not in mine


@pytest.mark.parametrize("role", ["investigator", "director", "commissioner"])
def test_the_departments_door_opens_to_its_liaison_alone(client_as: ClientAs, role: str) -> None:
    assert client_as(role).get("/department").status_code == 403


def test_the_liaison_has_no_way_into_the_office(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(), client_as("liaison")
    for path in ("", "/allegations", "/evidence"):
        assert client.get(f"/office/cases/{case.id}{path}").status_code == 403
    assert client.get("/office/officers").status_code == 403
    assert client.get("/office/cases").status_code == 403
