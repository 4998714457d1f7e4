"""Reports to others that are kept by hand, and who linked two cases, when and why."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LATER: dict[str, Any] = {"initially": "DEFERRED", "deferrable": True}


def upgrade() -> None:
    op.create_table(
        "reports_to_others",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reports_to_others_case_id"), **LATER),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_items.id"], name=op.f("fk_reports_to_others_evidence_id"), **LATER
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestones.id"], name=op.f("fk_reports_to_others_milestone_id"), **LATER
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_reports_to_others_recorded_by_id"), **LATER
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports_to_others")),
    )
    op.create_index("ix_reports_to_others_case", "reports_to_others", ["case_id", "report"], unique=True)
    _links()


def _links() -> None:
    """Nothing has written a link so far; the constants are for what was imported by hand."""
    op.add_column("case_links", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("case_links", sa.Column("linked_by_id", sa.Uuid(), nullable=True))
    op.add_column("case_links", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_case_links_linked_by_id"), "case_links", "accounts", ["linked_by_id"], ["id"], **LATER
    )
    op.create_index("ix_case_links_other", "case_links", ["other_id"])


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
