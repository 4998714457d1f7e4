"""The journal's own tables: entries as exact bytes, the leaves, tiles and checkpoints of their tree."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.infra.db import Record, Table, reference


class Xid8(UserDefinedType[int]):
    """PostgreSQL's transaction number that never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


class JournalEntry(Table):
    """One event, written in the transaction that made it happen and never changed."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        Index("ix_journal_entries_case", "case_id", "seq"),
        Index("ix_journal_entries_actor", "actor_id", "seq"),
        Index("ix_journal_entries_xid", "xid", "seq"),
        Index("ix_journal_entries_seq", "seq"),
        Index("ix_journal_entries_tag", "tag", "seq"),
        # Time runs with the rows' order on disk: a few pages tell where a day lies.
        Index("ix_journal_entries_at", "at", postgresql_using="brin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    at: Mapped[datetime]
    tag: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID | None]
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    # Who may not read it, beside the exact bytes: an entry tells of what it names. See app/access/compartments.py.
    compartments: Mapped[list[str]] = mapped_column(ARRAY(Text), default=[])
    # What the body's commitments to rows are made with; destroyed with what they are of, and then they say nothing.
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)


class JournalLeaf(Table):
    """The place of an entry in the tree, given by the sealer after the commit."""

    __tablename__ = "journal_leaves"

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(unique=True)
    xid: Mapped[int] = mapped_column(Xid8)
    seq: Mapped[int] = mapped_column(BigInteger)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)


class JournalTile(Table):
    """Up to 256 hashes of one level of the tree."""

    __tablename__ = "journal_tiles"

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    width: Mapped[int] = mapped_column(Integer)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Table):
    """The signed size and root of the tree at one moment; copies leave the building."""

    __tablename__ = "checkpoints"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class JournalFloor(Table):
    """After a restore: entries up to this number are known to be sealed, whatever their transaction numbers say."""

    __tablename__ = "journal_floors"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class PublishedCheckpoint(Record):
    """A checkpoint that was shown to everybody; its number tells whoever keeps them that none is missing."""

    __tablename__ = "published_checkpoints"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger, unique=True)
    note: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


class CheckpointMail(Record):
    """A published checkpoint on its way to one address outside."""

    __tablename__ = "checkpoint_mails"
    __table_args__ = (Index("ix_checkpoint_mails_number", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(reference("published_checkpoints.number"))
    address: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
