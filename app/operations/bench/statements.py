"""Counts the statements of a request, in this very process, and asks the planner how each is done."""

import asyncio
import importlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy import event as listening  # noqa: TID251 -- the bench counts statements and changes nothing

from app.config import Settings
from app.infra.db import Databases, Door
from app.operations.bench.client import OK, Answer, Ask, Make
from app.operations.serve import WEB

INDEX_SCANS = ("Index Scan", "Index Only Scan", "Bitmap Index Scan")


@dataclass(frozen=True)
class Statement:
    """One statement as it was sent, without begin and commit."""

    text: str
    values: Any


@contextmanager
def counted() -> Iterator[list[Statement]]:
    """Every statement that any engine of this process sends meanwhile."""
    sent: list[Statement] = []

    def note(_conn: Any, _cursor: Any, text: str, values: Any, _context: Any, _many: Any) -> None:
        sent.append(Statement(text, values))

    listening.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        listening.remove(Engine, "before_cursor_execute", note)


def statements_of(settings: Settings, owner_url: str, makes: Sequence[Make]) -> list[list[Statement]]:
    """What a second request of each kind sends: by then everything is warm."""
    # Named, not imported: it stands above this module.
    app: FastAPI = getattr(importlib.import_module(WEB[0]), WEB[1])(
        settings.model_copy(update={"limits": "off"}), owner_url
    )
    return asyncio.run(_statements(app, makes))


async def _statements(app: FastAPI, makes: Sequence[Make]) -> list[list[Statement]]:
    found, bad = [], []
    async with app.router.lifespan_context(app):
        for make in makes:
            await call(app, make(0))
            with counted() as sent:
                answer = await call(app, make(1))
            found.append(list(sent))
            bad += [] if answer.status in OK else [f"{make(1).path} answered {answer.status}"]
    # Said only now: the application has closed what it had opened.
    if bad:
        raise RuntimeError(bad[0])
    return found


async def call(app: FastAPI, ask: Ask) -> Answer:
    """One request to the application, without a network between."""
    path, _, query = ask.path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": ask.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in {"host": "127.0.0.1", **ask.headers}.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[dict[str, Any]] = []
    bodies = iter([{"type": "http.request", "body": ask.body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(bodies, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    with suppress(Exception):  # the application has answered 500 by then, and said why in its log
        await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answer(sent[0]["status"], body)


@dataclass(frozen=True)
class Plan:
    """How the planner goes about one statement: the tables it reads through, the indexes it uses."""

    statement: str
    read_through: tuple[str, ...]
    indexes: tuple[str, ...]


def plans_of(databases: Databases, door: Door, session_hash: bytes, statements: list[Statement]) -> list[Plan]:
    """The plans of the selects among these, as that door's own role and person."""
    with psycopg.connect(databases.dsn(door)) as connection:
        connection.execute("SELECT set_config('candor.session', %s, false)", (session_hash.hex(),))
        return [_plan(connection, each) for each in statements if each.text.lstrip().upper().startswith("SELECT")]


def _plan(connection: psycopg.Connection[Any], statement: Statement) -> Plan:
    row = connection.execute(("EXPLAIN (FORMAT JSON) " + statement.text).encode(), statement.values).fetchone()
    found = row[0] if row else []
    nodes = list(_nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]))
    return Plan(
        statement.text,
        tuple(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"),
        tuple(node["Index Name"] for node in nodes if node["Node Type"] in INDEX_SCANS),
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
