"""One row in every table, all of one case, and somebody's program before it."""

import time
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.access.tokens import issue
from app.web.work import token_key
from tests.access.world import World
from tests.make import Make


@pytest.fixture
def world(make: Make) -> World:
    made = World(make.book.departments[0].code, make.account("director").id)
    with make.owner() as session:
        made.fill(session.connection())
        session.commit()
    return made


@pytest.fixture
def app(_app: FastAPI) -> FastAPI:
    return _app


@pytest.fixture
def bearer(make: Make) -> Callable[[str], str]:
    """The same person's token."""

    def of(role: str) -> str:
        actor, now = make.actor(role), int(time.time())
        return issue(token_key(make.house), subject=str(actor.id), session=make.secret_of(actor), now=now)

    return of
