"""What keeps a small group of filers from being seen: groups are joined, or the whole breakdown is withheld."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.publication.rules.tables import OTHERS, Row, Table

SMALL_CELL = "small_cell"
TOO_CLOSE = "close_to_an_earlier_release"
REASONS: Mapping[str, str] = {
    SMALL_CELL: "A group of the people who complained is so small that a number could point at somebody.",
    TOO_CLOSE: "Since an earlier release so few were added that the difference could point at somebody.",
    "no_residents": "No residents are known for this place, so there is nothing to divide by.",
}


def protect(tables: Iterable[Table], threshold: int, earlier: Iterable[Mapping[str, Table]] = ()) -> list[Table]:
    """The tables as they may be published. Only those that describe filers are touched.

    Each of these has one dimension, so a number can only be found from its own row and its table's total: a group
    below the threshold is joined with the next smallest until the sum is large enough, and with nothing left to
    stand beside that sum the whole table is withheld. No cell is hidden beside others that would give it away.
    """
    before = [release for release in earlier if release]
    return [_protected(table, threshold, before) if table.describes_filers else table for table in tables]


def _protected(table: Table, threshold: int, earlier: list[Mapping[str, Table]]) -> Table:
    if len(table.dims) != 1:
        raise ValueError(f"{table.name} crosses something about filers with something else")
    joined = join_small(table, threshold)
    if joined.withheld:
        return joined
    for release in earlier:
        older = release.get(table.name)
        if older is not None and not older.withheld and not _apart(joined, older, threshold):
            return _withheld(table, TOO_CLOSE)
    return joined


def join_small(table: Table, threshold: int) -> Table:
    """Small groups joined into one that is not small; withheld where nothing else would be left."""
    rows = sorted(table.rows, key=lambda row: (_people(table, row), row[0]))
    kept = [row for row in rows if _is_safe(row[1], _people(table, row), threshold)]
    small = [row for row in rows if row not in kept]
    while small and kept and not _are_safe(table, small, threshold):
        small.append(kept.pop(0))
    if not kept or (small and not _are_safe(table, small, threshold)):
        return _withheld(table, SMALL_CELL) if rows else table
    if not small:
        return replace(table, guards={})
    others: Row = ((OTHERS,), _sum(small))
    return replace(table, rows=(*sorted(kept), others), guards={})


def _people(table: Table, row: Row) -> int:
    """How many complaints or people stand behind a row: its own guard, else its first count."""
    return table.guards.get(row[0], row[1][0])


def _is_safe(counts: tuple[int, ...], people: int, threshold: int) -> bool:
    """Every count, and what is left of the first without each other one, is none or not small; nobody stands alone.

    A part as large as the whole says the same of everybody in the group, which is as telling as a small number.
    """
    whole, parts = counts[0], counts[1:]
    if min(people, whole) < threshold:
        return False
    return all(part == 0 or (part >= threshold and whole - part >= threshold) for part in parts)


def _are_safe(table: Table, rows: list[Row], threshold: int) -> bool:
    return _is_safe(_sum(rows), sum(_people(table, row) for row in rows), threshold)


def _sum(rows: list[Row]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(counts for _, counts in rows), strict=True))


def _withheld(table: Table, reason: str) -> Table:
    return replace(table, rows=(), guards={}, withheld=reason)


def _apart(table: Table, older: Table, threshold: int) -> bool:
    """Nothing small is learnt by taking the older release from this one, cell by cell."""
    now, before = dict(table.rows), dict(older.rows)
    if now.keys() != before.keys():
        return False
    return all(_difference_is_safe(counts, before[group], threshold) for group, counts in now.items())


def _difference_is_safe(now: tuple[int, ...], before: tuple[int, ...], threshold: int) -> bool:
    steps = tuple(a - b for a, b in zip(now, before, strict=True))
    if not any(steps):
        return True
    return _is_safe(steps, steps[0], threshold)
