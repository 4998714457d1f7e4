"""The database a command works on: that of CANDOR_DATABASE_URL, or the embedded one in the data folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import SecretStr

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
