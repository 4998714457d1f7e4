"""One journal entry of the running transaction: exact bytes, never changed afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.audit import rows as sealed
from app.audit.merkle import leaf_hash
from app.audit.records import JournalEntry
from app.infra.db import Record, hidden_key
from app.infra.sending import Insert, Statement
from app.kernel.canonical import canonical_json
from app.kernel.events import Event

# 1 says nothing of rows: what is written in bulk. 2 does, of each row whose words are sealed.
BULK, FORMAT = 1, 2


@dataclass(frozen=True)
class Written:
    """The entry's id, its leaf hash in the tree to come, and what inserts it."""

    id: UUID
    leaf: bytes
    statement: Statement


def entry_bytes(
    entry_id: UUID,
    event: Event,
    at: datetime,
    actor_kind: str,
    actor_id: UUID | None,
    rows: Mapping[str, str] | None = None,
    behalf: UUID | None = None,
) -> bytes:
    """The exact bytes that are kept, hashed and proved; `format` says how to read them.

    `behalf`: in whose place a deputy did it; it stands there only then.
    """
    return canonical_json(
        {
            "format": BULK if rows is None else FORMAT,
            **({"rows": rows} if rows else {}),
            "id": str(entry_id),
            "tag": event.tag,
            "version": event.version,
            "at": at.isoformat(),
            "actor": {"kind": actor_kind, "id": str(actor_id) if actor_id else None}
            | ({"for": str(behalf)} if behalf else {}),
            "case": str(event.case_id) if event.case_id else None,
            "facts": event.facts(),
        }
    )


def row_of(
    event: Event,
    at: datetime,
    actor_kind: str,
    actor_id: UUID | None,
    entry_id: UUID | None = None,
    rows: Mapping[str, str] | None = None,
    behalf: UUID | None = None,
) -> dict[str, Any]:
    """An entry as a row, for one insert or for a bulk copy; a bulk copy names its entry before it is written."""
    entry_id = entry_id or hidden_key()
    return {
        "id": entry_id,
        "at": at,
        "tag": event.tag,
        "case_id": event.case_id,
        "actor_kind": actor_kind,
        "actor_id": actor_id,
        "body": entry_bytes(entry_id, event, at, actor_kind, actor_id, rows, behalf),
    }


def entry(
    event: Event,
    at: datetime,
    actor_kind: str,
    actor_id: UUID | None,
    entry_id: UUID | None = None,
    kept_in: Sequence[str] = (),
    changed: Iterable[Record] = (),
    behalf: UUID | None = None,
) -> Written:
    """The entry, to be sent with the rows that it names; the sealer gives it its place in the tree after the commit."""
    salt = sealed.new_salt()
    rows = sealed.promised(changed, salt)
    row = row_of(event, at, actor_kind, actor_id, entry_id, rows, behalf) | {"compartments": list(kept_in)}
    row |= {"salt": salt} if rows else {}
    return Written(row["id"], leaf_hash(row["body"]), Insert.into(JournalEntry).of(row))
