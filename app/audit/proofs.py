"""What a stranger is handed to check an entry, or two checkpoints, without this house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.candor_verify import CONSISTENCY, PROOF
from app.audit.merkle import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from app.audit.records import Checkpoint, JournalLeaf, JournalTile, PublishedCheckpoint
from app.kernel.errors import Refused

ALTERED = "This entry is not the one that was sealed. Tell everybody, and run ./candor journal verify."
REWRITTEN = "The journal is not the one that was published before. Tell everybody, and run ./candor journal verify."


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the tree that one checkpoint signs for, and the hashes that lead there."""

    leaf: bytes
    index: int
    size: int
    root: bytes
    path: Sequence[bytes]
    note: str


class SessionTiles:
    """The tree's tiles, read in the transaction of this session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def tile(self, level: int, index: int) -> bytes:
        query = select(JournalTile.hashes).where(JournalTile.level == level, JournalTile.index == index)
        found = self._session.scalar(query)
        return bytes(found) if found else b""


def newest_checkpoint(session: Session) -> Checkpoint | None:
    """The last that was signed, whether it was published or not."""
    return session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)).one_or_none()


def last_published(session: Session) -> PublishedCheckpoint | None:
    """The last that everybody could see."""
    query = select(PublishedCheckpoint).order_by(PublishedCheckpoint.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def root_of(session: Session, size: int) -> bytes:
    """The root that was signed for so many entries."""
    return bytes(session.scalars(select(Checkpoint.root).where(Checkpoint.size == size)).one())


def place_of(session: Session, entry_id: UUID, leaf: bytes, *, published: bool) -> Place | None:
    """The place of the entry with this hash under the newest checkpoint; nothing while none covers it.

    It is checked here as a stranger would: a proof that does not hold is never handed out.
    """
    index = session.scalar(select(JournalLeaf.index).where(JournalLeaf.entry_id == entry_id))
    checkpoint = last_published(session) if published else newest_checkpoint(session)
    if index is None or checkpoint is None or checkpoint.size <= index:
        return None
    root = root_of(session, checkpoint.size)
    path = inclusion_proof(index, checkpoint.size, SessionTiles(session))
    if not verify_inclusion(leaf, index, checkpoint.size, path, root):
        raise Refused(ALTERED)
    return Place(leaf, index, checkpoint.size, root, path, checkpoint.note)


def proof_document(place: Place, verifier_key: str, **more: Any) -> dict[str, Any]:
    """A proof as a file: hashes in hex; `more` is what stands beside it, such as the entry's exact text."""
    return {
        "format": PROOF,
        **more,
        "leaf": place.leaf.hex(),
        "index": place.index,
        "size": place.size,
        "root": place.root.hex(),
        "proof": [step.hex() for step in place.path],
        "checkpoint": place.note,
        "verifier_key": verifier_key,
    }


def consistency_path(session: Session, old_size: int, new_size: int) -> list[bytes]:
    """The hashes by which the newer of two checkpoints is seen to have grown out of the older; checked here first."""
    path = consistency_proof(old_size, new_size, SessionTiles(session))
    if not verify_consistency(old_size, new_size, root_of(session, old_size), root_of(session, new_size), path):
        raise Refused(REWRITTEN)
    return path


def consistency_document(old: str, new: str, path: Sequence[bytes], verifier_key: str) -> dict[str, Any]:
    """The same as a file, with both checkpoints."""
    return {
        "format": CONSISTENCY,
        "old": old,
        "new": new,
        "proof": [step.hex() for step in path],
        "verifier_key": verifier_key,
    }
