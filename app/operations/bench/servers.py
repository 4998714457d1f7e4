"""What the load is put on: the very server that `up` starts, and beside it the barest that could do the like."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.config import PROJECT
from app.infra.schema import bare
from app.kernel.errors import Refused

PORTS = range(18100, 18999)
READY_WITHIN = 120.0
END_WITHIN = 30.0
COMMAND = [sys.executable, "-P", "-m"]


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    port: int
    process: "subprocess.Popen[str]"


def free_port() -> int:
    """A port that nobody listens on, of those that no outgoing connection is given, drawn at random."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Refused(f"No free port between {PORTS[0]} and {PORTS[-1]}.")


def candor(*words: str, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """One command of ours, to its end."""
    return subprocess.run(  # noqa: S603 -- our own command
        [*COMMAND, "app.cli", *words], text=True, capture_output=True, check=False, env=environment(env), cwd="/"
    )


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, without what would lead a command elsewhere than where it is told to go."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CANDOR_")}
    return kept | {"PYTHONPATH": str(PROJECT), "CANDOR_LIMITS": "off"} | dict(more or {})


@contextmanager
def served(data: Path) -> Iterator[Running]:
    """`up` on this data folder, on a free port, until the block ends."""
    port = free_port()
    words = [*COMMAND, "app.cli", "up", "--no-demo", "--port", str(port), "--data", str(data)]
    with _started(words, port, data.parent / f"{data.name}.log", {}) as running:
        yield running


@contextmanager
def twin(owner_url: str, log: Path) -> Iterator[Running]:
    """The bare route, with a database of its own on the same server."""
    name, port = f"{make_url(owner_url).database}_twin", free_port()
    with psycopg.connect(bare(owner_url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        place = make_url(owner_url).set(database=name).render_as_string(hide_password=False)
        words = [*COMMAND, "app.operations.bench.twin", str(port)]
        try:
            with _started(words, port, log, {"TWIN_DATABASE_URL": place}) as running:
                yield running
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _started(words: list[str], port: int, log: Path, env: Mapping[str, str]) -> Iterator[Running]:
    with log.open("w") as said:
        process = subprocess.Popen(  # noqa: S603 -- our own commands
            words, text=True, stdout=said, stderr=said, env=environment(env), cwd="/"
        )
    try:
        _wait_until_ready(process, port, log)
        yield Running(port, process)
    finally:
        process.terminate()
        try:
            process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: "subprocess.Popen[str]", port: int, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if f"ready http://127.0.0.1:{port}" in log.read_text():
            return
        time.sleep(0.05)
    raise Refused(f"The server did not start; see {log}.")
