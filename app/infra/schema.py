"""Makes the roles, brings the schema to its head, and says again who may do what to which table."""

import re
import time
from collections.abc import Collection
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.errors import DeadlockDetected
from sqlalchemy import create_engine

from app.infra.db import Databases, Door

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
WAITS = (0.1, 0.5, 1.0, 2.0)  # seconds
PLACE = re.compile(r"@(\w+)@")


def bring_up(owner_url: str, databases: Databases, allowed: Collection[tuple[str, str]] = ()) -> None:
    """Roles, migrations and grants, and which role is allowed what; running it again changes nothing."""
    with psycopg.connect(bare(owner_url), autocommit=True) as connection:
        make_roles(connection, databases)
    migrate(owner_url)
    for wait in (*WAITS, None):
        try:
            with psycopg.connect(bare(owner_url)) as connection:
                apply_access(connection, databases)
                _keep_allowed(connection, allowed)
        except DeadlockDetected:
            # A statement of a process that was just ended may still run, and need our tables in another order.
            if wait is None:
                raise
            time.sleep(wait)
        else:
            return


def make_roles(connection: psycopg.Connection, databases: Databases) -> None:
    """One log-in for each door, allowed into this database only; its password follows from the secret."""
    for door in Door:
        role, password = databases.role(door), databases.url(door).password
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        verb = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}")
        connection.execute(verb.format(sql.Identifier(role), sql.Literal(password)))
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(databases.name), sql.Identifier(role))
        )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(databases.name)))


def migrate(owner_url: str, target: str = "head") -> None:
    """Alembic's upgrade, as the owner of the tables."""
    engine = create_engine(owner_url, hide_parameters=True)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, target)
    engine.dispose()


def migrate_needed(owner_url: str) -> bool:
    """True where a database stands that is behind this release."""
    return _standing(owner_url) not in (None, head())


def is_at_head(owner_url: str) -> bool:
    """True where nothing is to be migrated."""
    return _standing(owner_url) == head()


def _standing(owner_url: str) -> str | None:
    engine = create_engine(owner_url, hide_parameters=True)
    with engine.connect() as connection:
        standing = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return standing


def head() -> str:
    """The newest migration of this release."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def apply_access(connection: psycopg.Connection, databases: Databases) -> None:
    """All of `migrations/access/*.sql` in one transaction, with the doors' names filled in."""
    for path in sorted((MIGRATIONS / "access").glob("*.sql")):
        text = PLACE.sub(lambda found: f'"{databases.role(Door(found.group(1)))}"', path.read_text("utf-8"))
        connection.execute(text.encode())
    connection.execute(
        "INSERT INTO vouching (id, key) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET key = excluded.key",
        (databases.vouching_key,),
    )


def _keep_allowed(connection: psycopg.Connection, allowed: Collection[tuple[str, str]]) -> None:
    """What policies/access.yaml says, where the policies of rows ask for it."""
    if allowed:
        connection.execute("DELETE FROM role_permissions")
        statement = "INSERT INTO role_permissions (role, permission) VALUES (%s, %s)"
        connection.cursor().executemany(statement, sorted(allowed))


def bare(url: str) -> str:
    """The address without SQLAlchemy's driver, for a bare psycopg connection."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
