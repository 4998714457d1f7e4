"""A public table: counts by a few dimensions, and the CSV that cannot be mistaken for a formula."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

BLANK = "(blank)"
OTHERS = "(all other groups)"
ALL = "all"
# A spreadsheet runs what begins with one of these; the apostrophe in front of it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
JOINED = " | "

Row = tuple[tuple[str, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Table:
    """Counts by dimensions; `describes_filers` where a dimension is something about whoever complained.

    `guards` are counts that the protection looks at and nobody publishes: how many people stand behind a row.
    """

    name: str
    dims: tuple[str, ...]
    counts: tuple[str, ...]
    rows: tuple[Row, ...]
    describes_filers: bool = False
    guards: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    withheld: str = ""

    def total(self, count: str, **where: str) -> int:
        """The sum of one count over the rows with these values."""
        at = self.counts.index(count)
        wanted = [(self.dims.index(name), value) for name, value in where.items()]
        return sum(counts[at] for dims, counts in self.rows if all(dims[i] == value for i, value in wanted))

    def by(self, count: str, *names: str, **where: str) -> dict[tuple[str, ...], int]:
        """The sums of one count by some of the dimensions, in the order of the first row of each."""
        at, places = self.counts.index(count), [self.dims.index(name) for name in names]
        wanted = [(self.dims.index(name), value) for name, value in where.items()]
        found: dict[tuple[str, ...], int] = {}
        for dims, counts in self.rows:
            if all(dims[i] == value for i, value in wanted):
                group = tuple(dims[i] for i in places)
                found[group] = found.get(group, 0) + counts[at]
        return found


def table_of(
    name: str,
    dims: tuple[str, ...],
    counts: tuple[str, ...],
    rows: Iterable[tuple[tuple[str | None, ...], tuple[int, ...]]],
    *,
    describes_filers: bool = False,
    guards: Mapping[tuple[str, ...], int] | None = None,
) -> Table:
    """A table with its rows added up by group and in order; an empty value is shown as such."""
    summed: dict[tuple[str, ...], list[int]] = {}
    for values, numbers in rows:
        group = tuple(shown(value) for value in values)
        held = summed.setdefault(group, [0] * len(counts))
        for at, number in enumerate(numbers):
            held[at] += number
    ordered = tuple((group, tuple(summed[group])) for group in sorted(summed))
    return Table(name, dims, counts, ordered, describes_filers, guards or {})


def shown(value: str | None) -> str:
    """A value as it is published: as written, without control characters; an empty one as `(blank)`."""
    plain = "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in value or "").strip()
    return plain or BLANK


def safe_cell(value: str) -> str:
    """The text, never a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def write_csv(header: Iterable[str], rows: Iterable[Iterable[str | int]]) -> bytes:
    """The exact bytes of a CSV file: UTF-8, CRLF as RFC 4180 has it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(list(header))
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else safe_cell(cell) for cell in row])
    return buffer.getvalue().encode("utf-8")


def read_csv(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows, as they were before they were written."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    if not lines:
        return [], []
    return lines[0], [[plain_cell(cell) for cell in line] for line in lines[1:]]


def table_csv(table: Table) -> bytes:
    """A table as it is published: dimensions, then counts, and no guards."""
    return write_csv((*table.dims, *table.counts), ((*dims, *counts) for dims, counts in table.rows))


def parse_table(name: str, content: bytes, dims: tuple[str, ...], withheld: str = "") -> Table:
    """A published table, read again; ValueError where it is not one."""
    header, lines = read_csv(content)
    if tuple(header[: len(dims)]) != dims:
        raise ValueError(f"{name} begins with other columns than the manifest says")
    if any(len(line) != len(header) for line in lines):
        raise ValueError(f"{name} has a row of another length")
    rows = tuple((tuple(line[: len(dims)]), tuple(int(cell) for cell in line[len(dims) :])) for line in lines)
    return Table(name, dims, tuple(header[len(dims) :]), rows, withheld=withheld)


def join(values: Iterable[str]) -> str:
    """The name of a group of several dimensions; the mark between them is kept out of the values."""
    return JOINED.join(value.replace("|", "/") for value in values)
