"""Signing in and out through the door."""

from typing import Any

import pytest

from app.access.records import Account, SignedIn
from app.access.sessions import hash_of
from app.infra.passwords import hash_password
from app.web.doors import SESSION_COOKIE
from tests.conftest import Client, ClientAs
from tests.make import Make

PASSWORD = "violet tram over harbour"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def person(make: Make, hashed: str) -> Account:
    return make.account("investigator", "theo", password_hash=hashed)


def knock(client: Client, name: str = "theo", password: str = PASSWORD, **more: str) -> Any:
    return client.submit("/sign-in", username=name, password=password, **more)


def test_the_right_password_opens_the_door_one_belongs_to(client_as: ClientAs, make: Make, person: Account) -> None:
    client = client_as()
    answer = knock(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/office")
    session = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{SESSION_COOKIE}=")]
    assert len(session) == 1
    assert "HttpOnly" in session[0]
    assert "samesite=lax" in session[0].lower()
    (row,) = make.all(SignedIn)
    assert row.secret_hash == hash_of(client.cookies[SESSION_COOKIE])
    assert row.account_id == person.id
    assert make.tags() == ["administration:session:opened"]
    assert client.get("/office/cases").status_code == 200
