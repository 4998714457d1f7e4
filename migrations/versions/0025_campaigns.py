"""Filings that look alike."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _reference(table: str, name: str, to: str) -> sa.Column[Any]:
    key = sa.ForeignKey(to, name=f"fk_{table}_{name}", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), key, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_index("ix_filings_received", "filings", ["received_at"], postgresql_using="brin")
    op.create_table(
        "filing_sketches",
        _reference("filing_sketches", "filing_id", "filings.id"),
        sa.Column("sketch", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("filing_id", name="pk_filing_sketches"),
    )
    op.create_index("ix_filing_sketches_sketch", "filing_sketches", ["sketch"], postgresql_using="gin")
    op.create_table(
        "filing_likenesses",
        _reference("filing_likenesses", "filing_id", "filings.id"),
        _reference("filing_likenesses", "other_id", "filings.id"),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("filing_id", "other_id", name="pk_filing_likenesses"),
    )
    op.create_index("ix_filing_likenesses_other", "filing_likenesses", ["other_id"])
    op.create_table(
        "filing_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("filing_links", "filing_id", "filings.id"),
        _reference("filing_links", "other_id", "filings.id"),
        sa.Column("kind", sa.Text(), nullable=False),
        _reference("filing_links", "linked_by_id", "accounts.id"),
        _moment("linked_at"),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_filing_links"),
        sa.UniqueConstraint("filing_id", "other_id", name="uq_filing_links_filing_id_other_id"),
    )
    op.create_index("ix_filing_links_other", "filing_links", ["other_id"])
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        _reference("campaigns", "marked_by_id", "accounts.id"),
        _moment("marked_at"),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
    )
    op.create_table(
        "campaign_filings",
        _reference("campaign_filings", "campaign_id", "campaigns.id"),
        _reference("campaign_filings", "filing_id", "filings.id"),
        _moment("left_at", nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "filing_id", name="pk_campaign_filings"),
    )
    op.create_index("ix_campaign_filings_filing", "campaign_filings", ["filing_id"])


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
