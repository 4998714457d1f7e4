"""Tokens by name and password, and what a monitor asks."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from sqlalchemy import text

from app.access.records import Account, SignedIn
from app.access.work import House
from app.administration import api, rules
from app.administration.queries import health
from app.config import Settings
from app.infra.passwords import hash_password
from tests.conftest import Client, ClientAs
from tests.make import Make

PASSWORD = "violet tram over harbour"


@pytest.fixture
def bodhi(make: Make) -> Account:
    return make.account("analyst", "bodhi", password_hash=hash_password(PASSWORD))


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "READINESS", health.Readiness())
    monkeypatch.setattr(api, "COUNTS", health.EventCounts())


def ask(client: Client, **form: str) -> Any:
    return client.post("/api/v1/auth/token", data=form)


def test_a_second_factor_may_be_left_out_or_empty(client_as: ClientAs, bodhi: Account) -> None:
    assert ask(client_as(), username="bodhi", password=PASSWORD).status_code == 200
    assert ask(client_as(), username="bodhi", password=PASSWORD, otp="").status_code == 200


def test_a_wrong_password_is_a_problem_in_words(client_as: ClientAs, make: Make, bodhi: Account) -> None:
    answer = ask(client_as(), username="bodhi", password="no")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.json()["detail"] == rules.WRONG
    assert "www-authenticate" in answer.headers
    assert make.all(SignedIn) == []
    assert ask(client_as(), username="nobody", password="no").json() == answer.json()


def test_too_many_tries_are_told_when_to_come_back(client_as: ClientAs, bodhi: Account) -> None:
    for _ in range(rules.FREE_TRIES + 1):
        ask(client_as(), username="bodhi", password="no")
    answer = ask(client_as(), username="bodhi", password=PASSWORD)
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)


def test_a_program_that_was_in_before_is_never_held_up_by_strangers(client_as: ClientAs, bodhi: Account) -> None:
    first = ask(client_as(), username="bodhi", password=PASSWORD).json()
    assert "set-cookie" not in ask(client_as(), username="bodhi", password=PASSWORD).headers
    for _ in range(rules.FREE_TRIES + 1):
        ask(client_as(), username="bodhi", password="no")
    assert ask(client_as(), username="bodhi", password=PASSWORD).status_code == 429
    again = ask(client_as(), username="bodhi", password=PASSWORD, device=first["device"])
    assert again.status_code == 200
    assert again.json()["device"] == first["device"]


@pytest.mark.parametrize("device", ["x", "a" * 22 + "." + "b" * 22, "é"])
def test_a_forged_device_is_a_strangers(client_as: ClientAs, bodhi: Account, device: str) -> None:
    for _ in range(rules.FREE_TRIES + 1):
        ask(client_as(), username="bodhi", password="no")
    assert ask(client_as(), username="bodhi", password=PASSWORD, device=device).status_code in (422, 429)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"username": "bodhi"},
        {"username": "", "password": "x"},
        {"username": "\x00", "password": "x"},
        {"username": "x" * 300, "password": "x"},
        {"username": "bodhi", "password": "x" * 3000},
        {"username": "bodhi", "password": "x", "otp": "\x00"},
    ],
)
def test_what_cannot_be_read_is_answered_as_documented(client_as: ClientAs, form: dict[str, str]) -> None:
    answer = ask(client_as(), **form)
    assert answer.status_code in (401, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_json_body_is_no_form(client_as: ClientAs) -> None:
    assert client_as().post("/api/v1/auth/token", json={"username": "x", "password": "y"}).status_code == 422


def test_the_process_says_that_it_lives(client_as: ClientAs) -> None:
    assert client_as().get("/healthz").json() == {"status": "ok"}
    assert client_as().get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200


def heartbeat(make: Make) -> None:
    with make.owner() as session:
        session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"))
        session.commit()


def test_ready_is_said_only_when_everything_is_there(
    client_as: ClientAs, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = client_as().get("/readyz")
    assert (without.status_code, "worker" in without.json()["detail"]) == (503, True)
    heartbeat(make)
    monkeypatch.setattr(api, "READINESS", health.Readiness())
    ready = client_as().get("/readyz")
    assert ready.status_code == 200
    assert set(ready.json()["checks"]) == {"database", "migrations", "worker", "storage"}
    monkeypatch.setattr(api, "READINESS", health.Readiness())
    monkeypatch.setattr(health, "head", lambda: "9999")
    behind = client_as().get("/readyz")
    assert (behind.status_code, "./candor upgrade" in behind.json()["detail"]) == (503, True)


def test_a_database_that_is_away_is_told_and_nothing_breaks(make: Make) -> None:
    from app.infra.db import Databases

    away = Databases("postgresql+psycopg://nobody@127.0.0.1:1/none", lambda _: "x")
    checks = health.readiness(replace(make.house, databases=away))
    assert [(check.name, check.ok) for check in checks] == [("database", False), ("storage", True)]


class TestMetrics:
    @pytest.fixture
    def settings(self, _app: FastAPI) -> Any:
        before = _app.state.settings
        yield lambda **changed: setattr(_app.state, "settings", before.model_copy(update=changed))
        _app.state.settings = before

    def near(self, client: Client) -> Client:
        client._transport.client = ("127.0.0.1", 5)  # noqa: SLF001 - where it comes from
        return client

    def test_this_machine_gets_counts_and_nothing_of_anybody(self, client_as: ClientAs, make: Make) -> None:
        client_as("analyst").get("/office/users")
        make.case(number="2026-SECRET")
        answer = self.near(client_as()).get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "candor_journal_unsealed 1" in answer.text
        assert 'candor_jobs{state="todo"} 0' in answer.text
        assert "SECRET" not in answer.text
        assert make.actor("analyst").name not in answer.text

    def test_others_do_not(self, client_as: ClientAs) -> None:
        assert client_as().get("/metrics").status_code == 403

    @pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
    def test_what_a_proxy_passes_on_is_not_this_machine(self, client_as: ClientAs, header: str) -> None:
        assert self.near(client_as()).get("/metrics", headers={header: "203.0.113.9"}).status_code == 403

    def test_on_a_public_site_only_the_token_counts(self, client_as: ClientAs, settings: Any) -> None:
        settings(base_url="https://complaints.example.gov", metrics_token=SecretStr("long-and-random"))
        client = self.near(client_as())
        assert client.get("/metrics").status_code == 403
        assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
        assert client.get("/metrics", headers={"authorization": "Bearer long-and-random"}).status_code == 200


class TestSecurityContact:
    @pytest.fixture
    def told(self, _app: FastAPI, house: House, client_as: ClientAs) -> Iterator[Callable[..., Any]]:
        """The file under these settings, read as anybody reads it."""
        before = _app.state.settings

        def read(contact: str | None, base_url: str = "https://complaints.example.gov") -> Any:
            _app.state.settings = Settings.read(security_contact=contact, base_url=base_url)
            client = client_as()
            _app.state.house = replace(house, base_url=base_url)
            return client.get("/.well-known/security.txt")

        yield read
        _app.state.settings = before

    def fields(self, text: str) -> list[tuple[str, str]]:
        return [(line.split(": ")[0], line.split(": ")[1]) for line in text.splitlines()]

    def test_it_names_the_contact_its_end_the_languages_and_its_own_address(self, told: Callable[..., Any]) -> None:
        answer = told("mailto:security@example.gov https://example.gov/report")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        fields = self.fields(answer.text)
        assert [value for name, value in fields if name == "Contact"] == [
            "mailto:security@example.gov",
            "https://example.gov/report",
        ]
        once = dict(fields[2:])
        assert list(once) == ["Expires", "Preferred-Languages", "Canonical"]
        assert once["Preferred-Languages"] == "en, es"
        assert once["Canonical"] == "https://complaints.example.gov/.well-known/security.txt"
        left = datetime.fromisoformat(once["Expires"]) - datetime.fromtimestamp(time.time(), UTC)
        assert timedelta(days=30) < left < timedelta(days=365)

    def test_over_plain_http_it_gives_no_address_of_its_own(self, told: Callable[..., Any]) -> None:
        answer = told("mailto:security@example.gov", "http://127.0.0.1:8000")
        assert [name for name, _ in self.fields(answer.text)] == ["Contact", "Expires", "Preferred-Languages"]

    def test_where_no_contact_is_set_up_there_is_no_such_file_and_it_says_why(self, told: Callable[..., Any]) -> None:
        answer = told(None)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
        assert "Contact:" not in answer.text
        assert "no contact" in answer.text.lower()

    @pytest.mark.parametrize(
        "contact",
        ["security@example.gov", "http://example.gov", "mailto:a@b\nContact: mailto:c@d", "mailto:", "javascript:x"],
    )
    def test_what_is_no_contact_stops_the_start_and_is_named(self, contact: str) -> None:
        with pytest.raises(ValidationError, match="security_contact"):
            Settings.read(security_contact=contact)
