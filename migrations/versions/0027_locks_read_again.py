"""What a second hostile reading of the locks mended."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("made_by_id", "agreed_by_id"):
        key = sa.ForeignKey("accounts.id", name=f"fk_one_time_links_{name}", deferrable=True, initially="DEFERRED")
        op.add_column("one_time_links", sa.Column(name, sa.Uuid(), key, nullable=True))
    op.add_column("one_time_links", sa.Column("waits", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("one_time_links", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_one_time_links_two_people"),
        "one_time_links",
        "agreed_by_id <> made_by_id AND agreed_by_id <> account_id",
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
