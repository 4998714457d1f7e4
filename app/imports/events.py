"""What happened: a source was imported."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from app.kernel.events import Event


class FileRead(BaseModel):
    """One file of an import: its digest as it lay there, and what became of its rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    sha256: str
    read: int
    imported: int
    unchanged: int
    rejected: int
    warned: int


class SourceImported(Event):
    """Rows of a public source became records; every one of them names this entry."""

    tag: ClassVar[str] = "imports:source:imported"
    sentence: ClassVar[str] = "Imported {imported} rows of {source}; {rejected} were rejected."

    source: str
    mapping: str
    imported: int
    rejected: int
    files: tuple[FileRead, ...]
