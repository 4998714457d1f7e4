"""Sources that are read again; open cases by their place in the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Text(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("read_by_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("next_on > read_on", name=op.f("ck_source_readings_next_is_later")),
        sa.CheckConstraint("outcome IN ('unchanged', 'changed')", name=op.f("ck_source_readings_outcome")),
        sa.ForeignKeyConstraint(
            ["read_by_id"],
            ["accounts.id"],
            name=op.f("fk_source_readings_read_by_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_readings")),
    )
    op.create_index("ix_source_readings_source", "source_readings", ["source", "number"], unique=True)
    op.create_index(
        "ix_source_readings_changed",
        "source_readings",
        ["read_on", "id"],
        unique=False,
        postgresql_where=sa.text("outcome = 'changed'"),
    )
    op.create_table(
        "source_changes_seen",
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_source_changes_seen_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["source_readings.id"],
            name=op.f("fk_source_changes_seen_reading_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("reading_id", "account_id", name=op.f("pk_source_changes_seen")),
    )
    op.create_index(
        "ix_cases_open", "cases", ["queue_on", "id"], unique=False, postgresql_where=sa.text("closed_on IS NULL")
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
