"""Every table of the house in one place, for migrations and for checks."""

from app.infra.db import Table

metadata = Table.metadata
