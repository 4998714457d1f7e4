"""What cannot be taken back asks once more who sits there, and nothing typed is lost by it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.access.records import Account, SignedIn
from app.access.sessions import hash_of
from app.access.work import House
from app.infra.passwords import hash_password
from app.kernel.errors import StepUpNeeded
from app.web.problems import STEP_UP
from tests.conftest import NOW, Client, ClientAs, WorkAs
from tests.make import Make

PASSWORD = "violet tram over harbour"
PERSON = {"name": "newcomer", "display_name": "Ida <Newcomer>", "roles": "intake"}
LONG_AGO = timedelta(days=365)


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def stale(client_as: ClientAs, make: Make, hashed: str) -> Callable[[str], Client]:
    """Somebody of this role who signed in long ago."""

    def opened(role: str) -> Client:
        client, me = client_as(role), make.actor(role)
        with make.owner() as session:
            session.get_one(Account, me.id).password_hash = hashed
            for row in session.query(SignedIn):
                row.proved_at = row.created_at - LONG_AGO
            session.commit()
        return client

    return opened


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text.split("<main")[1])
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def test_a_page_leads_to_the_proof_and_back(stale: Callable[[str], Client], make: Make) -> None:
    client = stale("administrator")
    asked = client.get("/office/users?from=menu")
    assert (asked.status_code, asked.headers["location"]) == (
        303,
        "/office/confirm?next=%2Foffice%2Fusers%3Ffrom%3Dmenu",
    )
    page = client.get(asked.headers["location"])
    assert "Confirm it is you" in page.text
    answer = client.submit("/office/confirm", password=PASSWORD, **hidden(page.text))
    assert (answer.status_code, answer.headers["location"]) == (303, "/office/users?from=menu")
    assert client.get("/office/users").status_code == 200
    assert make.tags() == ["administration:session:proved"]


def test_a_posted_form_waits_and_is_sent_on(stale: Callable[[str], Client], make: Make) -> None:
    client = stale("administrator")
    asked = client.submit("/office/users/invite", **PERSON)
    assert asked.status_code == 403
    assert make.tags() == []
    assert PERSON["display_name"] not in unescape(asked.text)
    proved = client.submit("/office/confirm", password=PASSWORD, **hidden(asked.text))
    assert proved.status_code == 200
    assert 'action="/office/users/invite"' in proved.text
    assert hidden(proved.text) == PERSON
    assert client.submit("/office/users/invite", **hidden(proved.text)).status_code == 200
    assert make.tags() == ["administration:session:proved", "administration:account:invited"]


def test_a_wrong_proof_keeps_what_waits_and_counts(stale: Callable[[str], Client], make: Make) -> None:
    client = stale("administrator")
    kept = hidden(client.submit("/office/users/invite", **PERSON).text)
    for _ in range(4):
        wrong = client.submit("/office/confirm", password="something else entirely", **kept)
        assert wrong.status_code == 403
        assert hidden(wrong.text) == kept
    held = client.submit("/office/confirm", password=PASSWORD, **kept)
    assert held.status_code == 429
    assert int(held.headers["retry-after"]) >= 1
    assert client.get("/office/users").status_code == 303
    assert make.tags() == ["administration:proof:refused"] * 4


def test_an_empty_proof_is_asked_for_again(stale: Callable[[str], Client], make: Make) -> None:
    answer = stale("administrator").submit("/office/confirm", password="")
    assert answer.status_code == 422
    assert make.tags() == []


def test_what_waits_is_of_one_session_alone(stale: Callable[[str], Client], make: Make) -> None:
    client = stale("administrator")
    kept = hidden(client.submit("/office/users/invite", **PERSON).text)["kept"]
    me = make.actor("administrator")
    with make.owner() as session:
        account = session.get_one(Account, me.id)
    client.signed_in(make.sign_in(account, "administrator")[1])
    answer = client.submit("/office/confirm", password=PASSWORD, kept=kept)
    assert (answer.status_code, answer.headers["location"]) == (303, "/office")


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/sign-out", "/\\evil.example", "x" * 1999]
)
def test_the_way_back_stays_in_the_house(stale: Callable[[str], Client], next_: str) -> None:
    answer = stale("administrator").submit("/office/confirm", password=PASSWORD, next=next_)
    assert answer.headers["location"] == "/office"


def test_a_program_is_told_what_to_do(stale: Callable[[str], Client], make: Make, house: House) -> None:
    make.account("director", "rosalind", password_hash=hash_password(PASSWORD))
    client = stale("investigator")
    token = client.post("/api/v1/auth/token", data={"username": "rosalind", "password": PASSWORD}).json()
    bearer = {"authorization": f"Bearer {token['access_token']}"}
    with make.owner() as session:
        for row in session.query(SignedIn):
            row.proved_at, row.factor = None, "code"
        session.commit()
    refused = client.post(_publish(client), headers=bearer)
    assert (refused.status_code, refused.json()["type"]) == (403, STEP_UP)
    assert client.post("/api/v1/auth/prove", json={"password": "wrong"}, headers=bearer).status_code == 403
    assert client.post("/api/v1/auth/prove", json={"password": PASSWORD, "x": 1}, headers=bearer).status_code == 422
    assert client.post("/api/v1/auth/prove", json={"password": PASSWORD}).status_code == 401
    proved = client.post("/api/v1/auth/prove", json={"password": PASSWORD}, headers=bearer)
    assert (proved.status_code, proved.json()) == (200, {"holds_for": 300})
    assert client.post(_publish(client), headers=bearer).status_code != 403


def _publish(client: Client) -> str:
    paths = client.get("/api/openapi.json").json()["paths"]
    path = next(path for path, of in paths.items() if of.get("post", {}).get("operationId") == "ask_to_publish")
    return re.sub(r"\{\w+\}", "00000000-0000-4000-8000-000000000000", path)


def test_a_proof_holds_for_minutes_and_no_longer(work_as: WorkAs, make: Make, house: House) -> None:
    me = replace(make.actor("director"), proved_at=NOW)
    holds = house.access.step_up.holds
    with work_as(me, NOW + holds) as work:
        work.need_step_up()
    with work_as(me, NOW + holds + timedelta(microseconds=1)) as work, pytest.raises(StepUpNeeded):
        work.need_step_up()
    with work_as(replace(me, proved_at=None), NOW) as work, pytest.raises(StepUpNeeded):
        work.need_step_up()


def test_a_fresh_session_is_a_proof(client_as: ClientAs, make: Make, hashed: str) -> None:
    make.account("analyst", "bodhi", password_hash=hashed)
    client = client_as()
    client.submit("/sign-in", username="bodhi", password=PASSWORD)
    (row,) = make.all(SignedIn)
    assert row.proved_at == row.created_at
    assert client.submit("/office/account/ways-in/app/begin").status_code == 200
    assert row.secret_hash == hash_of(client.cookies["candor"])
