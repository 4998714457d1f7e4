"""Drafts, and new words for lost ones."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _key(table: str, name: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(target, name=f"fk_{table}_{name}", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), key, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _moment("saved_hour"),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("lookup", name="pk_drafts"),
    )
    op.create_index("ix_drafts_ends_on", "drafts", ["ends_on"])
    op.create_table(
        "new_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("new_words", "filing_id", "filings.id"),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("asked", postgresql.ARRAY(sa.Text()), nullable=False),
        _key("new_words", "given_by_id", "accounts.id"),
        _moment("given_at"),
        _moment("ends_at"),
        _moment("taken_at", nullable=True),
        _moment("voided_at", nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_new_words"),
        sa.UniqueConstraint("code_hash", name="uq_new_words_code_hash"),
    )
    op.create_index("ix_new_words_filing", "new_words", ["filing_id"])
    op.create_table(
        "additions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("received_at"),
        _key("additions", "filing_id", "filings.id", nullable=True),
        _key("additions", "linked_by_id", "accounts.id", nullable=True),
        _moment("linked_at", nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_additions"),
    )
    op.create_index("ix_additions_filing", "additions", ["filing_id"])
    op.create_index("ix_additions_waiting", "additions", ["received_at"], postgresql_where=sa.text("linked_at IS NULL"))


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
