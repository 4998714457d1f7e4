"""Asks every route by every method and in every format, as one person, and notes which words came back."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

import httpx
import pypdf
from fastapi import FastAPI
from pypdf.errors import PyPdfError
from starlette.routing import BaseRoute

from tests.access.test_routes import routes_of as every_route

PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
# They end the sessions that crawl, and say nothing.
LEFT_OUT = {
    "/leave",
    "/sign-out",
    "/my/sign-out",
    "/office/account/sessions/revoke-others",
    "/office/users/{account_id}/disable",
    "/office/users/{account_id}/reset",
}
# A file that no scanner found clean is given out by a step more: everybody takes it, also whoever was not offered it.
A_FILE = re.compile(r"/download|/files/\{file_id\}")
KNOWING = "?knowing=yes"
# What a file says of place, time and device is opened as the file is.
FACTS = "hidden facts of"
# What is shut for one case may be open for the next: only who finds no place of a route open leaves it.
SHUT = {303, 401, 403}
KNOCKS = 3
MOST_PLACES = 40
FEW_PLACES = 4
WITH_PARTS = 4
PAPERS = 256

Candidate = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One route as a reader may ask it."""

    method: str
    path: str


@dataclass
class Person:
    """Somebody before the house: their name in the matrix, and what opens their doors."""

    label: str
    client: httpx.Client
    bearer: str = ""
    token: str = ""
    seen: dict[str, set[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """One request; a failure of ours is noted, whatever it said."""
        headers = {"sec-fetch-site": "same-origin", **given.pop("headers", {})}
        if self.bearer and path.startswith("/api/"):
            headers["authorization"] = f"Bearer {self.bearer}"
        got = self.client.request(method, path, headers=headers, **given)
        if got.status_code >= 500 and path != "/readyz":
            self.failures.append(f"{method} {path}: {got.status_code}")
        return got

    def press(self, path: str, files: Any = None, **fields: str) -> httpx.Response:
        """A form as its page would send it."""
        got = self.ask("POST", path, data={"csrf_token": self.token} | fields, files=files)
        assert got.status_code == 303, f"{path}: {got.status_code} {got.text[:2000]}"
        return got


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[Asked]:
    """Every route but the built files, by each of its methods."""
    for route in every_route(list(routes)):
        yield from (Asked(method, route.path) for method in sorted((route.methods or set()) - {"HEAD"}))


class Crawler:
    """Knows the routes, what may stand in their places, and the words to look for."""

    def __init__(self, app: FastAPI, places: Mapping[str, list[Candidate]], words: Mapping[str, str]) -> None:
        self._routes = sorted(set(routes_of(app.routes)), key=lambda asked: (asked.path, asked.method))
        self._places = places
        self._words = {word.casefold(): compartment for compartment, word in words.items()}

    @property
    def unplaced(self) -> set[str]:
        """Place-holders of routes for which there is nothing to put in."""
        return {name for asked in self._routes for name in PLACE.findall(asked.path)} - set(self._places)

    def read(self, person: Person) -> None:
        """All that this person can fetch; a door that stays shut at several places is shut."""
        self._visit(person, [asked for asked in self._routes if asked.method == "GET"], MOST_PLACES)

    def send(self, person: Person) -> None:
        """All that this person could change, with nothing in the form: what is refused answers too."""
        self._visit(person, [asked for asked in self._routes if asked.method != "GET"], FEW_PLACES)

    def _visit(self, person: Person, routes: Iterable[Asked], most: int) -> None:
        for asked in routes:
            if asked.path not in LEFT_OUT:
                self._try(person, asked, most)

    def _try(self, person: Person, asked: Asked, most: int) -> None:
        shut = 0
        for number, path in enumerate(islice(self._paths(asked.path), most)):
            got = self._send(person, asked.method, path)
            self.note(person, f"{asked.method} {asked.path}", got)
            if got.status_code in SHUT:
                shut += 1
                if shut == number + 1 == KNOCKS:
                    return
                continue
            if asked.method == "GET" and A_FILE.search(asked.path):
                self.note(person, f"original of {asked.path}", self._send(person, "GET", f"{path}{KNOWING}"))
                self.note(person, f"{FACTS} {asked.path}", self._send(person, "GET", f"{path}?as=facts"))
            if asked.method == "GET" and number < WITH_PARTS:
                self.note(person, f"part of {asked.path}", self._send(person, "GET", path, {"hx-request": "true"}))

    def _send(self, person: Person, method: str, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """What changes something is asked with an empty body: its refusal is an answer that is read too."""
        if method == "GET":
            return person.ask("GET", path, headers=dict(headers or {}))
        if path.startswith("/api/"):
            return person.ask(method, path, json={})
        return person.ask(method, path, data={"csrf_token": person.token})

    def _paths(self, path: str) -> Iterator[str]:
        combined: list[dict[str, str]] = [{}]
        for name in PLACE.findall(path):
            combined = [
                {**known, **candidate}
                for known in combined
                for candidate in self._places[name]
                if all(known.get(key, value) == value for key, value in candidate.items())
            ]
        for known in combined:
            yield PLACE.sub(lambda place, known=known: known[place[1]], path)  # type: ignore[misc]

    def note(self, person: Person, where: str, got: httpx.Response) -> None:
        """Looks for every word in all of an answer: status line, headers, body, and what lies packed in it."""
        headers = " ".join(f"{name}: {value}" for name, value in got.headers.items())
        text = f"{headers}\n{readable(got.content, got.headers.get('content-type', ''))}".casefold()
        for word, compartment in self._words.items():
            if word in text:
                person.seen.setdefault(compartment, set()).add(where)


def readable(content: bytes, kind: str = "") -> str:
    """The text of an answer or a file, also of a PDF with its metadata and attachments, and of a ZIP."""
    text = content.decode("utf-8", "replace")
    if content.startswith(b"%PDF"):
        text += _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text += " ".join(f"{name} {readable(archive.read(name))}" for name in archive.namelist())
    return text


# A paper has the same bytes each time, whoever asks for it: reading it was half of the crawlers' time.
@lru_cache(maxsize=PAPERS)
def _pdf(content: bytes) -> str:
    try:
        paper = pypdf.PdfReader(io.BytesIO(content))
        pages = " ".join(page.extract_text() for page in paper.pages)
        files = " ".join(f"{name} {readable(data)}" for name, many in paper.attachments.items() for data in many)
    except PyPdfError as problem:
        raise AssertionError(f"a PDF that cannot be read: {problem}") from problem
    return f"{pages} {paper.metadata} {files}"
