"""Deputies and absences."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _account(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey("accounts.id", name=f"fk_absences_{name}", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), key, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account("account_id"),
        _account("deputy_id"),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("by_roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        _moment("starts_at"),
        _moment("ends_at"),
        _account("said_by_id"),
        _moment("said_at"),
        _moment("ended_at", nullable=True),
        _account("ended_by_id", nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("account_id <> deputy_id", name="two_people"),
        sa.CheckConstraint("first_day <= last_day AND starts_at < ends_at", name="days"),
        sa.CheckConstraint("said_by_id <> deputy_id", name="nobody_names_themselves"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_deputy", "absences", ["deputy_id", "ends_at"])
    op.create_index("ix_absences_account", "absences", ["account_id", "ends_at"])


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
