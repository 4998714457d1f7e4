"""A real installation in a folder, for what cannot be proved inside one transaction."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from app import stages
from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House
from app.cli.installation import prepare
from app.config import Settings
from app.infra.db import Door
from app.infra.postgres import ensure_running
from app.main import create_app
from app.operations.database import owner_url, running_database
from app.operations.house import open_house


@dataclass(frozen=True)
class Installed:
    """Its settings, with the database's address, and its open house."""

    settings: Settings
    house: House

    @property
    def url(self) -> str:
        """The owner's address."""
        return owner_url(self.settings)

    def anyone(self) -> Actor:
        """A resident of whom nothing is known."""
        return Actor.anyone(Door.RESIDENT, self.house.access.of(frozenset({Role.ANYONE})))


def quiet(_: str) -> None:
    """No progress."""


@contextmanager
def hasty_database(folder: Path) -> Iterator[Settings]:
    """The database of an installation in this folder, which does not wait for the disk: no test cuts its power."""
    with (
        ensure_running(folder, settings={"fsync": "off"}),
        running_database(Settings.read(data_dir=folder), quiet) as settings,
    ):
        yield settings


@contextmanager
def installation_at(folder: Path) -> Iterator[Installed]:
    """Makes the installation where there is none, and opens it."""
    with hasty_database(folder) as settings:
        prepare(settings, demo=False, progress=quiet)
        house = open_house(settings, owner_url(settings), stages.WIRING)
        try:
            yield Installed(settings, house)
        finally:
            house.databases.dispose()


@contextmanager
def served(installed: Installed) -> Iterator[str]:
    """The application of this installation on a free port of this machine, in a thread, until the block ends."""
    settings = installed.settings.model_copy(update={"limits": "off"})
    app = create_app(settings, installed.url, opening=lambda: installed.house)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
