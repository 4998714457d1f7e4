"""As each door's role, with every kind of session: whatever is tried in raw SQL on every table, only this comes back.

The golden file `raw_sql.golden` is the whole table, written anew with CANDOR_WRITE_POLICIES=1 once the difference
was looked at. s: a row is shown; i: another one is taken; u: one is changed; d: one is deleted.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.access.actor import Actor
from app.access.work import House
from app.infra.db import Door
from tests.access.test_catalogue import WRITE
from tests.access.test_walled_tables import walled_by_policy
from tests.access.world import SCHEMAS, World, insert_of, key_of
from tests.make import Make

GOLDEN = Path(__file__).with_name("raw_sql.golden")
ROLES = {
    Door.OFFICE: ("investigator", "director", "analyst", "administrator", "auditor", "outsider"),
    Door.COMMISSION: ("commissioner", "secretary"),
    Door.DEPARTMENT: ("liaison",),
}
NO_SESSION = ("none", "ended", "forged", "disabled")
WITHOUT = (Door.PUBLIC, Door.RESIDENT, Door.WORKER, Door.SEALER, Door.PUBLISHER, Door.BACKUP)
Attempt = Callable[[str], Any]


@pytest.fixture
def world(make: Make, house: House) -> World:
    made = World(make.book.departments[0].code, make.account("director").id)
    with make.owner() as session:
        made.fill(session.connection())
        session.commit()
    return made


class Attacker:
    """Speaks SQL through one door, with whatever session it likes to name."""

    def __init__(self, house: House, world: World, door: Door, session_hash: bytes, me: UUID | None) -> None:
        self.connection: Connection = house.databases.connection  # type: ignore[attr-defined]
        self.world, self.role, self.hash = world, house.databases.role(door), session_hash
        self.me = me or world.somebody

    def letters(self, table: str) -> str:
        """What of the four is let through."""
        tries: Mapping[str, Callable[[str], int]] = {
            "s": self._select,
            "i": self._insert,
            "u": self._update,
            "d": lambda name: self._run(f"DELETE FROM {name}"),
        }
        return "".join(letter for letter, attempt in tries.items() if self._tried(attempt, table))

    def _tried(self, attempt: Callable[[str], int], table: str) -> bool:
        with self._as_role():
            try:
                return attempt(table) > 0
            except IntegrityError:
                # The walls have let it pass; a key stood in its way.
                return True
            except DBAPIError as problem:
                if (
                    "InsufficientPrivilege" in repr(problem.orig)
                    or "UndefinedTable" in repr(problem.orig)
                    or "never changed" in str(problem)
                ):
                    return False
                raise

    @contextmanager
    def _as_role(self) -> Iterator[None]:
        self.connection.execute(text("RESET ROLE"))
        savepoint = self.connection.begin_nested()
        try:
            for name, value in (("candor.session", self.hash.hex()), ("candor.vouched", ""), ("candor.lookup", "")):
                self.connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
            self.connection.execute(text(f'SET LOCAL ROLE "{self.role}"'))
            yield
        finally:
            savepoint.rollback()
            self.connection.execute(text("RESET ROLE"))

    def _run(self, statement: str, row: Mapping[str, Any] | None = None) -> int:
        return self.connection.execute(text(statement), dict(row or {})).rowcount

    def _select(self, table: str) -> int:
        """Any column that is granted shows that the row is there."""
        names = self._granted(table, "SELECT") or [self.world.columns[table][0].name]
        return self._run(f'SELECT "{names[0]}" FROM {table}')

    def _insert(self, table: str) -> int:
        row = self.world.row(table, self.me, fresh=True)
        granted = set(self._granted(table, "INSERT"))
        return self._run(insert_of(table, {name: value for name, value in row.items() if name in granted} or row), row)

    def _update(self, table: str) -> int:
        """A column to what it is: one that is granted, where there is one."""
        names = self._granted(table, "UPDATE") or [self.world.columns[table][0].name]
        return self._run(f'UPDATE {table} SET "{names[-1]}" = "{names[-1]}"')

    def _granted(self, table: str, privilege: str) -> list[str]:
        allowed = granted_to(self.connection, self.role)
        return [each.name for each in self.world.columns[table] if (table, each.name, privilege) in allowed]


@cache
def granted_to(connection: Connection, role: str) -> frozenset[tuple[str, str, str]]:
    """Table, column and privilege, asked once for each role."""
    rows = connection.execute(
        text(
            "SELECT c.oid::regclass::text, a.attname::text, p.privilege FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,"
            " (VALUES ('SELECT'), ('INSERT'), ('UPDATE')) p(privilege)"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text = ANY (:schemas)"
            " AND has_column_privilege(:role, c.oid, a.attnum, p.privilege)"
        ),
        {"role": role, "schemas": list(SCHEMAS)},
    )
    return frozenset((row[0], row[1], row[2]) for row in rows)


def everybody(make: Make) -> Iterator[tuple[str, Door, bytes, UUID | None]]:
    """Each door with each kind of session: of its own people, of none, and of people of another door."""
    for door, roles in ROLES.items():
        for role in roles:
            given = {"outsider": make.book.outsiders[0].code} if role == "outsider" else {}
            actor, _ = make.sign_in(make.account(role, **given), role)
            yield f"{door}/{role}", door, actor.session_hash or b"", actor.id
        for kind in NO_SESSION:
            yield f"{door}/{kind}", door, hash_of_kind(make, kind), None
        stranger = make.actor("liaison" if door is not Door.DEPARTMENT else "commissioner")
        yield f"{door}/of another door", door, stranger.session_hash or b"", stranger.id
    for door in WITHOUT:
        yield f"{door}/none", door, b"", None


def hash_of_kind(make: Make, kind: str) -> bytes:
    """A session's hash that opens nothing."""
    if kind == "none":
        return b""
    if kind == "forged":
        return uuid4().bytes * 2
    account = make.account("director")
    actor, _ = make.sign_in(account, "director")
    change = {
        "ended": "UPDATE sessions SET revoked_at = now() WHERE account_id = :id",
        "disabled": "UPDATE accounts SET status = 'disabled' WHERE id = :id",
    }[kind]
    with make.owner() as session:
        session.execute(text(change), {"id": account.id})
        session.commit()
    return actor.session_hash or b""


def found(make: Make, house: House, world: World) -> dict[str, dict[str, str]]:
    """By who tries, then by table."""
    whole: dict[str, dict[str, str]] = {}
    for name, door, session_hash, me in list(everybody(make)):
        attacker = Attacker(house, world, door, session_hash, me)
        whole[name] = {table: attacker.letters(table) for table in world.columns}
    return whole


def as_text(whole: Mapping[str, Mapping[str, str]]) -> str:
    lines = []
    for name, tables in whole.items():
        lines.append(f"{name}:")
        by_letters: dict[str, list[str]] = {}
        for table, letters in sorted(tables.items()):
            if letters:
                by_letters.setdefault(letters, []).append(table)
        lines += [f"  {letters:<4} {table}" for letters, named in sorted(by_letters.items()) for table in named]
        lines += [] if by_letters else ["  nothing"]
    return "\n".join(lines) + "\n"


def test_what_comes_back_in_raw_sql_is_what_is_allowed(make: Make, house: House, world: World) -> None:
    whole = found(make, house, world)
    walled = walled_by_policy(house.databases.connection)  # type: ignore[attr-defined]
    for name, tables in whole.items():
        door, _, kind = name.partition("/")
        if door in ROLES and kind in NO_SESSION:
            assert {table: letters for table, letters in tables.items() if letters and table in walled} == {}, name
    now = as_text(whole)
    if os.environ.get(WRITE):
        GOLDEN.write_text(now, "utf-8")
    assert GOLDEN.read_text("utf-8") == now, f"Look at the difference, then write it with {WRITE}=1"


@pytest.mark.parametrize(("door", "role"), [(Door.OFFICE, "director"), (Door.COMMISSION, "secretary")])
def test_behind_a_wall_there_is_nothing_to_try(door: Door, role: str, make: Make, house: House, world: World) -> None:
    """The very same rows, from whoever is walled from their case: none is shown, changed, or added."""
    actor: Actor = make.actor(role)
    with make.owner() as session:
        session.execute(
            text(
                "INSERT INTO walls (id, account_id, case_id, kind, raised_at, last_entry_id)"
                " VALUES (:id, :me, :case, 'recusal', now(), :id)"
            ),
            {"id": uuid4(), "me": actor.id, "case": key_of("cases")},
        )
        session.commit()
    attacker = Attacker(house, world, door, actor.session_hash or b"", actor.id)
    walled = walled_by_policy(house.databases.connection)  # type: ignore[attr-defined]
    got = {table: attacker.letters(table) for table in walled}
    # A new case is nobody's case yet.
    # A campaign alone holds nothing; which filings are in it is written beside it, and refused.
    got.pop("campaigns", None)
    assert {table: letters for table, letters in got.items() if letters} in ({}, {"cases": "i"})
