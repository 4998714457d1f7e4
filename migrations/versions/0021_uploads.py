"""Files that come in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_scans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stored_name", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("verdict IN ('clean', 'infected', 'unscanned')", name=op.f("ck_file_scans_verdict")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_scans")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_file_scans_stored_name")),
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
