"""The database: one role and small pool for each door, and the base of every record."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Any, ClassVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import URL, DateTime, Engine, ForeignKey, MetaData, Uuid, create_engine, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, sessionmaker

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Door(StrEnum):
    """The doors of the house; each is a database role `<database>_<door>` and a pool of its own."""

    PUBLIC = "public"
    RESIDENT = "resident"
    OFFICE = "office"
    COMMISSION = "commission"
    DEPARTMENT = "department"
    WORKER = "worker"
    SEALER = "sealer"
    PUBLISHER = "publisher"
    BACKUP = "backup"


POOL_SIZES = {Door.OFFICE: 6, Door.RESIDENT: 6, Door.PUBLIC: 4}
OTHER_POOLS = 2


def hidden_key() -> UUID:
    """A key that nobody outside ever sees: ordered in time, so that indexes stay compact."""
    return uuid_utils.compat.uuid7()


class Table(DeclarativeBase):
    """Base of every table, recorded or not."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: DateTime(timezone=True), UUID: Uuid(), dict[str, Any]: JSONB}  # noqa: RUF012 - SQLAlchemy's own form


class Record(Table):
    """Base of every row that people or the law care about: it names the journal entry that last touched it."""

    __abstract__ = True
    # Columns whose words the entry that last touched the row commits to: a change past the journal is found by them.
    committed: ClassVar[tuple[str, ...]] = ()

    last_entry_id: Mapped[UUID]


def reference(target: str) -> ForeignKey:
    """A foreign key that is checked at the commit, so that one transaction may write its rows in any order."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


class Databases:
    """One engine for each door, opened when first used; made after a fork, never before."""

    def __init__(self, owner_url: str, password_of: Callable[[str], str], read_url: str | None = None) -> None:
        self._owner = make_url(owner_url)
        self._password_of = password_of
        self._read = make_url(read_url) if read_url else None
        self._engines: dict[Door, Engine] = {}
        self._makers: dict[Door, sessionmaker[Session]] = {}
        self._first = Lock()

    @property
    def vouching_key(self) -> bytes:
        """With which the program tells the database for whom it stands; nobody who only speaks SQL has it."""
        return hashlib.sha256(self._password_of("vouching").encode()).digest()

    def vouch(self, whom: str) -> str:
        """What `vouched()` in the database believes."""
        return f"{whom}:{hashlib.sha256(self.vouching_key + whom.encode()).hexdigest()}"

    @property
    def owner(self) -> URL:
        """The owner's log-in, for set-up, migrations and restore alone."""
        return self._owner

    @property
    def name(self) -> str:
        """The database's name, with which every role's name begins."""
        return str(self._owner.database)

    def role(self, door: Door) -> str:
        """The name of a door's role: roles belong to the whole server, agencies to one database."""
        return f"{self.name}_{door}"

    def url(self, door: Door) -> URL:
        """Where a door logs in; the public side reads from the replica where there is one."""
        base = self._read if self._read is not None and door is Door.PUBLIC else self._owner
        return base.set(username=self.role(door), password=self._password_of(door))

    def dsn(self, door: Door) -> str:
        """The same address for a bare psycopg connection."""
        return self.url(door).set(drivername="postgresql").render_as_string(hide_password=False)

    def engine(self, door: Door) -> Engine:
        """The door's engine; many requests at once make one, or the others' connections would be lost."""
        with self._first:
            if door not in self._engines:
                size = POOL_SIZES.get(door, OTHER_POOLS)
                self._engines[door] = engine_at(self.url(door), size)
            return self._engines[door]

    def session(self, door: Door) -> Session:
        """A new session of a door; `Work` alone opens them."""
        if door not in self._makers:
            self._makers[door] = sessionmaker(self.engine(door), expire_on_commit=False, autoflush=False)
        return self._makers[door]()

    def dispose(self) -> None:
        """Closes every pool."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        self._makers.clear()


def engine_at(url: URL, size: int) -> Engine:
    """An engine that never puts a parameter into an error, and fails rather than waits for ever."""
    return create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=20,
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args={"application_name": "candor"},
    )
