"""A real installation in a folder, for what cannot be proved inside one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import stages
from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House
from app.cli.installation import prepare
from app.config import Settings
from app.infra.db import Door
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
def installation_at(folder: Path) -> Iterator[Installed]:
    """Makes the installation where there is none, and opens it."""
    with running_database(Settings.read(data_dir=folder), quiet) as settings:
        prepare(settings, demo=False, progress=quiet)
        house = open_house(settings, owner_url(settings), stages.WIRING)
        try:
            yield Installed(settings, house)
        finally:
            house.databases.dispose()
