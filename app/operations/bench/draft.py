"""A complaint that was begun outlives everything: killed between two pages, its words open it where it was left."""

import html
import os
import random
import re
import shutil
import signal
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.error import HTTPError

import psycopg

from app.config import Settings
from app.infra.schema import bare
from app.kernel.errors import Refused
from app.operations.bench import door, kill, servers
from app.operations.bench.figures import Proof
from app.operations.database import owner_url, running_database

WORDS = re.compile(r'words__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<')
GIVEN = re.compile(r'receipt__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<')
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """How many were begun, at how many deaths, and how many came back whole and were sent."""

    begun: int
    deaths: int
    where_it_was_left: int
    sent: int
    whole: int
    left_over: int

    @property
    def holds(self) -> bool:
        """True where each came back at its page and was sent under its own words with all that was told."""
        return self.begun > 0 and {self.where_it_was_left, self.sent, self.whole} == {self.begun} and not self.left_over


class Visitor:
    """A browser without script: it knows only the page before it."""

    def __init__(self, port: int, told: str) -> None:
        self.port, self.told, self.text = port, told, ""

    @property
    def form(self) -> bytes:
        found = door.FORM.search(self.text.encode())
        if found is None:
            raise Refused("There is no form on this page.")
        return found.group()

    @property
    def hidden(self) -> dict[str, str]:
        return {name.decode(): html.unescape(value.decode()) for name, value in door.HIDDEN.findall(self.form)}

    @property
    def at(self) -> str:
        """The page that is shown."""
        return self.hidden.get("page", "")

    @property
    def words(self) -> str:
        """The words that the page shows to come back with."""
        found = WORDS.search(self.text)
        return found.group(1) if found else ""

    def press(self, to: str, fields: dict[str, str]) -> int:
        """Sends a form and reads the page that comes."""
        body = urllib.parse.urlencode(fields).encode()
        ask = urllib.request.Request(f"http://127.0.0.1:{self.port}/file/{to}?lang=en", body)
        try:
            with urllib.request.urlopen(ask, timeout=60) as answer:  # noqa: S310 -- our own server
                self.text = answer.read().decode()
                return int(answer.status)
        except HTTPError as refused:
            self.text = refused.read().decode()
            return refused.code

    def begin(self) -> None:
        self.press("answer", {"go": "next"})

    def turn(self) -> None:
        """Answers this page and goes on; what must be answered besides gets the first that is offered."""
        known = {name: value for name, value in door.KNOWN.items() if name.encode() in door.NAMED.findall(self.form)}
        if "narrative" in known:
            known["narrative"] = self.told
        if self.press("answer", self.hidden | known | {"go": "next"}) == 422:
            for name, value in door.OFFERED.findall(self.form):
                known.setdefault(name.decode(), value.decode())
            self.press("answer", self.hidden | known | {"go": "next"})

    def send(self) -> str:
        """Goes on to the end; the passphrase of the receipt."""
        for _ in range(door.MOST_PAGES):
            if door.SEND in self.form:
                break
            self.turn()
        self.press("send", self.hidden)
        return str(GIVEN.findall(self.text)[1])


@dataclass(frozen=True)
class Begun:
    """One that was left: its words, and where."""

    told: str
    words: str
    at: str


def places(folder: Path) -> int:
    """Between how many pages one may be interrupted, after something was told."""
    with servers.served(folder / "data") as up:
        return door.learn(up.port).pages - 2


def resume_after_deaths(folder: Path, rounds: Sequence[Sequence[int]], progress: Progress) -> Outcome:
    """In each round a complaint is left after so many pages, for each number; then all is killed and started again."""
    folder.mkdir(parents=True, exist_ok=True)
    begun: list[Begun] = []
    back: list[tuple[Begun, str, str]] = []
    for number, pages in enumerate(rounds, 1):
        with servers.served(folder / "data") as up:
            back += [_resumed(up.port, each) for each in begun[len(back) :]]
            begun += [_begun(up.port, count, f"Told in round {number} after {count} pages.") for count in pages]
            _kill_all(up.process.pid, folder / "data")
        progress(f"killed {number} of {len(rounds)}")
    with servers.served(folder / "data") as up:
        back += [_resumed(up.port, each) for each in begun[len(back) :]]
    return _reckon(folder / "data", begun, back, len(rounds), progress)


def _begun(port: int, pages: int, told: str) -> Begun:
    visitor = Visitor(port, told)
    visitor.begin()
    turned = 0
    while turned < pages:
        visitor.turn()
        turned += bool(visitor.words)
    return Begun(told, visitor.words, visitor.at)


def _resumed(port: int, left: Begun) -> tuple[Begun, str, str]:
    visitor = Visitor(port, left.told)
    visitor.press("resume/open", {"passphrase": left.words})
    at = visitor.at if visitor.words == left.words else ""
    return left, at, visitor.send()


def _kill_all(up: int, data: Path) -> None:
    everybody = kill.crowd(up, data)
    for pid in random.sample(everybody, len(everybody)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if not kill.gone(everybody):
        raise RuntimeError("A killed process is still there.")


def _reckon(data: Path, begun: list[Begun], back: list[tuple[Begun, str, str]], deaths: int, say: Progress) -> Outcome:
    with running_database(Settings.read(data_dir=data), say) as ready, psycopg.connect(bare(owner_url(ready))) as sql:
        told = {row[0]: row[1] for row in sql.execute("SELECT narrative, location FROM filings").fetchall()}
        drafts = sql.execute("SELECT count(*) FROM drafts").fetchone()
    return Outcome(
        begun=len(begun),
        deaths=deaths,
        where_it_was_left=sum(left.at == at for left, at, _ in back),
        sent=sum(left.words == words for left, _, words in back),
        whole=sum(told.get(each.told) == door.KNOWN["location"] for each in begun),
        left_over=drafts[0] if drafts else 0,
    )


def prove_draft(folder: Path, progress: Progress) -> Proof:
    """Between every two pages once."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    outcome = resume_after_deaths(folder, [[place] for place in range(1, places(folder) + 1)], progress)
    shutil.rmtree(folder)
    return Proof(
        outcome.holds,
        asdict(outcome),
        "A complaint by the form, left after each page in turn; kill -9 of up, its web processes, worker, keeper and "
        "the whole database server as soon as that page was answered; then up again, the words typed at /file/resume, "
        "and on to Send: the page that was left, all that was told, the same words on the receipt, and no draft left.",
    )
