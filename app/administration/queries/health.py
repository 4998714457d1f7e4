"""Whether everything that should run does, and the figures that a monitor collects: counts only, nobody's data."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg import Error as DriverError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.access import halves, routes
from app.access.actor import Actor
from app.access.work import House, Work, open_work
from app.infra.db import Door
from app.infra.schema import head

HEARTBEAT_WITHIN = 45
KEPT_SECONDS = 2.0
BACKUP_WITHIN = timedelta(days=2)
JOB_STATES = ("todo", "doing", "failed")

_MIGRATION = text("SELECT version_num FROM alembic_version")
_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :within)"
)
_JOBS = text(
    "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"
)
_SEALED = text("SELECT coalesce(max(index) + 1, 0) FROM journal_leaves")
_UNSEALED = text("SELECT unsealed_entries()")
_SETTLED = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
_NEW_BY_TAG = text("SELECT tag, entries FROM events_by_tag(CAST(:since AS xid8), CAST(:until AS xid8))")


@dataclass(frozen=True)
class Check:
    """One thing that must be so, and what is so."""

    name: str
    ok: bool
    words: str


@dataclass(frozen=True)
class Figures:
    """What a monitor collects."""

    events: dict[str, int]
    jobs: dict[str, int]
    sealed: int
    unsealed: int


class Readiness:
    """Asked by anybody as often as they like; looked into once in two seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._found: list[Check] = []

    def of(self, house: House) -> list[Check]:
        """Database, migrations, worker and storage."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = readiness(house)
                self._until = time.monotonic() + KEPT_SECONDS
            return self._found


def readiness(house: House) -> list[Check]:
    """Looks now."""
    return [*_database(house), _storage(house)]


def _database(house: House) -> list[Check]:
    try:
        with open_work(house, Actor.system("readiness", Door.OFFICE)) as work:
            return [Check("database", ok=True, words="answers"), migrations(work), worker(work)]
    except (SQLAlchemyError, DriverError):
        return [Check("database", ok=False, words="does not answer")]


def migrations(work: Work) -> Check:
    """Whether the schema is the one that this release was written for."""
    found, wanted = work.session.scalar(_MIGRATION), head()
    if found == wanted:
        return Check("migrations", ok=True, words=f"at {found}")
    return Check("migrations", ok=False, words=f"at {found}, this release needs {wanted}: run ./candor upgrade")


def worker(work: Work) -> Check:
    """Whether a worker has been heard of lately."""
    alive = work.session.scalar(_WORKERS, {"within": HEARTBEAT_WITHIN}) or 0
    return Check("worker", ok=alive > 0, words="is heard of" if alive else "has not been heard of for a while")


def _storage(house: House) -> Check:
    try:
        house.storage.check()
    except Exception as failure:  # noqa: BLE001 - any store fails in its own way; that it does is the answer
        return Check("storage", ok=False, words=f"cannot be written and read ({type(failure).__name__})")
    return Check("storage", ok=True, words="takes, gives back and deletes a file")


class EventCounts:
    """Events by tag since ever: counted once in full, then only what has been added and is settled."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since = "0"
        self._totals: dict[str, int] = {}

    def up_to_now(self, work: Work) -> dict[str, int]:
        """The totals of all entries whose transactions no running one can precede."""
        with self._lock:
            until = str(work.session.scalar(_SETTLED))
            for tag, count in work.session.execute(_NEW_BY_TAG, {"since": self._since, "until": until}):
                self._totals[tag] = self._totals.get(tag, 0) + count
            self._since = until
            return dict(self._totals)


def figures(house: House, counts: EventCounts) -> Figures:
    """Everything a monitor collects, in one look."""
    with open_work(house, Actor.system("metrics", Door.OFFICE)) as work:
        return Figures(counts.up_to_now(work), jobs(work), sealed(work), unsealed(work))


def jobs(work: Work) -> dict[str, int]:
    """How many jobs wait, run and have failed."""
    found = {str(status): int(count) for status, count in work.session.execute(_JOBS)}
    return {state: found.get(state, 0) for state in JOB_STATES}


def sealed(work: Work) -> int:
    """How many entries have their place in the tree."""
    return int(work.session.scalar(_SEALED) or 0)


def unsealed(work: Work) -> int:
    """How many wait for it."""
    return int(work.session.scalar(_UNSEALED) or 0)


def backups(work: Work, folder: Path | None) -> Check:
    """How old the newest backup in the agreed folder is."""
    if folder is None:
        return Check("backups", ok=False, words="have no folder agreed: set CANDOR_BACKUP_DIR, or run ./candor setup")
    newest = newest_backup(folder)
    if newest is None:
        return Check("backups", ok=False, words=f"are missing: run ./candor backup {folder}/FILE")
    age = work.now - newest
    words = "is from today" if age.days == 0 else f"is {age.days} days old"
    return Check("backups", ok=age <= BACKUP_WITHIN, words=f"are kept: the newest {words}")


def special_routes(work: Work) -> Check | None:
    """Whether somebody could take every complaint that goes another way; whose way it is, is not said."""
    held = routes.held_here(work)
    empty = [route for route in work.book.special_routes if not set(route.handled_by) & held]
    if not work.book.special_routes:
        return None
    if not empty:
        return Check("complaints that go another way", ok=True, words="can each be taken by somebody")
    named = sorted({name for route in empty for name in route.handled_by})
    words = f"would be read by nobody: let in somebody as {halves.said(work.book, named)}"
    return Check("complaints that go another way", ok=False, words=words)


def newest_backup(folder: Path) -> datetime | None:
    """When the newest file that has its keys beside it was written."""
    if not folder.is_dir():
        return None
    whole = [file for file in folder.iterdir() if file.is_file() and file.with_name(f"{file.name}.keys").exists()]
    return max((datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in whole), default=None)
