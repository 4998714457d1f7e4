"""A new identity key for many persons while others file and open, with the rotation killed in the middle once."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House, open_work
from app.config import Settings
from app.infra.db import Door, hidden_key
from app.infra.keyholder import FileHolder
from app.infra.schema import bare
from app.infra.sealing import aad, new_data_key, seal
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.operations.bench import servers
from app.operations.bench.figures import middle
from app.people import queries

NAMED = b'{"name": "Somebody", "email": "", "phone": "", "safe_contact": ""}'
PAUSE = 0.05
KILL_AT = 0.4
WATCH = 0.02
Progress = Callable[[str], None]


@dataclass
class Meanwhile:
    """What people did while the keys were wrapped anew."""

    filed: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def slowest_ms(self) -> float:
        """The slowest of all filings and openings."""
        return round(1000 * max([*self.filed, *self.opened], default=0.0), 1)


@dataclass(frozen=True)
class Turned:
    """How it went."""

    keys: int
    wrapped_when_killed: int
    seconds_at_work: float
    keys_per_second: float
    filed_meanwhile: int
    opened_meanwhile: int
    filing_median_ms: float
    slowest_ms: float
    failures: list[str]
    left_on_an_old_key: int
    opened_afterwards: int
    old_keys_in_the_file: int

    @property
    def holds(self) -> bool:
        """Nothing failed, nothing was lost, and the old key is gone."""
        return (
            not self.failures
            and self.left_on_an_old_key == 0
            and self.opened_afterwards == self.keys + self.filed_meanwhile
            and self.old_keys_in_the_file == 0
            and 0 < self.wrapped_when_killed < self.keys
        )


def fill(house: House, owner_url: str, count: int) -> list[UUID]:
    """Persons with a sealed name each, as a filing writes them."""
    people = [hidden_key() for _ in range(count)]
    entry = uuid4()
    with psycopg.connect(bare(owner_url)) as connection:
        with connection.cursor().copy("COPY persons (id, role, label, last_entry_id) FROM STDIN") as copy:
            for person in people:
                copy.write_row((person, "filer", "C1", entry))
        sealed = [(person, *_sealed(house, person)) for person in people]
        with connection.cursor().copy("COPY identities (person_id, key_id, sealed, last_entry_id) FROM STDIN") as copy:
            for person, key_id, name, _ in sealed:
                copy.write_row((person, key_id, name, entry))
        with connection.cursor().copy(
            "COPY identity_keys (person_id, key_id, wrapped_key, last_entry_id) FROM STDIN"
        ) as copy:
            for person, key_id, _, wrapped in sealed:
                copy.write_row((person, key_id, wrapped, entry))
    with psycopg.connect(bare(owner_url), autocommit=True) as connection:
        connection.execute("ANALYZE persons, identities, identity_keys")
    return people


def _sealed(house: House, person: UUID) -> tuple[str, bytes, bytes]:
    key = new_data_key()
    wrapped = house.keys.holder.wrap(key, person)
    return wrapped.key_id, seal(key, NAMED, aad("identities", "sealed", person, wrapped.key_id)), wrapped.sealed


def turn(house: House, settings: Settings, owner_url: str, people: Sequence[UUID], progress: Progress) -> Turned:
    """Rotates in a process of its own, kills that one in the middle, and lets another go on to the end."""
    holder = house.keys.holder
    assert isinstance(holder, FileHolder)  # noqa: S101 - an installation of the measure's own
    old = holder.key_id
    with people_at_work(house, people) as meanwhile:
        began = time.monotonic()
        wrapped = _killed_in_the_middle(settings.data_dir, owner_url, old, int(len(people) * KILL_AT))
        progress(f"Killed after {wrapped} of {len(people)} keys; going on")
        going = _started(settings.data_dir, owner_url)
        while _count(owner_url, old) and going.poll() is None:
            time.sleep(WATCH)
        seconds = time.monotonic() - began
        progress("All keys are wrapped anew; the old one waits for who is just filing")
        said = going.communicate()[1]
    if going.returncode:
        meanwhile.failures.append(said.strip().splitlines()[-1] if said else "the rotation ended")
    return Turned(
        keys=len(people),
        wrapped_when_killed=wrapped,
        seconds_at_work=round(seconds, 1),
        keys_per_second=round(len(people) / seconds),
        filed_meanwhile=len(meanwhile.filed),
        opened_meanwhile=len(meanwhile.opened),
        filing_median_ms=round(1000 * middle(meanwhile.filed), 1) if meanwhile.filed else 0.0,
        slowest_ms=meanwhile.slowest_ms,
        failures=sorted(set(meanwhile.failures)),
        left_on_an_old_key=_count(owner_url, old),
        opened_afterwards=all_open(house, owner_url),
        old_keys_in_the_file=len(holder.key_ids) - 1,
    )


def _started(data: Path, owner_url: str) -> "subprocess.Popen[str]":
    env = servers.environment({"CANDOR_DATABASE_URL": owner_url})
    command = [*servers.COMMAND, "app.cli", "keys", "rotate", "--data", str(data)]
    return subprocess.Popen(command, env=env, cwd="/", stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)  # noqa: S603 - our own command


def _killed_in_the_middle(data: Path, owner_url: str, old: str, at: int) -> int:
    """Killed as soon as that many rows name another key; how many did when it was dead."""
    going, before = _started(data, owner_url), _count(owner_url, old)
    while before - _count(owner_url, old) < at and going.poll() is None:
        time.sleep(WATCH)
    going.kill()
    going.communicate()
    return before - _count(owner_url, old)


def _count(owner_url: str, key_id: str) -> int:
    with psycopg.connect(bare(owner_url), autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM identity_keys WHERE key_id = %s", (key_id,)).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def people_at_work(house: House, people: Sequence[UUID]) -> Iterator[Meanwhile]:
    """One files without end, one opens without end; both stop when the block does."""
    meanwhile, ended = Meanwhile(), threading.Event()
    names = cycle(people[:: max(1, len(people) // 997)])
    acts = (lambda: file_one(house), lambda: open_one(house, next(names)))
    lines = [
        threading.Thread(target=_again_and_again, args=(act, times, meanwhile.failures, ended))
        for act, times in zip(acts, (meanwhile.filed, meanwhile.opened), strict=True)
    ]
    for line in lines:
        line.start()
    try:
        yield meanwhile
    finally:
        ended.set()
        for line in lines:
            line.join()


def _again_and_again(act: Callable[[], None], times: list[float], failures: list[str], ended: threading.Event) -> None:
    while not ended.wait(PAUSE):
        began = time.monotonic()
        try:
            act()
        except Exception as failure:  # noqa: BLE001 - counted, whatever it is
            failures.append(type(failure).__name__)
        else:
            times.append(time.monotonic() - began)


def file_one(house: House) -> None:
    ask = SubmitFiling.model_validate(
        {
            "language": "en",
            "anonymity": "named",
            "filer": {"relationship": "self", "name": "Somebody"},
            "incident": {"date": "2026-03", "location": "Elm Street", "narrative": "Words."},
        }
    )
    anyone = Actor.anyone(Door.RESIDENT, house.access.of(frozenset({Role.ANYONE})))
    with open_work(house, anyone) as work:
        submit_filing(work, ask, repeat_key=os.urandom(16).hex())


def open_one(house: House, person: UUID) -> None:
    with open_work(house, Actor.system("measure")) as work:
        if queries.read_identity(work, person).name != "Somebody":
            raise LookupError


def all_open(house: House, owner_url: str) -> int:
    """How many of all sealed names open now, each by itself."""
    with psycopg.connect(bare(owner_url)) as connection:
        people = [row[0] for row in connection.execute("SELECT person_id FROM identities").fetchall()]
    with open_work(house, Actor.system("measure")) as work:
        return sum(queries.read_identity(work, person).name == "Somebody" for person in people)
