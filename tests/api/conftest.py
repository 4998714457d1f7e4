"""Everybody's programs before one installation: tokens by name and password, and the real worker behind them."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app import stages
from app.access.actor import Actor
from app.access.records import Account
from app.access.work import open_work
from app.administration.actions.accounts import add_demonstration_accounts
from app.infra.db import Door, engine_at, hidden_key
from app.infra.queue import open_queue
from app.people.records import Officer
from app.publication.rules.figures import read_figures
from app.worker import register_jobs
from tests.installation import Installed, installation_at, served

PASSWORD = "a long word for programs"


@dataclass
class Office:
    """Everybody's programs before one installation, and the worker behind it."""

    address: str
    installed: Installed
    accounts: dict[str, UUID]
    officer: UUID
    used: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)
    # Which jobs go from the queue's tables once they are done.
    kept: str = "successful"

    def __post_init__(self) -> None:
        described = httpx.get(f"{self.address}/api/openapi.json", timeout=30).json()["paths"]
        self._operations = [
            (method.upper(), re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), operation["operationId"])
            for path, methods in described.items()
            for method, operation in methods.items()
        ]

    def ask(self, who: str, method: str, path: str, expected: int, **given: Any) -> httpx.Response:
        """One request of one person's program; its operation is noted."""
        whole = f"/api/v1{path}"
        matching = [name for verb, form, name in self._operations if verb == method and form.fullmatch(whole)]
        assert matching, f"no operation {method} {whole}"
        self.used.add(matching[0])
        headers = {**given.pop("headers", {}), **self._bearer(who)}
        got = httpx.request(method, f"{self.address}{whole}", headers=headers, timeout=60, **given)
        assert got.status_code == expected, f"{matching[0]}: {got.status_code} {got.text}"
        return got

    def get(self, who: str, path: str, **query: Any) -> Any:
        return self.ask(who, "GET", path, 200, params=query).json()

    def post(self, who: str, path: str, expected: int = 200, /, **body: Any) -> Any:
        return self.ask(who, "POST", path, expected, json=body).json()

    def _bearer(self, who: str) -> dict[str, str]:
        if not who:
            return {}
        if who not in self.tokens:
            form = {"username": who, "password": PASSWORD}
            self.tokens[who] = self.ask("", "POST", "/auth/token", 200, data=form).json()["access_token"]
        return {"authorization": f"Bearer {self.tokens[who]}"}

    def worker(self) -> None:
        """The real worker, until its queue is empty; a browser that this process drives has a loop of its own."""
        queue = open_queue(self.installed.house.databases.dsn(Door.WORKER))
        register_jobs(queue, self.installed.house, stages.JOBS)
        ask = {"wait": False, "install_signal_handlers": False, "listen_notify": False, "delete_jobs": self.kept}
        with ThreadPoolExecutor(1) as apart:
            apart.submit(lambda: queue.run_worker(**ask)).result()

    def release(self) -> tuple[str, dict[tuple[str, str, str], int]]:
        """Asked for by the analyst, published by the director; its public id and its figures."""
        asked = self.post("analyst", "/releases/ask", 202, through=self.today)
        self.worker()
        (built,) = [each for each in self.get("analyst", "/releases")["items"] if each["id"] == asked["id"]]
        assert (built["state"], built["is_verified"], built["problems"], built["weaknesses"]) == ("built", True, [], [])
        self.post("director", f"/releases/{built['id']}/publish", 202)
        self.worker()
        (newest, *_) = self.get("", "/public/releases")["releases"]
        assert newest["id"] == built["release_id"]
        csv = self.ask("", "GET", f"/public/releases/{newest['id']}/tables/figures.csv", 200).content
        return newest["id"], {(f.measure, f.by, f.group): f.numerator or 0 for f in read_figures(csv)}

    @property
    def today(self) -> str:
        with open_work(self.installed.house, Actor.system("test")) as work:
            return work.today.isoformat()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with installation_at(tmp_path_factory.mktemp("whole")) as installed:
        accounts, officer = settled(installed)
        with served(installed) as address:
            yield Office(address, installed, accounts, officer)


def settled(installed: Installed) -> tuple[dict[str, UUID], UUID]:
    """What is there before the first complaint: the log-ins and one officer on the roster."""
    with open_work(installed.house, Actor.system("test", Door.OFFICE)) as work:
        add_demonstration_accounts(work, PASSWORD)
        added, department = work.entries[-1], work.book.departments[0].code
        work.flush()
        accounts = {account.name: account.id for account in work.session.query(Account)}
    officer = Officer(
        id=hidden_key(),
        department_id=department,
        last_name="Larkfield",
        first_name="Rae",
        sort_name="larkfield rae",
        badge="4711",
        last_entry_id=added,
    )
    engine = engine_at(make_url(installed.url), 1)
    with Session(engine, expire_on_commit=False) as session:
        session.add(officer)
        session.commit()
    engine.dispose()
    return accounts, officer.id
