"""The database a command works on: that of CANDOR_DATABASE_URL, or the embedded one in the data folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from app.config import Settings
from app.infra import postgres
from app.kernel.errors import Refused

Progress = Callable[[str], None]


@contextmanager
def running_database(settings: Settings, progress: Progress) -> Iterator[Settings]:
    """The settings with `database_url` filled in; the embedded server runs meanwhile."""
    if settings.database_url is not None:
        address = _with_driver(settings.database_url.get_secret_value())
        yield settings.model_copy(update={"database_url": SecretStr(address)})
        return
    with postgres.ensure_running(settings.data_dir, progress=progress) as server:
        yield settings.model_copy(update={"database_url": SecretStr(server.url)})


@contextmanager
def installation(settings: Settings, progress: Progress) -> Iterator[Settings]:
    """As `running_database`, with an installation in it: an empty one is made, without demonstration."""
    with running_database(settings, progress) as ready:
        prepare(ready, demo=False, progress=progress)
        yield ready


def prepare(settings: Settings, *, demo: bool, progress: Progress) -> None:
    """Bring the database of these settings to this release; idempotent."""
    from app.operations.install import prepare_installation

    address = owner_url(settings)
    try:
        prepare_installation(settings, address, demo=demo, progress=progress)
    except OperationalError as problem:
        reason = str(problem.orig).strip().splitlines()[0]
        raise Refused(f"The database does not answer: {reason}.") from problem


def owner_url(settings: Settings) -> str:
    """Where the owner logs in."""
    if settings.database_url is None:
        raise Refused("No database is running: use running_database first.")
    return settings.database_url.get_secret_value()


def _with_driver(address: str) -> str:
    scheme, mark, rest = address.partition("://")
    if not mark or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise Refused("CANDOR_DATABASE_URL must begin with postgresql://.")
    return f"postgresql+psycopg://{rest}"
