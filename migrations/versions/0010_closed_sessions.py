"""Closed sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STANDING = {
    "closed_sessions": (["docket_item_id"], "ended_at IS NULL AND dropped_at IS NULL"),
    "session_words": (["session_id", "officer_id", "kind"], "struck_at IS NULL"),
}


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [of], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
    )


def upgrade() -> None:
    op.create_table(
        "closed_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("docket_item_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Text(), nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("motion_id", sa.Uuid(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        _key("closed_sessions", "docket_item_id", "docket_items.id"),
        _key("closed_sessions", "case_id", "cases.id"),
        _key("closed_sessions", "planned_by_id", "accounts.id"),
        _key("closed_sessions", "motion_id", "motions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_sessions")),
    )
    op.create_table(
        "session_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by_id", sa.Uuid(), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        _key("session_words", "session_id", "closed_sessions.id"),
        _key("session_words", "case_id", "cases.id"),
        _key("session_words", "officer_id", "officers.id"),
        _key("session_words", "recorded_by_id", "accounts.id"),
        _key("session_words", "struck_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_words")),
    )
    for table, (columns, standing) in STANDING.items():
        op.create_index(f"ix_{table}_case", table, ["case_id"])
        op.create_index(f"ix_{table}_standing", table, columns, unique=True, postgresql_where=sa.text(standing))


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
