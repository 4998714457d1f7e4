"""The people of the demonstration city: officers with their postings, and residents. None of them exists.

A surname is put together from two words of landscape and weather, so that no list of real people is touched;
first names are drawn apart from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import yaml

RANKS = (("Officer", 0.68), ("Corporal", 0.12), ("Sergeant", 0.14), ("Lieutenant", 0.06))
UNITS = {
    0: (
        "First District",
        "Second District",
        "Third District",
        "Fourth District",
        "Traffic",
        "Night Response",
        "K-9",
        "School Liaison",
    ),
    1: ("Granger Homes", "Eastbank Terrace", "Harborview", "Housing Patrol"),
}
OFFICERS = (34, 11)
# Of twenty; dealt out, because the few who are complained of most would otherwise be all of one kind.
RACES = {"white": 11, "black": 5, "latino": 3, "asian": 1}


@dataclass(frozen=True)
class Served:
    """One stretch of an officer's service."""

    badge: str
    rank: str
    unit: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class InventedOfficer:
    """Somebody on the roster of a department that does not exist; `department` is its place in the rulebook."""

    department: int
    first_name: str
    last_name: str
    sex: str
    race: str
    weight: float
    served: tuple[Served, ...] = field(default=())


@dataclass(frozen=True)
class Resident:
    """Somebody who files."""

    name: str
    email: str
    phone: str


def dice(*seed: object) -> Random:
    """The same throws for the same seed; nothing secret is ever drawn from it."""
    return Random(":".join(str(part) for part in seed))  # noqa: S311


@cache
def names() -> Mapping[str, Sequence[str]]:
    """Our own lists of first names and of words that make surnames."""
    lists: Mapping[str, Sequence[str]] = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text("utf-8"))
    return lists


def roster(rng: Random, anchor: date) -> list[InventedOfficer]:
    """All officers of both departments; a few of them are complained of often, most hardly ever."""
    used: set[str] = set()
    people = []
    races = [race for race, count in RACES.items() for _ in range(count)]
    rng.shuffle(races)
    for department, count in enumerate(OFFICERS):
        for number in range(count):
            last = _new_surname(rng, used)
            people.append(
                InventedOfficer(
                    department=department,
                    first_name=rng.choice(names()["first"]),
                    last_name=last,
                    sex=rng.choices(("male", "female"), (0.83, 0.17))[0],
                    race=races[number % len(races)],
                    weight=1 / (1 + number % 20) ** 0.8,
                    served=_service(rng, department, number, anchor),
                )
            )
    return people


def _surname(rng: Random) -> str:
    return rng.choice(names()["front"]) + rng.choice(names()["back"])


def _new_surname(rng: Random, used: set[str]) -> str:
    while True:
        name = _surname(rng)
        if name not in used:
            used.add(name)
            return name


def _service(rng: Random, department: int, number: int, anchor: date) -> tuple[Served, ...]:
    badge = f"{(1000, 7000)[department] + 17 * number + rng.randrange(16)}"
    rank = rng.choices([name for name, _ in RANKS], [share for _, share in RANKS])[0]
    units = rng.sample(UNITS[department], 2)
    joined = anchor - timedelta(days=rng.randint(300, 7000))
    if rng.random() < 0.5 or (anchor - joined).days < 500:
        return (Served(badge, rank, units[0], joined, None),)
    changed = joined + timedelta(days=rng.randint(200, (anchor - joined).days - 100))
    before = "Officer" if rank != "Officer" else rank
    # A promotion brings a new badge: who asks for the old number must still be found.
    first = badge if before == rank else f"{int(badge) + 300}"
    return (
        Served(badge, rank, units[0], changed, None),
        Served(first, before, units[1], joined, changed - timedelta(days=1)),
    )


def resident(rng: Random, language: str) -> Resident:
    """A name and ways to reach the person; the addresses end in a domain that can never exist."""
    if language == "es":
        first, last = rng.choice(names()["first_es"]), rng.choice(names()["last_es"])
    else:
        first, last = rng.choice(names()["first"]), _surname(rng)
    plain = f"{first}.{last}".lower().replace("í", "i")
    email = f"{plain}@mail.example" if rng.random() < 0.7 else ""
    phone = f"555-01{rng.randrange(100):02}" if not email or rng.random() < 0.6 else ""
    return Resident(f"{first} {last}", email, phone)
