"""The installation a command works on: its database running, its schema up to date, its house open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.config import Settings
from app.kernel.errors import Refused
from app.operations.database import owner_url, running_database

if TYPE_CHECKING:
    from app.access.work import House

DEMONSTRATION = "app.imports.demonstration"
Progress = Callable[[str], None]


def prepare(settings: Settings, *, demo: bool, progress: Progress) -> None:
    """Make the installation in the running database, or bring it to this release; safe to run again."""
    from psycopg import OperationalError
    from sqlalchemy.exc import OperationalError as EngineError

    from app import stages
    from app.operations.install import prepare_installation

    # What follows from an event later is the worker's; the demonstration does it itself, at its own moments.
    fill = partial(import_module(DEMONSTRATION).fill, jobs=stages.JOBS) if demo and find_spec(DEMONSTRATION) else None
    try:
        prepare_installation(settings, owner_url(settings), stages.WIRING, demo=demo, progress=progress, fill=fill)
    except (OperationalError, EngineError) as problem:
        reason = str(getattr(problem, "orig", problem)).strip().splitlines()[0]
        raise Refused(f"The database does not answer: {reason}.") from problem


@contextmanager
def installation(settings: Settings, progress: Progress) -> Iterator[Settings]:
    """The settings of a standing installation, `database_url` filled in; an empty folder gets one first."""
    with running_database(settings, progress) as ready:
        prepare(ready, demo=False, progress=progress)
        yield ready


@contextmanager
def opened_house(settings: Settings, progress: Progress) -> Iterator["House"]:
    """The same, with its house open for `open_work(house, actor)`."""
    from app import stages
    from app.operations.house import open_house

    with installation(settings, progress) as ready:
        house = open_house(ready, owner_url(ready), stages.WIRING)
        try:
            yield house
        finally:
            house.databases.dispose()
