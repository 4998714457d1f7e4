"""The second lock, less costly; a second person for accounts that read cases."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Filled by migrations/access/00_base.sql, at this start and by its triggers from then on.
    op.create_table(
        "kept_apart",
        sa.Column("mark", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_kept_apart"),
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
