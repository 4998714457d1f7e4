"""Walls around what was compelled, sealed, mediated or told in confidence."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Rows that can be kept one by one, what is kept whole, and the entries that tell of either.
TABLES = (
    "evidence_items",
    "custody_events",
    "notes",
    "contact_attempts",
    "tasks",
    "allegations",
    "findings",
    "packets",
    "milestones",
    "case_links",
    "cases",
    "filings",
    "identities",
    "journal_entries",
)
WHOLE = ("cases", "filings")


def _reference(name: str, table: str, to: str) -> sa.Column[Any]:
    key = sa.ForeignKey(to, name=f"fk_{table}_{name}", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), key, nullable=False)


def upgrade() -> None:
    for table in TABLES:
        kept: sa.Column[list[str]] = sa.Column(
            "compartments", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        )
        op.add_column(table, kept)
    for table in WHOLE:
        op.create_index(f"ix_{table}_kept", table, ["id"], postgresql_where=sa.text("compartments <> '{}'"))
    op.create_index("ix_identities_kept", "identities", ["person_id"], postgresql_where=sa.text("compartments <> '{}'"))
    op.create_index("ix_cases_incident", "cases", ["incident_date"], postgresql_where=sa.text("place <> ''"))
    op.create_table(
        "compartment_readings",
        _reference("account_id", "compartment_readings", "accounts.id"),
        _reference("case_id", "compartment_readings", "cases.id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "case_id", "kind", name="pk_compartment_readings"),
    )
    op.create_index("ix_compartment_readings_case", "compartment_readings", ["case_id"])
    op.create_table(
        "case_sides",
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("account_id", "case_sides", "accounts.id"),
        _reference("case_id", "case_sides", "cases.id"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _reference("named_by_id", "case_sides", "accounts.id"),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_sides"),
    )
    op.create_index(
        "ix_case_sides_standing",
        "case_sides",
        ["account_id", "case_id", "side"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_case_sides_case", "case_sides", ["case_id"])


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
