"""New words for a filer take two people of the office: the second half of the code has a giver of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    giver = sa.ForeignKey("accounts.id", name="fk_new_words_seconded_by_id", deferrable=True, initially="DEFERRED")
    op.add_column("new_words", sa.Column("second_hash", sa.LargeBinary(), nullable=True))
    op.add_column("new_words", sa.Column("seconded_by_id", sa.Uuid(), giver, nullable=True))
    op.add_column("new_words", sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True))
    _check("two_people", "seconded_by_id <> given_by_id")
    _check("second_half", "(second_hash IS NULL) = (seconded_by_id IS NULL)")
    # By the first half alone nobody takes words any more: a code that was given before waits for its second half.
    op.execute("DROP FUNCTION IF EXISTS take_new_words(bytea, bytea, timestamptz, uuid)")


def _check(name: str, rule: str) -> None:
    op.execute(f"ALTER TABLE new_words ADD CONSTRAINT ck_new_words_{name} CHECK ({rule}) NOT VALID")
    op.execute(f"ALTER TABLE new_words VALIDATE CONSTRAINT ck_new_words_{name}")


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")
