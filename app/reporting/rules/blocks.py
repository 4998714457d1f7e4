"""Tables and charts of a release, ready to be shown: every printed number with the figure it comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.kernel.translations import English
from app.publication.rules.figures import EVERY_GROUP, Figure
from app.publication.rules.measures import Kind
from app.publication.rules.periods import Period, periods_of
from app.publication.rules.tables import ALL, JOINED, OTHERS
from app.reporting.rules.specs import ALSO, KEY, SECTIONS, SPECS, Column, Spec
from app.reporting.rules.view import EVERYTHING, MeasureWords, View

CHART_BARS = 14


@dataclass(frozen=True)
class Cell:
    """One printed number; where it is withheld, the reason in words."""

    text: str
    figure: Figure | None = None
    part: str = "number"
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """A group and its numbers."""

    label: str
    cells: tuple[Cell, ...]
    group: str = ""


@dataclass(frozen=True)
class Block:
    """One table with its definitions, perhaps with a chart of its first column."""

    id: str
    title: str
    first: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    measures: tuple[MeasureWords, ...]
    note: str = ""
    chart: str = ""
    withheld: str = ""
    left_out: int = 0
    on_page: bool = True

    def chart_values(self) -> list[tuple[str, int]]:
        """What the chart shows: the first column, the largest groups where there are many."""
        values = [
            (row.label, row.cells[0].figure.numerator)
            for row in self.rows
            if row.cells[0].figure is not None and row.cells[0].figure.numerator is not None
        ]
        return values if self.chart == "columns" else values[:CHART_BARS]


@dataclass(frozen=True)
class Section:
    """Blocks that belong together."""

    id: str
    title: str
    blocks: tuple[Block, ...] = field(default=())


FIRST = {
    "year": "Year",
    "month": "Month",
    "category": "Category",
    "classification": "Classification",
    "department": "Department",
    "district": "District",
    "outcome": "Outcome",
    "channel": "Way in",
    "language": "Language",
    "anonymity": "Name given",
    "officers": "Officers",
    "complainants": "Complainants",
    "subcategory": "Kind",
    "disposition": "Finding",
    "class": "Class",
    "department_finding": "Finding",
    "complaints": "Number of complaints",
    "decile": "Tenth of officers",
    "officer_race": "Race",
    "officer_sex": "Sex",
    "penalty": "Discipline",
    "answer": "Answer",
    "recommended": "Recommended",
    "imposed": "Imposed",
    "prosecuted": "Prosecuted",
    "state": "State",
    "kind": "Kind",
    "state,waiting": "State and days",
    "kept": "How it ended",
    "clock,kept": "Deadline and how it ended",
    "cause": "Reason",
    "complainant_race": "Race",
    "complainant_sex": "Sex",
}


def sections_of(view: View, period: Period = EVERYTHING, wanted: Sequence[str] = ()) -> list[Section]:
    """Every section of which the release has something; the wanted ones first and in their order."""
    titles = dict(SECTIONS)
    order = [part for code in wanted for part in ALSO.get(code, (code,))] + ([] if wanted else list(titles))
    found = []
    for code in dict.fromkeys(code for code in order if code in titles):
        blocks = tuple(block for spec in SPECS if spec.section == code and (block := block_of(view, spec, period)))
        if blocks:
            found.append(Section(code, titles[code], blocks))
    return found


def block_of(view: View, spec: Spec, period: Period) -> Block | None:
    """One table; None where the release has nothing of it for this period, or it would only repeat another."""
    chosen = EVERYTHING if spec.whole else period
    first = spec.columns[0]
    measures = tuple(view.measures[name] for name in dict.fromkeys(column.measure for column in spec.columns))
    reason = view.withheld(first.measure, spec.by)
    headers, title = tuple(column.header for column in spec.columns), spec.title
    if reason:
        return Block(spec.id, title, "", headers, (), measures, spec.note, "", view.reason(reason), 0, spec.on_page)
    groups = _groups(view, spec, chosen)
    if not groups or _says_nothing(spec, groups) or _repeats(view, spec, chosen):
        return None
    rows = tuple(
        Row(_label(view, spec.by, group), tuple(_cells(view, spec, chosen, group)), group)
        for group in groups[: spec.most]
    )
    return Block(
        spec.id,
        title,
        FIRST[spec.by],
        headers,
        rows,
        measures,
        spec.note,
        spec.chart if len(rows) > 1 else "",
        "",
        max(len(groups) - spec.most, 0),
        spec.on_page,
    )


def _groups(view: View, spec: Spec, period: Period) -> list[str]:
    if spec.by == "month":
        return _months(view, period)
    figures = view.figures(spec.columns[0].measure, spec.by, period)
    names = [group for group in figures if group != EVERY_GROUP]
    if spec.sort == "number":
        return sorted(names, key=_as_number)
    if spec.sort == "size":
        return sorted(names, key=lambda group: (group == OTHERS, -_size(figures[group], spec.columns[0]), group))
    return sorted(names)


def _size(figure: Figure, column: Column) -> int:
    return (figure.denominator if column.part == "of" else figure.numerator) or 0


def _as_number(group: str) -> tuple[int, str]:
    digits = group.rstrip("+")
    return (int(digits), group) if digits.isdigit() else (10**9, group)


def _months(view: View, period: Period) -> list[str]:
    """The months of the period; a year's report shows its own, that of everything shows none."""
    if period.kind in ("all", "month"):
        return []
    months = view.figures("complaints", "month")
    return sorted(month for month in months if (period.kind, period.text) in set(periods_of(month)))


def _says_nothing(spec: Spec, groups: Sequence[str]) -> bool:
    """All complaints in one group: the total says it already."""
    return spec.section == "intake" and spec.sort == "size" and len(groups) == 1


def _repeats(view: View, spec: Spec, period: Period) -> bool:
    """Allegations against identified officers are a table of their own only where some officers are unknown."""
    if not spec.id.startswith("known-"):
        return False
    return _every(view, "officer_allegations", period) == _every(view, "allegations", period)


def _every(view: View, measure: str, period: Period) -> int | None:
    figure = view.figures(measure, ALL, period).get(ALL)
    return figure.numerator if figure else None


def _label(view: View, by: str, group: str) -> str:
    dimensions = by.split(",")
    values = group.split(JOINED) if len(dimensions) > 1 else [group]
    named = list(zip(dimensions, values, strict=False))
    words = [view.label(name, value) for name, value in named]
    if any(isinstance(word, English) for word in words):
        return English(", ".join(view.in_english(name, value) for name, value in named))
    return ", ".join(words)


def _cells(view: View, spec: Spec, period: Period, group: str) -> Iterator[Cell]:
    for column in spec.columns:
        figures = view.figures(column.measure, spec.by, EVERYTHING if spec.by == "month" else period)
        yield cell_of(view, figures.get(group), column.part)


def cell_of(view: View, figure: Figure | None, part: str) -> Cell:
    """A number as it is printed; a dash where there is none, the reason where it is withheld."""
    if figure is None:
        return Cell("–")
    if figure.withheld:
        return Cell("", figure, part, view.reason(figure.withheld))
    return Cell(view.printed(figure, part) or "–", figure, part)


def key_figures(view: View, period: Period = EVERYTHING) -> Block:
    """The numbers at the top, each with what it is a part of; those of all years only where all years are shown."""
    rows = []
    for measure, in_periods in KEY:
        chosen = period if in_periods else EVERYTHING
        figure = view.figures(measure, ALL, chosen).get(ALL)
        if figure is None or (chosen is EVERYTHING and period.kind != "all" and measure == "complaints"):
            continue
        words = view.measures[measure]
        parts = ["number", "of", "share"] if words.kind is Kind.SHARE else ["number"]
        cells = [cell_of(view, figure, part) for part in parts] + [Cell("")] * (3 - len(parts))
        all_years = chosen is EVERYTHING and period.kind != "all"
        rows.append(Row(words.label, tuple(cells), "all_years" if all_years else ""))
    measures = tuple(view.measures[measure] for measure, _ in KEY if view.figures(measure, ALL))
    return Block("key-figures", "Key figures", "Measure", ("Number", "Of", "Share"), tuple(rows), measures)


def figures_used(blocks: Sequence[Block]) -> list[tuple[Figure, str, str]]:
    """Every printed number in the order of the paper: its figure, which part of it, and the text."""
    return [
        (cell.figure, cell.part, cell.text)
        for block in blocks
        for row in block.rows
        for cell in row.cells
        if cell.figure is not None and cell.text
    ]
