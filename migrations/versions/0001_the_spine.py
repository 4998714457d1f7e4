"""The spine."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA release")
    op.execute(SchemaManager.get_schema())


def downgrade() -> None:
    raise NotImplementedError("There is nothing below the first migration.")
