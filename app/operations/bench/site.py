"""An installation to put load on: filled with invented cases, somebody signed in, and its pages as requests."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import select

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.records import Account, AccountRole
from app.access.sessions import hash_of
from app.access.signing_in import start_session
from app.access.work import House, Wiring, open_work
from app.cases import queries as cases
from app.cases.commands import QueueView
from app.config import Settings
from app.infra.db import Door
from app.infra.schema import bare
from app.kernel.errors import Refused
from app.operations.bench import servers
from app.operations.bench.client import Ask, Make
from app.operations.database import owner_url, running_database
from app.operations.house import open_house
from app.web.doors import SESSION_COOKIE

SHIFT = timedelta(hours=12)
AT_MOST_CASES = 500
WALK = 200
NARRATIVE = (
    "I was waiting for the bus after work when two officers asked me what I was doing there. I said that I was waiting "
    "for the bus. One of them told me to empty my pockets and pushed me against the fence. When I asked for his name "
    "and badge number he laughed and walked away. I would like somebody to look at the video of the corner store. "
)
TELLING = "".join([NARRATIVE] * 3)
# At the office's door nobody sees a case who is not signed in.
MACHINERY = Actor.system("bench")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Site:
    """Where the load goes."""

    settings: Settings
    house: House
    secret: str
    case_ids: tuple[UUID, ...]
    pages: dict[str, Ask]

    @property
    def owner_url(self) -> str:
        """The owner's address."""
        return owner_url(self.settings)

    @property
    def session_hash(self) -> bytes:
        """By which the database knows who is signed in."""
        return hash_of(self.secret)

    def page(self, name: str) -> Make:
        """One of the queue's pages, the same each time."""
        return lambda _: self.pages[name]

    def case_page(self, number: int) -> Ask:
        """A case file; each time another one."""
        return office(f"/office/cases/{self.case_ids[number % len(self.case_ids)]}", self.secret)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """A question to the database, as its owner."""
        with psycopg.connect(bare(self.owner_url), autocommit=True) as connection:
            return connection.execute(question.encode()).fetchall()


@contextmanager
def site_at(data: Path, wiring: Wiring, count: int, progress: Progress) -> Iterator[Site]:
    """The installation in this folder, generated where there is none."""
    if not (data / "database").exists():
        progress(f"Generating {count} cases")
        made = servers.candor("generate", "--cases", str(count), "--seed", "1", "--data", str(data))
        if made.returncode:
            raise Refused(made.stderr.strip().splitlines()[-1])
    with running_database(Settings.read(data_dir=data, limits="off"), progress) as ready:
        house = open_house(ready, owner_url(ready), wiring)
        if not house.is_demonstration:
            raise Refused("Load is put on invented cases only: name a folder that ./candor generate has filled.")
        try:
            secret = _sign_in(house)
            yield Site(ready, house, secret, _some_cases(house), _pages(house, secret))
        finally:
            house.databases.dispose()


def office(path: str, secret: str) -> Ask:
    """A page of the office for whoever holds this secret."""
    return Ask("GET", path, {"cookie": f"{SESSION_COOKIE}={secret}"})


def filing(number: int) -> Ask:
    """A complaint by the interface for programs, each with a key of its own."""
    return complaint(str(uuid4()), f"{TELLING}({number})")


def complaint(key: str, narrative: str) -> Ask:
    """The complaint with this key and these words."""
    body = {
        "language": "en",
        "anonymity": "confidential",
        "filer": {"relationship": "self", "name": "Quellander Bexley", "email": "nobody@example.org"},
        "incident": {"date": "2026-03", "time": "evening", "location": "Alder Street", "narrative": narrative},
        "officers": [{"description": "tall, in uniform"}],
    }
    head = {"content-type": "application/json", "idempotency-key": key}
    return Ask("POST", "/api/v1/filings", head, json.dumps(body).encode())


def row(number: int) -> Ask:
    """What the bare route is sent: as many bytes."""
    body = json.dumps({"text": f"{TELLING}({number})"}).encode()
    return Ask("POST", "/rows", {"content-type": "application/json"}, body)


def _actor() -> Actor:
    return Actor.system("bench", Door.OFFICE)


def _sign_in(house: House) -> str:
    with open_work(house, _actor()) as work:
        query = select(Account.id).join(AccountRole, AccountRole.account_id == Account.id)
        found = work.session.scalar(query.where(AccountRole.role == Role.SUPERVISOR).limit(1))
        if found is None:
            raise Refused("Nobody here can sign in: name a folder that ./candor generate has filled.")
        return start_session(work, found, "browser", SHIFT)


def _some_cases(house: House) -> tuple[UUID, ...]:
    """Open ones: those are what people open."""
    with open_work(house, MACHINERY) as work:
        page = cases.queue_page(work, QueueView(limit=WALK))
        return tuple(found[0].id for found in page.rows)[:AT_MOST_CASES]


def _pages(house: House, secret: str) -> dict[str, Ask]:
    """The queue as people look at it: as it opens, filtered, searched, and at its very end."""
    book = house.policies.of(house.agency)[-1]
    stage = next(each.code for each in book.stages if not each.final and each.phase == "investigation")
    views: dict[str, dict[str, str]] = {
        "queue-first": {},
        "queue-filtered": {"stage": stage, "assignee": "investigator"},
        "queue-searched": {"q": "umbrella harbor"},
        "queue-searched-common": {"q": "officer"},
        "queue-last": {"cursor": _last_page(house)},
    }
    return {name: office(f"/office/cases?{urlencode(view)}", secret) for name, view in views.items()}


def _last_page(house: House) -> str:
    """The mark of the last page, found as a person would: by turning pages."""
    with open_work(house, MACHINERY) as work:
        before, found = "", cases.queue_page(work, QueueView(limit=WALK))
        while found.next:
            before = found.next
            found = cases.queue_page(work, QueueView(limit=WALK, cursor=before))
            work.session.expunge_all()
        return before
