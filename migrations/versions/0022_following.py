"""What a filer follows, and how they are told."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, initially="DEFERRED", deferrable=True)


def _ids(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Uuid(), nullable=nullable) for name in names]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("filing_files", sa.Column("message_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_filing_files_message_id"),
        "filing_files",
        "messages",
        ["message_id"],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )
    _requests()
    _wishes()
    _calls()


def _requests() -> None:
    table = "filer_requests"
    op.create_table(
        table,
        *_ids("id", "filing_id"),
        *_texts("kind", "appeal", "ground", "body"),
        _moment("asked_at"),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        *_texts("answer"),
        _moment("answered_at", nullable=True),
        *_ids("answered_by_id", nullable=True),
        *_ids("last_entry_id"),
        sa.CheckConstraint("kind IN ('taking_back', 'review')", name=op.f("ck_filer_requests_kind")),
        _key(table, "filing_id", "filings.id"),
        _key(table, "answered_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filer_requests")),
    )
    is_open = sa.text("answered_at IS NULL")
    columns = ["filing_id", "kind", "appeal"]
    op.create_index("ix_filer_requests_open", table, columns, unique=True, postgresql_where=is_open)
    op.create_index("ix_filer_requests_waiting", table, ["asked_at", "id"], postgresql_where=is_open)


def _wishes() -> None:
    table = "contact_wishes"
    op.create_table(
        table,
        *_ids("id", "filing_id"),
        *_texts("way"),
        sa.Column("rules", postgresql.ARRAY(sa.Text()), nullable=False),
        *_texts("times", "safe"),
        _moment("chosen_at"),
        *_ids("last_entry_id"),
        _key(table, "filing_id", "filings.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_wishes")),
    )
    op.create_index("ix_contact_wishes_filing", table, ["filing_id", "chosen_at"])


def _calls() -> None:
    table = "calls"
    op.create_table(
        table,
        *_ids("id", "filing_id"),
        _moment("asked_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("tried_at", nullable=True),
        *_ids("tried_by_id", nullable=True),
        *_texts("result"),
        _moment("done_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_ids("last_entry_id"),
        _key(table, "filing_id", "filings.id"),
        _key(table, "tried_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index("ix_calls_open", table, ["filing_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_calls_waiting", table, ["asked_at", "id"], postgresql_where=is_open)


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
