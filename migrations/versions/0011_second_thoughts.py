"""What was entered wrongly is withdrawn: it stays, marked, and counts no more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _withdrawn("milestones")
    _links()
    op.add_column("clocks", sa.Column("is_void", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("clock_starts", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    _reports()


def _withdrawn(table: str) -> None:
    op.add_column(table, sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True))
    op.add_column(table, sa.Column("withdrawal", sa.Text(), server_default="", nullable=False))
    later = "DEFERRABLE INITIALLY DEFERRED NOT VALID"
    by = f"FOREIGN KEY (withdrawn_by_id) REFERENCES accounts (id) {later}"
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_withdrawn_by_id {by}")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_withdrawn_by_id")
    _checked(table, "withdrawn_with_a_reason", "withdrawn_by_id IS NULL OR withdrawal <> ''")


def _checked(table: str, name: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def _links() -> None:
    """A link that was withdrawn can be made again: the second one is another row."""
    op.add_column("case_links", sa.Column("turn", sa.Integer(), server_default="1", nullable=False))
    op.add_column("case_links", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    _withdrawn("case_links")
    op.drop_constraint("pk_case_links", "case_links", type_="primary")
    op.create_primary_key("pk_case_links", "case_links", ["case_id", "other_id", "kind", "turn"])


def _reports() -> None:
    """A report without a milestone holds its own day; a wrong one is corrected like a milestone's."""
    table = "reports_to_others"
    op.add_column(table, sa.Column("corrects_id", sa.Uuid(), nullable=True))
    op.add_column(table, sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column(table, sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
    corrects = f"FOREIGN KEY (corrects_id) REFERENCES {table} (id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_corrects_id {corrects}")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_corrects_id")
    _checked(table, "corrected_with_a_reason", "corrects_id IS NULL OR reason <> ''")
    op.drop_index("ix_reports_to_others_case", table_name=table)
    standing = sa.text("superseded_at IS NULL")
    op.create_index("ix_reports_to_others_case", table, ["case_id", "report"], unique=True, postgresql_where=standing)


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
