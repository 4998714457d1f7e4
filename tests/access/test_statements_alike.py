"""A case that is kept from somebody costs the database what a case costs that is not there: no clock tells them apart.

By the statements themselves and not by time, which a busy machine bends.
"""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.access.test_no_oracle import addresses, wall
from tests.access.world import World, key_of
from tests.cases.test_queue import statements
from tests.conftest import Client, ClientAs
from tests.make import Make

FEWEST = 20


def asked(make: Make, client: Client, token: str, path: str) -> list[str]:
    headers = {"authorization": f"Bearer {token}"} if path.startswith("/api/") else {}
    with statements(make.house) as seen:
        client.get(path, headers=headers)
    return seen


def sealed(make: Make, _: str) -> None:
    with make.owner() as session:
        session.execute(text("UPDATE cases SET compartments = ARRAY['court_sealed'], lead_id = NULL"))
        session.commit()


@pytest.mark.parametrize("role", ["investigator", "supervisor", "analyst"])
@pytest.mark.parametrize("keep", [wall, sealed])
def test_what_is_kept_and_what_is_not_there_run_the_same_statements(
    keep: Callable[[Make, str], None],
    role: str,
    world: World,
    make: Make,
    client_as: ClientAs,
    app: FastAPI,
    bearer: Callable[[str], str],
) -> None:
    keep(make, role)
    client, token = client_as(role), bearer(role)
    pages = [(real, none) for method, real, none in addresses(app) if method == "GET" and str(key_of("cases")) in real]
    assert len(pages) > FEWEST
    found = {}
    for real, none in pages:
        is_there, is_not = asked(make, client, token, real), asked(make, client, token, none)
        assert is_there, real
        if is_there != is_not:
            found[real] = (len(is_there), len(is_not), [one[:160] for one in is_there[len(is_not) - 1 :][:3]])
    assert found == {}
