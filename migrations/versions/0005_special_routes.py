"""Special routes, people from outside, and steps of two people."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _account(name: str, table: str) -> sa.Column[Any]:
    key = sa.ForeignKey("accounts.id", name=f"fk_{table}_{name}", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), key, nullable=True)


def upgrade() -> None:
    op.add_column("accounts", sa.Column("outsider", sa.Text(), nullable=True))
    op.create_table(
        "special_routes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("filing_id", sa.Uuid(), nullable=True),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Text(), nullable=False),
        sa.Column("handled_by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("hidden_from", postgresql.ARRAY(sa.Text()), nullable=False),
        _account("set_by_id", "special_routes"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=True),
        _account("referred_by_id", "special_routes"),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("case_id IS NOT NULL OR filing_id IS NOT NULL", name="ck_special_routes_of_something"),
        sa.PrimaryKeyConstraint("id", name="pk_special_routes"),
    )
    for of in ("case", "filing"):
        op.create_index(
            f"ix_special_routes_{of}",
            "special_routes",
            [f"{of}_id"],
            unique=True,
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
    op.create_table(
        "second_halves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("filing_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("what", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _account("first_by_id", "second_halves"),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _account("second_by_id", "second_halves"),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_by_id <> second_by_id", name="ck_second_halves_two_people"),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'used')", name="ck_second_halves_state"),
        sa.PrimaryKeyConstraint("id", name="pk_second_halves"),
    )
    op.create_index(
        "ix_second_halves_open",
        "second_halves",
        ["step", "subject_id"],
        unique=False,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index("ix_second_halves_case", "second_halves", ["case_id"], unique=False)
    _findings()
    _check("release_builds", "ck_release_builds_two_people", "asked_by_id <> publish_asked_by_id")


def _findings() -> None:
    """Whose finding a review looked at stands beside whose review it is; big tables are checked without a long lock."""
    op.add_column("findings", sa.Column("first_by_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE findings ADD CONSTRAINT fk_findings_first_by_id FOREIGN KEY (first_by_id) "
        "REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
    )
    op.execute("ALTER TABLE findings VALIDATE CONSTRAINT fk_findings_first_by_id")
    _check("findings", "ck_findings_two_people", "first_by_id <> found_by_id")


def _check(table: str, name: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule}) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
