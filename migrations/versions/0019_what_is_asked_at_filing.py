"""What more a filing says."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _of_filing(table: str) -> sa.Column[Any]:
    key = sa.ForeignKey("filings.id", name=f"fk_{table}_filing_id", deferrable=True, initially="DEFERRED")
    return sa.Column("filing_id", sa.Uuid(), key, nullable=False)


def upgrade() -> None:
    op.add_column("filing_officers", sa.Column("car", sa.Text(), server_default="", nullable=False))
    # The default was for the rows that were there: whoever adds one says it.
    op.alter_column("filing_officers", "car", server_default=None)
    person = sa.ForeignKey("persons.id", name="fk_filing_witnesses_person_id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "filing_witnesses",
        _of_filing("filing_witnesses"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), person, nullable=True),
        sa.Column("saw", sa.Text(), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("filing_id", "position", name="pk_filing_witnesses"),
    )
    words = ("gender", "age", "disability", "sexual_orientation", "housing")
    op.create_table(
        "filing_demographics",
        _of_filing("filing_demographics"),
        sa.Column("race", postgresql.ARRAY(sa.Text()), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("filing_id", name="pk_filing_demographics"),
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
