"""What an attacker makes of a file: its columns, which of them count, and which tell something about filers."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.publication.rules.tables import plain_cell


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of a column's name that tell something about whoever complained, unless it is said of an officer.
ABOUT_FILERS = _words(
    "race ethnicity sex gender age language channel anonymity disability religion orientation relationship filer "
    "filers complainant complainants victim victims citizen citizens witness civilian birth zip immigration housing"
)
ABOUT_OFFICERS = _words("officer officers po employee subject")
WHEN_AND_WHERE = _words(
    "date day time hour month received occurred year quarter district precinct beat block place address location "
    "borough"
)
NOT_COUNTS = _words("year month quarter day hour age decile badge number id key zip")
PERCENT = frozenset({"percent", "pct", "share", "rate", "proportion"})
TOTALS = frozenset({"all", "total", "sum", "(all)", "(total)", "every group", "grand total"})
HIDDEN = frozenset({"", "*", "-", "–", "x", "n/a", "na", "withheld", "suppressed", "hidden"})
FIGURES = "figures.csv"
EVERY_GROUP = "(every group)"

Group = tuple[str, ...]


@dataclass
class Sheet:
    """One breakdown: groups with their counts (None where hidden), and sums known from elsewhere."""

    file: str
    dims: tuple[str, ...]
    counts: tuple[str, ...]
    rows: dict[Group, tuple[int | None, ...]]
    columns: dict[str, list[str]] = field(default_factory=dict)
    margins: list[tuple[Group, int]] = field(default_factory=list)
    label: str = ""

    @property
    def about_filers(self) -> bool:
        """Whether a dimension, or what is counted, is something about filers."""
        return any(is_about_filers(name) for name in self.dims)

    @property
    def name(self) -> str:
        """How a finding names it."""
        return f"{self.file} ({self.label})" if self.label else self.file


def words_of(name: str) -> frozenset[str]:
    """The words of a column's name."""
    return frozenset(re.split(r"[^a-z0-9]+", name.casefold()))


def is_about_filers(name: str) -> bool:
    """Whether a column's name says something about filers and nothing about officers."""
    words = words_of(name)
    return bool(words & ABOUT_FILERS) and not words & ABOUT_OFFICERS


def number(cell: str) -> int | None:
    """A whole number, however it is spelt; None where it is hidden or no number."""
    plain = cell.strip().replace(",", "")
    return int(plain) if re.fullmatch(r"-?\d{1,15}", plain, re.ASCII) else None


def is_hidden(cell: str) -> bool:
    """Whether a cell stands for a number that is not shown."""
    return cell.strip().casefold() in HIDDEN or cell.strip().startswith("<")


def read_sheets(files: Mapping[str, bytes]) -> list[Sheet]:
    """Every breakdown in every CSV file."""
    known = _columns_by_manifest(files)
    found: list[Sheet] = []
    for name, content in sorted(files.items()):
        if not name.endswith(".csv"):
            continue
        header, rows = raw_csv(content)
        rows = [[plain_cell(cell) for cell in row] for row in rows]
        if name.rsplit("/", 1)[-1] == FIGURES and {"measure", "by", "group"} <= set(header):
            found += _of_figures(name, header, rows)
        else:
            found.append(_of_table(name, header, rows, known.get(name)))
    return found


def raw_csv(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows as they stand in the file, short rows filled."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))
    if not lines:
        return [], []
    header = lines[0]
    return header, [(line + [""] * len(header))[: len(header)] for line in lines[1:] if line]


def _columns_by_manifest(files: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    """Which columns are dimensions, where the manifest says so; an attacker reads that too."""
    try:
        tables = json.loads(files.get("manifest.json", b"{}")).get("tables", [])
        return {table["file"]: tuple(table["dims"]) for table in tables}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _of_table(file: str, header: list[str], rows: list[list[str]], dims: tuple[str, ...] | None) -> Sheet:
    columns = {name: [row[at] for row in rows] for at, name in enumerate(header)}
    counts = tuple(n for n in header if n not in dims) if dims else tuple(_counting(header, columns))
    names = tuple(name for name in header if name not in counts)
    at = {name: header.index(name) for name in header}
    cells = {tuple(row[at[name]] for name in names): tuple(number(row[at[name]]) for name in counts) for row in rows}
    return Sheet(file, names, counts, cells, columns)


def _counting(header: list[str], columns: Mapping[str, list[str]]) -> list[str]:
    """The columns that count: whole numbers or hidden throughout, and not the name of a year or the like."""
    found = []
    for name in header:
        cells = columns[name]
        if words_of(name) & (NOT_COUNTS | PERCENT | WHEN_AND_WHERE) or (
            is_about_filers(name) and len(set(cells)) == len(cells) > 1
        ):
            continue
        if cells and any(number(c) is not None for c in cells) and all(_is_count(c) for c in cells):
            found.append(name)
    return found


def _is_count(cell: str) -> bool:
    return number(cell) is not None or is_hidden(cell)


def _of_figures(file: str, header: list[str], rows: list[list[str]]) -> list[Sheet]:
    """One sheet for each measure and breakdown, with the sums that other breakdowns of the same measure give."""
    at = {name: header.index(name) for name in ("measure", "by", "group", "numerator", "denominator")}
    sheets: dict[tuple[str, str], Sheet] = {}
    for row in rows:
        measure, by = row[at["measure"]], row[at["by"]]
        if row[at["group"]] == EVERY_GROUP:
            continue  # nothing of this breakdown is shown
        dims = tuple(by.split(",")) if by != "all" else ()
        sheet = sheets.setdefault(
            (measure, by), Sheet(file, dims, ("numerator", "denominator"), {}, {}, [], f"{measure} by {by}")
        )
        group = tuple(row[at["group"]].split(" | ")) if dims else ()
        sheet.rows[group] = (number(row[at["numerator"]]), number(row[at["denominator"]]))
    for (measure, _), sheet in sheets.items():
        for (other, _), coarser in sheets.items():
            if other == measure and len(coarser.dims) < len(sheet.dims) and set(coarser.dims) <= set(sheet.dims):
                sheet.margins += _margins(sheet.dims, coarser)
        sheet.margins += _denominators(sheet)
    return list(sheets.values())


def _margins(dims: tuple[str, ...], coarser: Sheet) -> list[tuple[Group, int]]:
    found = []
    for group, counts in coarser.rows.items():
        if counts[0] is not None and len(group) == len(coarser.dims):
            values = dict(zip(coarser.dims, group, strict=True))
            found.append((tuple(values.get(name, "all") for name in dims), counts[0]))
    return found


def _denominators(sheet: Sheet) -> list[tuple[Group, int]]:
    """In a distribution every row names its total: where it is the same for all, it is the sum of all."""
    wholes = {counts[1] for counts in sheet.rows.values() if counts[1] is not None}
    shown = sum(counts[0] or 0 for counts in sheet.rows.values())
    if len(sheet.dims) != 1 or len(wholes) != 1:
        return []
    whole = wholes.pop()
    return [(("all",), whole)] if whole is not None and whole >= shown else []
