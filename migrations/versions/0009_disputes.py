"""Disputes before one member, and what stands."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LATER: dict[str, Any] = {"initially": "DEFERRED", "deferrable": True}
REFERS = {
    "case_id": "cases.id",
    "recommendation_id": "recommendations.id",
    "evidence_id": "evidence_items.id",
    "milestone_id": "milestones.id",
    "recorded_by_id": "accounts.id",
}


def upgrade() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("dispute", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("deciders", sa.Text(), nullable=False),
        sa.Column("member_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome IS NULL) = (decided_on IS NULL)", name=op.f("ck_disputes_decided_with_a_day")),
        *(
            sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_disputes_{column}"), **LATER)
            for column, to in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index("ix_disputes_case", "disputes", ["case_id"])
    op.create_index("ix_disputes_recommendation", "disputes", ["recommendation_id"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
