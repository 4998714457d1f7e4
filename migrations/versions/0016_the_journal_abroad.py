"""Checkpoints sent outside, and commitments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LATER: dict[str, Any] = {"initially": "DEFERRED", "deferrable": True}


def upgrade() -> None:
    op.add_column("journal_entries", sa.Column("salt", sa.LargeBinary(), nullable=True))
    op.create_table(
        "published_checkpoints",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_published_checkpoints")),
        sa.UniqueConstraint("size", name=op.f("uq_published_checkpoints_size")),
    )
    op.create_table(
        "checkpoint_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["published_checkpoints.number"], name=op.f("fk_checkpoint_mails_number"), **LATER
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_mails")),
    )
    op.create_index("ix_checkpoint_mails_number", "checkpoint_mails", ["number"])


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
