"""Background jobs in the same Postgres: queued in the transaction that causes them, run by the worker."""

from typing import Any
from uuid import UUID

import procrastinate
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.canonical import canonical_json

_DEFER = text("SELECT defer_job(:task, CAST(:args AS jsonb), :entry)")

Queue = procrastinate.App


def defer(session: Session, task: str, args: dict[str, Any], entry_id: UUID) -> None:
    """Queues a job on this connection; the database checks that the entry was written in this transaction."""
    session.execute(_DEFER, {"task": task, "args": canonical_json(args).decode(), "entry": entry_id})


def open_queue(dsn: str) -> procrastinate.App:
    """The worker's side of the queue."""
    connector = procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=4)
    return procrastinate.App(connector=connector)
