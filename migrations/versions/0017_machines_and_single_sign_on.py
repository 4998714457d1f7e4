"""Tokens for machines and single sign-on."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _account(name: str, table: str) -> sa.Column[Any]:
    key = sa.ForeignKey("accounts.id", name=f"fk_{table}_{name}", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), key, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("accounts", sa.Column("kind", sa.Text(), server_default="person", nullable=False))
    op.execute(
        "ALTER TABLE accounts ADD CONSTRAINT ck_accounts_kind CHECK (kind IN ('person', 'machine')"
        " AND (kind = 'person' OR password_hash IS NULL)) NOT VALID"
    )
    op.execute("ALTER TABLE accounts VALIDATE CONSTRAINT ck_accounts_kind")
    op.create_table(
        "machines",
        _account("account_id", "machines"),
        _account("owner_id", "machines"),
        _account("made_by_id", "machines"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        _moment("made_at", nullable=False),
        _moment("expires_at", nullable=False),
        _moment("warned_at"),
        _moment("ended_at"),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ended_why IN ('revoked', 'expired', 'owner')", name="ck_machines_ended_why"),
        sa.CheckConstraint("expires_at <= made_at + interval '367 days'", name="ck_machines_a_year"),
        sa.PrimaryKeyConstraint("account_id", name="pk_machines"),
    )
    op.create_index("ix_machines_owner", "machines", ["owner_id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "machine_uses",
        _account("account_id", "machine_uses"),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("used_for", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_machine_uses"),
    )
    op.create_table(
        "provider_subjects",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account("account_id", "provider_subjects"),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        _moment("linked_at", nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provider_subjects"),
        sa.UniqueConstraint("issuer", "subject", name="uq_provider_subjects_issuer"),
    )
    op.create_index("ix_provider_subjects_account", "provider_subjects", ["account_id"])


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
