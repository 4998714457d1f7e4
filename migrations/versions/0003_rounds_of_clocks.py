"""Clocks that count up, come back, or may count from several days; agreements on more time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("clocks", "due_on", existing_type=sa.Date(), nullable=True)
    op.add_column("clocks", sa.Column("round", sa.Integer(), server_default="1", nullable=False))
    op.add_column("clocks", sa.Column("laps", sa.Integer(), server_default="1", nullable=False))
    op.add_column("clocks", sa.Column("first_round_id", sa.Uuid(), nullable=True))
    op.add_column("clocks", sa.Column("waits_for_choice", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("clocks", sa.Column("is_least", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("clocks", sa.Column("ended_early", sa.Boolean(), server_default="false", nullable=False))
    op.execute(
        "ALTER TABLE clocks ADD CONSTRAINT fk_clocks_first_round_id FOREIGN KEY (first_round_id)"
        " REFERENCES clocks (id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
    )
    op.execute("ALTER TABLE clocks VALIDATE CONSTRAINT fk_clocks_first_round_id")
    op.create_index(
        "ix_clocks_rounds", "clocks", ["first_round_id"], postgresql_where=sa.text("first_round_id IS NOT NULL")
    )
    op.create_index(
        "ix_clocks_waiting",
        "clocks",
        ["case_id"],
        postgresql_where=sa.text("waits_for_choice AND stopped_on IS NULL"),
    )
    op.create_table(
        "clock_starts",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("clock_starts", "clock_id", "clocks"),
        _key("clock_starts", "case_id", "cases"),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        _key("clock_starts", "noted_by_id", "accounts", nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_starts")),
    )
    op.create_index("ix_clock_starts_clock", "clock_starts", ["clock_id"])
    op.create_table(
        "start_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("start_choices", "clock_id", "clocks"),
        _key("start_choices", "case_id", "cases"),
        _key("start_choices", "start_id", "clock_starts"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        _key("start_choices", "chosen_by_id", "accounts"),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_choices")),
    )
    op.create_index("ix_start_choices_clock", "start_choices", ["clock_id"])
    op.create_table(
        "agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("agreements", "extension_id", "extensions"),
        _key("agreements", "clock_id", "clocks"),
        _key("agreements", "case_id", "cases"),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        _key("agreements", "noted_by_id", "accounts"),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    op.create_index("ix_agreements_party", "agreements", ["extension_id", "party"], unique=True)


def _key(table: str, column: str, target: str, *, nullable: bool = False) -> sa.Column[object]:
    name = op.f(f"fk_{table}_{column}")
    key = sa.ForeignKey(f"{target}.id", name=name, initially="DEFERRED", deferrable=True)
    return sa.Column(column, sa.Uuid(), key, nullable=nullable)


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
