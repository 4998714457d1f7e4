"""Every figure of a release, computed from the release's own tables and from nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.publication.rules.measures import BREAKDOWNS, BY_ID, PERIODIC, SUSTAINED, Breakdown, Kind
from app.publication.rules.periods import periods_of
from app.publication.rules.population import plain
from app.publication.rules.tables import ALL, BLANK, Table, join, read_csv, write_csv

HEADER = ("measure", "by", "group", "numerator", "denominator", "withheld")
NO_RESIDENTS = "no_residents"
EVERY_GROUP = "(every group)"
TENTHS = 10
MANY = 10
SMALL_PERIODS = ("half", "quarter", "month")
OFFICERS = "officers_by_complaints"

Tables = Mapping[str, Table]


class Figure(NamedTuple):
    """One published figure; where it is withheld there are no numbers, only the reason."""

    measure: str
    by: str
    group: str
    numerator: int | None
    denominator: int | None = None
    withheld: str = ""


def figures_of(tables: Tables) -> list[Figure]:
    """All figures, in the order of the measures; a table that is not there gives none."""
    found: list[Figure] = []
    for breakdown in BREAKDOWNS:
        found += _of_table(tables, breakdown, breakdown.by)
    for breakdown in PERIODIC:
        found += _of_periods(tables, breakdown)
    found += _complaints_sustained(tables)
    for table in tables.values():
        if table.name.startswith(OFFICERS):
            found += _of_officers(table)
    found += _window_totals(tables)
    found += _by_complainant_race(tables)
    found += _rates(tables)
    order = {measure: place for place, measure in enumerate(BY_ID)}
    return sorted(found, key=lambda figure: (order[figure.measure], figure.by))


def figures_csv(figures: Iterable[Figure]) -> bytes:
    """The file `figures.csv`: exact whole numbers, one row a figure."""
    return write_csv(HEADER, ([_cell(value) for value in figure] for figure in figures))


def read_figures(content: bytes) -> list[Figure]:
    """The same, read again; ValueError where it is not such a file."""
    header, lines = read_csv(content)
    if tuple(header) != HEADER or any(len(line) != len(HEADER) for line in lines):
        raise ValueError("figures.csv has other columns than measure, by, group, numerator, denominator, withheld")
    return [Figure(m, b, g, _number(n), _number(d), w) for m, b, g, n, d, w in lines]


def _cell(value: str | int | None) -> str | int:
    return "" if value is None else value


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def _of_table(tables: Tables, breakdown: Breakdown, by: tuple[str, ...]) -> Iterator[Figure]:
    table = tables.get(breakdown.table)
    if table is None:
        return
    if table.withheld:
        yield Figure(breakdown.measure, breakdown.by_name, _whole(by), None, None, table.withheld)
        return
    yield from _counted(table, breakdown, by, breakdown.by_name)


def _whole(by: Sequence[str]) -> str:
    return EVERY_GROUP if by else ALL


def _counted(table: Table, breakdown: Breakdown, by: tuple[str, ...], name: str) -> Iterator[Figure]:
    where = dict(breakdown.where)
    above = _classes(table, breakdown, by, breakdown.classes, where)
    if breakdown.classes:
        below = _classes(table, breakdown, by, breakdown.of, where)
        for group, denominator in below.items():
            yield Figure(breakdown.measure, name, join(group) or ALL, above.get(group, 0), denominator)
        return
    totals = table.by(breakdown.count, *by[: len(by) - 1], **where)
    for group, numerator in above.items():
        total = totals[group[:-1]] if by else None
        yield Figure(breakdown.measure, name, join(group) or ALL, numerator, total)


def _classes(
    table: Table, breakdown: Breakdown, by: tuple[str, ...], classes: frozenset[str], where: dict[str, str]
) -> dict[tuple[str, ...], int]:
    """Counts by group over the findings of these classes; over all of them where none is named."""
    found = table.by(breakdown.count, *by, **where)
    if not classes:
        return found or ({(): 0} if not by else {})
    summed = dict.fromkeys(found or ([()] if not by else []), 0)
    for word in sorted(classes):
        for group, number in table.by(breakdown.count, *by, **(where | {"class": word})).items():
            summed[group] += number
    return summed


def _of_periods(tables: Tables, breakdown: Breakdown) -> Iterator[Figure]:
    table = tables.get(breakdown.table)
    if table is None:
        return
    for kind in SMALL_PERIODS:
        name = ",".join((kind, *breakdown.by[1:]))
        yield from _counted(_in_periods(table, kind), breakdown, breakdown.by, name)


def _in_periods(table: Table, kind: str) -> Table:
    """The same table with the period of that kind in place of the month; years of unknown month fall out."""
    rows = [
        ((period, *dims[1:]), counts)
        for dims, counts in table.rows
        for named, period in periods_of(dims[0])
        if named == kind
    ]
    return Table(table.name, table.dims, table.counts, tuple(rows))


def _complaints_sustained(tables: Tables) -> Iterator[Figure]:
    table = tables.get("complaints_by_finding")
    if table is None:
        return
    for measure, dimension in (
        ("complaints_sustained", "sustained"),
        ("complaints_sustained_officer", "sustained_officer"),
    ):
        yield Figure(measure, ALL, ALL, table.total("complaints", **{dimension: "yes"}), table.total("complaints"))
        with_one = table.by("complaints", "year", **{dimension: "yes"})
        for year, complaints in table.by("complaints", "year").items():
            yield Figure(measure, "year", join(year), with_one.get(year, 0), complaints)


def tenths(histogram: Mapping[int, int]) -> list[int]:
    """Complaints held by each tenth of the officers, fewest first; the first tenths one larger where need be."""
    officers = sum(histogram.values())
    size, more = divmod(officers, TENTHS)
    sizes = [size + (1 if place < more else 0) for place in range(TENTHS)]
    left = [[complaints, histogram[complaints]] for complaints in sorted(histogram)]
    return [_take(left, wanted) for wanted in sizes]


def _take(left: list[list[int]], wanted: int) -> int:
    held = 0
    while wanted:
        complaints, officers = left[0]
        taken = min(wanted, officers)
        held += complaints * taken
        wanted -= taken
        left[0][1] -= taken
        if not left[0][1]:
            left.pop(0)
    return held


def _of_officers(table: Table) -> Iterator[Figure]:
    window = table.name.removeprefix(OFFICERS).strip("_").replace("_", "-")
    histogram = {int(dims[0]): counts[0] for dims, counts in table.rows}
    officers = sum(histogram.values())
    pairs = sum(complaints * number for complaints, number in histogram.items())

    def figure(measure: str, by: str, group: str, above: int, below: int | None = None) -> Figure:
        names = ",".join(part for part in ("window" if window else "", by) if part) or ALL
        groups = join(part for part in (window, group) if part) or ALL
        return Figure(measure, names, groups, above, below)

    yield figure("officers", "", "", officers)
    yield figure("officer_complaints", "", "", pairs)
    for complaints in sorted(histogram):
        yield figure("officers_by_complaints", "complaints", str(complaints), histogram[complaints], officers)
    for place, held in enumerate(tenths(histogram), start=1):
        yield figure("officer_deciles", "decile", str(place), held, pairs)
    many = sum(number for complaints, number in histogram.items() if complaints >= MANY)
    yield figure("officers_ten_or_more", "", "", many, officers)
    yield figure("most_complaints", "", "", max(histogram, default=0))


def _window_totals(tables: Tables) -> Iterator[Figure]:
    """Allegations of the years for which there is a table of officers by complaints."""
    allegations = tables.get("allegations")
    for name in tables:
        years = name.removeprefix(OFFICERS).strip("_").split("_")
        if allegations is None or not name.startswith(OFFICERS) or len(years) != 2:
            continue
        chosen = tuple(row for row in allegations.rows if years[0] <= row[0][0] <= years[1])
        window = Table(name, allegations.dims, allegations.counts, chosen)
        every = window.total("allegations")
        sustained = sum(window.total("allegations", **{"class": word}) for word in SUSTAINED)
        yield Figure("allegations", "window", "-".join(years), every)
        yield Figure("sustained_of_all", "window", "-".join(years), sustained, every)


def _by_complainant_race(tables: Tables) -> Iterator[Figure]:
    table = tables.get("allegations_by_complainant_race")
    if table is None:
        return
    if table.withheld:
        yield Figure("sustained_by_complainant_race", "complainant_race", EVERY_GROUP, None, None, table.withheld)
    for dims, (allegations, sustained) in table.rows:
        yield Figure("sustained_by_complainant_race", "complainant_race", dims[0], sustained, allegations)


def _rates(tables: Tables) -> Iterator[Figure]:
    population = tables.get("population")
    if population is None:
        return
    residents = {dims: counts[0] for dims, counts in population.rows}
    for measure, name, kind, by in (
        ("complainants_per_10000", "complainants_by_race", "race", "complainant_race"),
        ("complaints_per_10000", "complaints_by_district", "district", "district"),
    ):
        table = tables.get(name)
        if table is None or not any(dims[0] == kind for dims in residents):
            continue
        if table.withheld:
            yield Figure(measure, by, EVERY_GROUP, None, None, table.withheld)
        for (group,), number in table.by(table.counts[0], by).items():
            yield from _rate(measure, by, group, number, residents.get((kind, plain(group))))


def _rate(measure: str, by: str, group: str, number: int, residents: int | None) -> Iterator[Figure]:
    if residents:
        yield Figure(measure, by, group, number, residents)
    elif residents == 0 or (by == "district" and group != BLANK):
        # Nobody lives there, or the file does not know the place: there is nothing to divide by.
        yield Figure(measure, by, group, None, None, NO_RESIDENTS)


def in_words(figure: Figure, kind: Kind) -> str:
    """A figure as it is printed: a count, a percentage with two decimals, or a rate with one."""
    if figure.numerator is None:
        return ""
    if kind is not Kind.COUNT and kind is not Kind.VALUE and not figure.denominator:
        return "–"
    if kind is Kind.SHARE:
        return f"{_rounded(100 * figure.numerator, figure.denominator, 2)}%"
    if kind is Kind.RATE:
        return _rounded(10_000 * figure.numerator, figure.denominator, 1)
    return f"{figure.numerator:,}"


def _rounded(above: int, below: int | None, places: int) -> str:
    """Half up, from whole numbers alone, so that every computer prints the same."""
    below = below or 1
    scaled = (above * 10**places * 2 + below) // (2 * below)
    whole, rest = divmod(scaled, 10**places)
    return f"{whole:,}.{rest:0{places}d}"
