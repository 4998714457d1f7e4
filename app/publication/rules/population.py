"""Residents, for rates: read from a census table or a table of districts, matched to the words of the data."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from app.publication.rules.tables import Table, read_csv, table_of

# The columns of the census table, and the words that cities write for the same group.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "hispanic_pct": ("latino", "hispanic", "latina", "latinx", "hispanic or latino"),
    "white_pct": ("white",),
    "black_pct": ("black", "african american", "black or african american"),
    "native_pct": ("indian", "native american", "american indian", "native"),
    "asian_pct": ("asian",),
    "pacific_pct": ("pacific islander", "native hawaiian", "pacific"),
}
RESIDENTS = ("total", "population", "total_district_population")


def population_table(content: bytes, city: str) -> Table:
    """Residents by race of one city, or by district; ValueError says what the file lacks."""
    header, lines = read_csv(content.removeprefix(b"\xef\xbb\xbf"))
    rows = [dict(zip(header, line, strict=False)) for line in lines]
    if "district" in header:
        return _table(_by_district(header, rows))
    if not {"city", "total", *GROUPS} <= set(header):
        raise ValueError("A population file has the columns city, total and *_pct, or district and total.")
    return _table(_by_race(rows, city))


def _by_district(header: list[str], rows: list[dict[str, str]]) -> list[tuple[str, str, int]]:
    column = next((name for name in RESIDENTS if name in header), None)
    if column is None:
        raise ValueError(f"A population file by district needs one of the columns {', '.join(RESIDENTS)}.")
    return [("district", plain(row["district"]), int(_number(row[column]))) for row in rows]


def _by_race(rows: list[dict[str, str]], city: str) -> list[tuple[str, str, int]]:
    named = [row for row in rows if row["city"].casefold() == city.casefold()]
    cities = sorted({row["city"] for row in rows})
    if not named and len(cities) == 1:
        named = rows
    if not named:
        raise ValueError(f"The population file knows no city {city!r}. It has: {', '.join(cities)}.")
    found = []
    for column, words in GROUPS.items():
        share = sum((_number(row["total"]) * _number(row[column]) / 100 for row in named), Decimal(0))
        residents = int(share.to_integral_value(ROUND_HALF_EVEN))
        found += [("race", word, residents) for word in words]
    return found


def _table(rows: list[tuple[str, str, int]]) -> Table:
    values = [((kind, group), (number,)) for kind, group, number in rows]
    return table_of("population", ("kind", "group"), ("residents",), values)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip() or "0")
    except InvalidOperation:
        raise ValueError(f"The population file has {text!r} where a number should be.") from None


def plain(group: str) -> str:
    """A word or district number without capitals and leading zeros, so that 09 finds 9."""
    word = " ".join(group.casefold().split())
    return word.lstrip("0") or "0" if word.isdigit() else word
