"""Passkeys, one-time codes, recovery and step-up."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _account(name: str, table: str, *, nullable: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey("accounts.id", name=f"fk_{table}_{name}", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), key, nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("sessions", _moment("proved_at"))
    op.add_column("sessions", sa.Column("factor", sa.Text(), server_default="none", nullable=False))
    op.add_column("sessions", sa.Column("device", sa.Text(), server_default="", nullable=False))
    op.add_column("accounts", _moment("locked_at"))
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account("account_id", "passkeys"),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _moment("made_at", nullable=False),
        _moment("used_at"),
        _moment("removed_at"),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
    )
    op.create_index("ix_passkeys_account", "passkeys", ["account_id"])
    op.create_table(
        "code_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account("account_id", "code_secrets"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _moment("made_at", nullable=False),
        _moment("confirmed_at"),
        _moment("removed_at"),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_secrets"),
    )
    _one_each("code_secrets", "confirmed_at IS NOT NULL AND removed_at IS NULL")
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        _account("account_id", "recovery_codes"),
        _moment("made_at", nullable=False),
        _moment("used_at"),
        _moment("voided_at"),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_account", "recovery_codes", ["account_id"])
    _ways_back()
    op.create_table(
        "sign_in_challenges",
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        _account("account_id", "sign_in_challenges", nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("expires_at", nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_sign_in_challenges"),
    )


def _ways_back() -> None:
    op.create_table(
        "ways_back",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account("account_id", "ways_back"),
        _account("asked_by_id", "ways_back"),
        _moment("asked_at", nullable=False),
        _account("granted_by_id", "ways_back", nullable=True),
        _moment("granted_at"),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'used', 'over')", name="ck_ways_back_state"),
        sa.CheckConstraint(
            "asked_by_id <> account_id AND granted_by_id <> account_id AND asked_by_id <> granted_by_id",
            name="ck_ways_back_three_people",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ways_back"),
    )
    _one_each("ways_back", "state IN ('asked', 'granted')")


def _one_each(table: str, where: str) -> None:
    op.create_index(f"ix_{table}_one", table, ["account_id"], unique=True, postgresql_where=sa.text(where))


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
