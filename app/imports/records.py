"""Which source rows were imported, so that none is imported twice."""

from uuid import UUID

from sqlalchemy import Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record


class ImportedRow(Record):
    """The digest of one source row (and which repeat of it), with the record that it became."""

    __tablename__ = "imported_rows"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    file: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    repeat: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_id: Mapped[UUID | None]
