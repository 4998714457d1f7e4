"""Who wrote down what somebody said."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _reference(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_scribings_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "scribings",
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("scribe_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("arrived_why", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spoken", sa.Text(), nullable=False),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("is_summary", sa.Boolean(), nullable=False),
        sa.Column("read_back", sa.Text(), nullable=False),
        sa.Column("read_back_why", sa.Text(), nullable=False),
        sa.Column("handed", sa.Text(), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("read_back IN ('agreed', 'not_possible')", name=op.f("ck_scribings_read_back")),
        sa.CheckConstraint("read_back = 'agreed' OR read_back_why <> ''", name=op.f("ck_scribings_read_back_why")),
        _reference("filing_id", "filings.id"),
        _reference("scribe_id", "accounts.id"),
        sa.PrimaryKeyConstraint("filing_id", name=op.f("pk_scribings")),
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
