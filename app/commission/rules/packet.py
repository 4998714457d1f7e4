"""What a packet is made of: sections that each stage adds, in words and tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell of a row names it."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One part of a packet under its heading. It never holds who complained."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    nothing: str = "Nothing is on file."

    @property
    def is_empty(self) -> bool:
        """True where the section would show nothing."""
        return not self.paragraphs and not any(table.rows for table in self.tables)
