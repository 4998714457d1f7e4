"""Writes many invented rows of one table at once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.access.work import Work
from app.infra.bulk import insert_many
from app.infra.db import Record
from app.infra.db import Table as Kind
from app.infra.sending import send

AT_ONCE = 5000


def insert_rows(work: Work, kind: type[Kind], rows: Sequence[Mapping[str, Any]], entry_id: UUID) -> None:
    """All rows in the transaction of this Work, naming their entry; every row gives the same columns."""
    same = {"last_entry_id": entry_id} if issubclass(kind, Record) else {}
    for start in range(0, len(rows), AT_ONCE):
        send(work.session, [insert_many(kind, rows[start : start + AT_ONCE], **same)])
