"""Background jobs in the same Postgres: queued in the transaction that causes them, run by the worker."""

from typing import Any
from uuid import UUID

import procrastinate

from app.infra.sending import Statement
from app.kernel.canonical import canonical_json

_DEFER = "SELECT defer_job(%s, %s::jsonb, %s)"

Queue = procrastinate.App


def defer(task: str, args: dict[str, Any], entry_id: UUID) -> Statement:
    """What queues a job; the database checks that the entry was written in this transaction, so it is sent after it."""
    return Statement(_DEFER, [task, canonical_json(args).decode(), entry_id])


def open_queue(dsn: str) -> procrastinate.App:
    """The worker's side of the queue."""
    connector = procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=4)
    return procrastinate.App(connector=connector)
