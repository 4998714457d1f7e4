"""The one place that says which rows name stored files: whatever stands in none of them is swept away."""

from typing import Any

from sqlalchemy import Column, Text, cast, exists, func, select
from sqlalchemy import Table as Described
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.infra.db import Table

# Each has the columns object_name, size, sha256 and wrapped_key. Tests find any table that names a file and is not
# here, any new place in the code that stores one, and any row that the worker could not see.
NAMING = ("filing_files", "evidence_items", "packets", "release_builds")


def naming_tables() -> list[Described]:
    """Every table whose rows name a stored file."""
    return [Table.metadata.tables[name] for name in NAMING]


def unnamed_of(session: Session, names: list[str]) -> list[str]:
    """Those of these files that no row names, asked in one statement by way of the indexes."""
    listed = func.unnest(cast(names, ARRAY(Text))).table_valued("name")
    named: list[Column[Any]] = [table.c.object_name for table in naming_tables()]
    query = select(listed.c.name).where(*(~exists().where(column == listed.c.name) for column in named))
    return list(session.scalars(query))
