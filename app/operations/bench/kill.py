"""Kills everything at once under load, again and again: what was acknowledged must be there, and once."""

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import uvloop

from app.access.work import Wiring
from app.config import Settings
from app.infra.postgres.cluster import FOLDER, STATE
from app.infra.postgres.processes import living_in, wait_until
from app.infra.schema import bare
from app.intake.rules.receipt import Receipt, proves
from app.operations import proof
from app.operations.bench import servers
from app.operations.bench.client import OK, Ask, Broken, Line
from app.operations.bench.site import NARRATIVE, complaint
from app.operations.database import owner_url, running_database
from app.operations.house import open_house

LINES = 6
LOADED_FOR = (1.0, 3.0)
GONE_WITHIN = 10.0
RETRIES = 20
Progress = Callable[[str], None]


@dataclass
class Ledger:
    """What the filers know: each key's complaint, and the answer to those that got one."""

    path: Path
    rounds: int = 0
    databases_killed: int = 0
    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, path: Path) -> "Ledger":
        """As the last run left it; a new one where there is none."""
        return cls(path, **json.loads(path.read_text())) if path.exists() else cls(path)

    def save(self) -> None:
        """After each round, so that a run that is stopped goes on from there."""
        kept = {name: value for name, value in vars(self).items() if name != "path"}
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(kept))
        part.rename(self.path)

    def answered(self, key: str, answer: dict[str, str]) -> None:
        """A second answer to the same key must be the first again."""
        if self.acknowledged.setdefault(key, answer) != answer:
            self.changed.append(key)


@dataclass(frozen=True)
class Outcome:
    """What was found when everything stood again."""

    rounds: int
    databases_killed: int
    acknowledged: int
    retried: int
    missing: int
    twice: int
    changed: int
    unproved: int
    journal_ok: bool

    @property
    def holds(self) -> bool:
        """True where nothing acknowledged is lost, nothing is there twice, and the journal is whole."""
        bad = self.missing + self.twice + self.changed + self.unproved
        is_tried = self.acknowledged > 0 and self.databases_killed == self.rounds
        return self.journal_ok and bad == 0 and is_tried


def kill_again_and_again(folder: Path, wiring: Wiring, rounds: int, progress: Progress) -> Outcome:
    """So many deaths, then the reckoning. Whatever was not answered is sent again with its own key."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger, data = Ledger.at(folder / "ledger.json"), folder / "data"
    retried = 0
    while ledger.rounds < rounds:
        with _killed_at_the_end(data, ledger) as up:
            retried += uvloop.run(_round(up.port, ledger))
        ledger.rounds += 1
        ledger.databases_killed += _fell(data)
        ledger.save()
        progress(f"killed {ledger.rounds} of {rounds}; {len(ledger.acknowledged)} complaints acknowledged")
    with servers.served(data) as up:
        retried += uvloop.run(_retry(up.port, ledger))
        ledger.save()
    return _reckon(data, wiring, ledger, retried, progress)


@contextmanager
def _killed_at_the_end(data: Path, ledger: Ledger) -> Iterator[servers.Running]:
    """`up`, which dies in the middle of its work with all its children and its database."""
    with servers.served(data) as up:
        before = crowd(up.process.pid, data)
        death = _Death(up.process.pid, data, time.monotonic() + random.uniform(*LOADED_FOR))  # noqa: S311 -- any moment
        death.start()
        yield up
        death.join()
        if not gone(before):
            raise RuntimeError("A killed process is still there.")


def crowd(up: int, data: Path) -> list[int]:
    """`up` and its children, the keeper, who is nobody's child, and every process of the database server."""
    keeper = int(json.loads((data / STATE).read_text())["keeper"])
    return [up, *descendants(up), keeper, *living_in(data / FOLDER)]


def gone(pids: list[int]) -> bool:
    """True once none of these lives any more."""
    return wait_until(lambda: not any(_lives(pid) for pid in pids), GONE_WITHIN)


def _fell(data: Path) -> bool:
    """True where the server had no time to end in good order: then its note of itself is left behind."""
    return (data / FOLDER / "postmaster.pid").exists()


class _Death:
    """A child of ours that kills the crowd at its moment: nothing of this process can delay it."""

    def __init__(self, up: int, data: Path, moment: float) -> None:
        self._up, self._data, self._moment, self._pid = up, data, moment, 0

    def start(self) -> None:
        self._pid = os.fork()
        if self._pid == 0:
            time.sleep(max(0.0, self._moment - time.monotonic()))
            everybody = crowd(self._up, self._data)  # also those that came under the load
            for pid in random.sample(everybody, len(everybody)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os._exit(0)

    def join(self) -> None:
        os.waitpid(self._pid, 0)


def descendants(pid: int) -> list[int]:
    """The children of a process and theirs."""
    try:
        children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*children, *(below for child in children for below in descendants(child))]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def _round(port: int, ledger: Ledger) -> int:
    """First what was left without an answer, then new complaints until the line is dead."""
    retried = await _retry(port, ledger)

    async def file_on() -> None:
        line = Line(port)
        while True:
            key = str(uuid4())
            if not await _file(line, key, ledger):
                ledger.unanswered.append(key)
                return

    await asyncio.gather(*(file_on() for _ in range(LINES)))
    return retried


async def _retry(port: int, ledger: Ledger) -> int:
    """Every unanswered complaint again, and a few answered ones, which must be answered alike."""
    line = Line(port)
    left = []
    again = ledger.unanswered + list(ledger.acknowledged)[-LINES:]
    for key in again:
        if not await _file(line, key, ledger) and key not in ledger.acknowledged:
            left.append(key)
    ledger.unanswered = left
    line.close()
    return len(again)


async def _file(line: Line, key: str, ledger: Ledger) -> bool:
    """True where the complaint was acknowledged."""
    try:
        answer = await line.ask(_complaint(key))
    except Broken:
        return False
    if answer.status not in OK:
        return False
    ledger.answered(key, json.loads(answer.body))
    return True


def _complaint(key: str) -> Ask:
    return complaint(key, f"{NARRATIVE}({key})")


def _reckon(data: Path, wiring: Wiring, ledger: Ledger, retried: int, progress: Progress) -> Outcome:
    with running_database(Settings.read(data_dir=data), progress) as ready:
        with psycopg.connect(bare(owner_url(ready))) as connection:
            rows = connection.execute("SELECT number, narrative FROM filings").fetchall()
            unproved = sum(not _is_proved(connection, answer) for answer in ledger.acknowledged.values())
        house = open_house(ready, owner_url(ready), wiring)
        journal = proof.verify(house)
        house.databases.dispose()
    return Outcome(
        rounds=ledger.rounds,
        databases_killed=ledger.databases_killed,
        acknowledged=len(ledger.acknowledged),
        retried=retried,
        unproved=unproved,
        changed=len(ledger.changed),
        journal_ok=journal.ok,
        **_compared(rows, ledger),
    )


def _compared(rows: list[tuple[Any, ...]], ledger: Ledger) -> dict[str, int]:
    """Each complaint names its key in its words: so lost ones and doubles are found whatever their number."""
    found: dict[str, list[str]] = {}
    for number, narrative in rows:
        found.setdefault(narrative.rpartition("(")[2].rstrip(")"), []).append(number)
    missing = [key for key, answer in ledger.acknowledged.items() if answer["number"] not in found.get(key, [])]
    return {"missing": len(missing), "twice": sum(len(numbers) > 1 for numbers in found.values())}


def _is_proved(connection: psycopg.Connection[Any], answer: dict[str, str]) -> bool:
    """The receipt names an entry of the journal, byte for byte."""
    receipt = Receipt.parse(answer["receipt"])
    entry = connection.execute("SELECT body FROM journal_entries WHERE id = %s", (receipt.entry_id,)).fetchone()
    return entry is not None and proves(receipt, bytes(entry[0]))
