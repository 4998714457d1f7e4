"""Everybody is let in by two: machines and groups as well; what the provider calls a session."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.ForeignKey("accounts.id", name="fk_machines_agreed_by_id", deferrable=True, initially="DEFERRED")
    op.add_column("machines", sa.Column("agreed_by_id", sa.Uuid(), key, nullable=True))
    op.add_column("machines", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_machines_two_people"), "machines", "agreed_by_id <> made_by_id")
    op.add_column("one_time_links", sa.Column("roles", ARRAY(sa.Text()), nullable=True))
    op.add_column("one_time_links", sa.Column("second_hash", sa.LargeBinary(), nullable=True))
    # A link to an administrator that one person made: like every other it opens once a second one has agreed.
    op.execute("UPDATE one_time_links SET waits = true WHERE used_at IS NULL AND made_by_id IS NOT NULL")
    op.add_column("sign_in_challenges", sa.Column("provider_sid", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("provider_sid", sa.Text(), nullable=True))
    op.create_index(
        "ix_sessions_provider",
        "sessions",
        ["provider_sid"],
        postgresql_where=sa.text("provider_sid IS NOT NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
