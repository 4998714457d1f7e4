"""One command's use of the embedded server: found running or started, and let go at the end."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from app.infra.postgres import cluster
from app.infra.postgres.cluster import EARLY_LOG, KEEPER, STATE, USERS
from app.infra.postgres.processes import wait_until
from app.kernel.errors import Refused

STARTING = "database.starting"
PROJECT = Path(__file__).resolve().parents[3]
STOP_WITHIN = 20.0
START_WITHIN = 120.0
ATTEMPTS = 3


def _quiet(_: str) -> None:
    return


@dataclass
class Server:
    """A running server; `url` is the owner's, and `stop` lets go of it."""

    url: str = field(repr=False)
    started_here: bool
    data_dir: Path
    users: IO[str] = field(repr=False)

    def stop(self) -> None:
        """Let go. When nobody else uses it, wait until the server and its keeper have gone."""
        if self.users.closed:
            return
        is_last = _try(self.users, fcntl.LOCK_EX)
        self.users.close()
        if is_last or not _try_once(self.data_dir / USERS, fcntl.LOCK_SH):
            wait_until(lambda: not _is_kept(self.data_dir), STOP_WITHIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def ensure_running(
    data_dir: Path, *, progress: Callable[[str], None] = _quiet, settings: Mapping[str, str] | None = None
) -> Server:
    """Use the server of this data folder; start it, and make it, where that is needed.

    `settings` are more lines for the configuration; they count only for whoever starts the server.
    """
    data_dir = data_dir.absolute()
    cluster.private_folder(data_dir)
    users = _lock_file(data_dir / USERS)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is stopping the server
        with _lock_file(data_dir / STARTING) as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            started_here = _find_or_start(data_dir, progress, settings or {})
            url = _url(data_dir)
    except BaseException:
        users.close()
        raise
    return Server(url=url, started_here=started_here, data_dir=data_dir, users=users)


def _find_or_start(data_dir: Path, progress: Callable[[str], None], settings: Mapping[str, str]) -> bool:
    """True where it was started here. A keeper that is on its way out is waited for, and another one started."""
    for _ in range(ATTEMPTS):
        if not _is_kept(data_dir):
            _start(data_dir, progress, settings)
            return True
        if _is_announced(data_dir):
            return False
    raise Refused("The database does not answer: run the command again.")


def _is_announced(data_dir: Path) -> bool:
    """A keeper whose starter was killed may not be ready yet; one that is ending has taken its note away."""
    state = data_dir / STATE
    wait_until(lambda: state.exists() or not _is_kept(data_dir), START_WITHIN)
    return state.exists() and _is_kept(data_dir)


def _start(data_dir: Path, progress: Callable[[str], None], settings: Mapping[str, str]) -> None:
    _lock_file(data_dir / KEEPER).close()
    command = [
        sys.executable,
        "-P",
        "-m",
        "app.infra.postgres.keeper",
        str(data_dir),
        json.dumps(dict(settings)),
    ]
    environment = dict(os.environ) | {"PYTHONPATH": str(PROJECT)}
    with (
        _lock_file(data_dir / EARLY_LOG, os.O_TRUNC) as errors,
        subprocess.Popen(  # noqa: S603 -- our own module
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
            cwd="/",
            start_new_session=True,
        ) as keeper,
    ):
        for line in keeper.stdout or ():
            if _is_finished(line.rstrip("\n"), progress):
                return
    raise Refused(f"The database did not start; see {data_dir / EARLY_LOG}.")


def _is_finished(line: str, progress: Callable[[str], None]) -> bool:
    kind, _, words = line.partition(" ")
    if kind == "refused":
        raise Refused(words)
    if kind == "progress":
        progress(words)
    return kind == "ready"


def _url(data_dir: Path) -> str:
    place = json.loads((data_dir / STATE).read_text())["socket"]
    login = f"{cluster.OWNER}:{quote(cluster.password(data_dir), safe='')}"
    return f"postgresql+psycopg://{login}@/{cluster.DATABASE}?host={quote(place)}&port=5432"


def _is_kept(data_dir: Path) -> bool:
    return not _try_once(data_dir / KEEPER, fcntl.LOCK_SH)


def _try_once(path: Path, kind: int) -> bool:
    with _lock_file(path) as file:
        return _try(file, kind)


def _try(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_file(path: Path, more: int = 0) -> IO[str]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | more, 0o600)
    cluster.give_to_owner(path.parent, handle)
    return os.fdopen(handle, "r+")
