"""Hidden cells found from sums: exactly, by elimination; nearly, by narrowing what each can still be."""

from collections.abc import Sequence
from fractions import Fraction

from app.publication.rules.attack.sheets import TOTALS, Group, Sheet

ROUNDS = 50
Equation = tuple[frozenset[int], int]
Bounds = list[tuple[int, int]]


def is_total(value: str) -> bool:
    """Whether a group's name says that it is a sum."""
    return value.strip().casefold() in TOTALS


def hidden_cells(sheet: Sheet, count: int) -> list[Group]:
    """The inner cells whose number is not shown."""
    return [group for group, counts in sheet.rows.items() if counts[count] is None and not any(map(is_total, group))]


def bounds_of(sheet: Sheet, count: int) -> dict[Group, tuple[int, int]]:
    """The least and the most that each hidden cell can be, given every sum that is shown."""
    unknown = hidden_cells(sheet, count)
    equations = _equations(sheet, count, unknown)
    if not equations:
        return {}
    most = max(total for _, total in equations)
    bounds = _narrow([(0, most)] * len(unknown), equations)
    for place, value in _solved(len(unknown), equations).items():
        bounds[place] = (value, value)
    reached = frozenset().union(*(cells for cells, _ in equations))
    return {group: bounds[place] for place, group in enumerate(unknown) if place in reached}


def _equations(sheet: Sheet, count: int, unknown: Sequence[Group]) -> list[Equation]:
    """One for each sum that is shown: what its hidden cells add up to."""
    place = {group: at for at, group in enumerate(unknown)}
    margins = [
        (group, number)
        for group, counts in sheet.rows.items()
        if any(map(is_total, group)) and (number := counts[count]) is not None
    ]
    found: list[Equation] = []
    for margin, total in [*margins, *(sheet.margins if count == 0 else ())]:
        inner = [group for group in sheet.rows if _belongs(group, margin)]
        shown = sum(sheet.rows[group][count] or 0 for group in inner)
        cells = frozenset(place[group] for group in inner if group in place)
        if cells:
            found.append((cells, total - shown))
    return found


def _belongs(group: Group, margin: Group) -> bool:
    if len(group) != len(margin) or any(map(is_total, group)):
        return False
    return all(is_total(wanted) or wanted == value for value, wanted in zip(group, margin, strict=True))


def _narrow(bounds: Bounds, equations: Sequence[Equation]) -> Bounds:
    """What each cell can be, from what the others of the same sum can be, until nothing changes."""
    for _ in range(ROUNDS):
        before = list(bounds)
        for cells, total in equations:
            least, most = sum(bounds[c][0] for c in cells), sum(bounds[c][1] for c in cells)
            for cell in cells:
                low, high = bounds[cell]
                bounds[cell] = (max(low, total - (most - high)), min(high, total - (least - low)))
        if bounds == before:
            break
    return bounds


def _solved(size: int, equations: Sequence[Equation]) -> dict[int, int]:
    """The cells that the equations settle alone, by elimination in exact fractions."""
    rows = [[Fraction(int(c in cells)) for c in range(size)] + [Fraction(total)] for cells, total in equations]
    settled: dict[int, int] = {}
    reduced = _reduced(rows, size)
    for row in reduced:
        cells = [c for c in range(size) if row[c]]
        if len(cells) == 1:
            settled[cells[0]] = int(row[size] / row[cells[0]])
    return settled


def _reduced(rows: list[list[Fraction]], size: int) -> list[list[Fraction]]:
    done = 0
    for column in range(size):
        pivot = next((at for at in range(done, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        lead = rows[done][column]
        rows[done] = [value / lead for value in rows[done]]
        for at, row in enumerate(rows):
            if at != done and row[column]:
                factor = row[column]
                rows[at] = [a - factor * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]
