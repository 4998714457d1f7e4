"""What one may not know of answers as what does not exist: by status, words, headers and length, on every route.

One row stands in every table, all of one case; the case is behind a wall of some kind, and everybody asks every route
for it once by its own ids and once by ids that nobody has ever given.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.access.records import Wall
from tests.access.test_routes import routes_of
from tests.access.world import World, key_of
from tests.conftest import NOW, Client, ClientAs
from tests.make import Make

PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
# What hangs on a case, by the name that its key has in an address; a meeting, an officer or a user does not.
TABLES = {
    "allegation_id": ("allegations",),
    "campaign_id": ("campaigns",),
    "case_id": ("cases",),
    "clock_id": ("clocks",),
    "demand_id": ("demands",),
    "file_id": ("filing_files",),
    "filing_id": ("filings",),
    "finding_id": ("findings",),
    "half_id": ("second_halves",),
    "hold_id": ("holds",),
    "item_id": ("evidence_items", "docket_items"),
    "letter_id": ("letters",),
    "message_id": ("messages",),
    "pause_id": ("pauses",),
    "recommendation_id": ("recommendations",),
    "side_id": ("case_sides",),
    "use_id": ("vault_uses",),
    "warning_id": ("clock_warnings",),
}
BY_WALL = ("intake", "investigator", "supervisor", "counsel", "director", "analyst", "mediator", "auditor")
BY_DOOR = ("commissioner", "liaison", "outsider")
BY_COMPARTMENT = ("intake", "investigator", "supervisor", "analyst", "mediator")
LEFT_OUT = re.compile(r'nonce-[\w-]+|nonce="[\w-]+"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
FEWEST = 60


def addresses(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Each route that names something of a case: with its keys, and with keys that nobody has."""
    for route in routes_of(list(app.routes)):
        names = PLACE.findall(route.path)
        if not names or not set(names) <= set(TABLES):
            continue
        for table in TABLES[names[-1]]:
            keys = {name: str(key_of(TABLES[name][0])) for name in names} | {names[-1]: str(key_of(table))}
            none = {name: str(uuid4()) for name in names}
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, filled(route.path, keys), filled(route.path, none)


def filled(path: str, keys: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: keys[place[1]], path)


def answer(client: Client, token: str, method: str, path: str) -> tuple[Any, ...]:
    """All of what comes back but what is new in every answer."""
    if path.startswith("/api/"):
        got = client.request(
            method, path, headers={"authorization": f"Bearer {token}"}, json=None if method == "GET" else {}
        )
    else:
        got = client.get(path) if method == "GET" else client.submit(path)
    headers = {name: LEFT_OUT.sub("", value) for name, value in got.headers.items()}
    return got.status_code, LEFT_OUT.sub("", got.text), headers


def differences(app: FastAPI, client: Client, token: str) -> tuple[int, dict[str, Any]]:
    """How many addresses were asked, and which told the two apart."""
    found, asked = {}, 0
    for method, real, none in addresses(app):
        asked += 1
        is_there, is_not = answer(client, token, method, real), answer(client, token, method, none)
        if is_there != is_not:
            found[f"{method} {real}"] = (is_there[0], is_not[0])
    return asked, found


def wall(make: Make, role: str) -> None:
    me = make.actor(role).id
    for key in (key_of("cases"), key_of("filings")):
        make.row(Wall(id=uuid4(), account_id=me, case_id=key, kind="recusal", raised_at=NOW))


@pytest.mark.parametrize("role", BY_WALL)
def test_a_case_behind_a_wall_answers_as_one_that_is_not_there(
    role: str, world: World, make: Make, client_as: ClientAs, app: FastAPI, bearer: Callable[[str], str]
) -> None:
    wall(make, role)
    asked, found = differences(app, client_as(role), bearer(role))
    assert asked > FEWEST
    assert found == {}


@pytest.mark.parametrize("role", BY_DOOR)
def test_so_it_does_at_the_other_doors(
    role: str, world: World, make: Make, client_as: ClientAs, app: FastAPI, bearer: Callable[[str], str]
) -> None:
    wall(make, role)
    asked, found = differences(app, client_as(role), bearer(role))
    assert asked > FEWEST
    assert found == {}


@pytest.mark.parametrize("role", BY_COMPARTMENT)
def test_a_case_that_is_kept_whole_answers_as_one_that_is_not_there(
    role: str, world: World, make: Make, client_as: ClientAs, app: FastAPI, bearer: Callable[[str], str]
) -> None:
    with make.owner() as session:
        session.execute(text("UPDATE cases SET compartments = ARRAY['court_sealed'], lead_id = NULL"))
        session.commit()
    asked, found = differences(app, client_as(role), bearer(role))
    assert asked > FEWEST
    assert found == {}


@pytest.mark.parametrize("role", ["supervisor", "investigator"])
def test_without_a_wall_the_two_are_told_apart(
    role: str, world: World, make: Make, client_as: ClientAs, app: FastAPI, bearer: Callable[[str], str]
) -> None:
    """Else the tests above would hold in a house that answers nobody. A row of nothing but letters shows no page."""
    client, token = client_as(role), bearer(role)
    told = 0
    for method, real, none in addresses(app):
        try:
            told += answer(client, token, method, real) != answer(client, token, method, none)
        except Exception:  # noqa: BLE001 - what broke was there
            told += 1
    assert told > FEWEST / 2
