"""Columns that every row with a stored file shares, and the stored file that such a row names."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.storage import StoredFile


class FileColumns:
    """A file sealed under a random name: what it was called, how large it is, and its digest."""

    file_name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    object_name: Mapped[str] = mapped_column(Text, index=True)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime]


class NamesFile(Protocol):
    """A row, or what was selected of one, or a draft's own note: what it takes to find a file and open it."""

    @property
    def object_name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> bytes: ...
    @property
    def wrapped_key(self) -> bytes: ...


def stored_of(file: NamesFile) -> StoredFile:
    """Where a file lies, and how it is opened."""
    return StoredFile(file.object_name, file.size, file.sha256, file.wrapped_key)
