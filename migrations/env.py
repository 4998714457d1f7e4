"""Runs migrations on the connection it is given; a lock that is not had in five seconds is given up."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from app.audit.records import Xid8
from app.records import metadata

OURS = {"public", "release"}
ischema_names["xid8"] = Xid8  # a type of Postgres that SQLAlchemy does not know by itself


def mine(thing: Any, name: str | None, kind: str, reflected: bool, _: Any) -> bool:  # noqa: FBT001 - Alembic's own form
    """Alembic compares our tables; the queue's belong to its library."""
    return not (kind == "table" and reflected and str(name).startswith("procrastinate_"))


def run(connection: Connection) -> None:
    """One transaction for all pending migrations."""
    connection.execute(text("SET lock_timeout = '5s'"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_object=mine,
        include_name=lambda name, kind, _: kind != "schema" or name in OURS or name is None,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
