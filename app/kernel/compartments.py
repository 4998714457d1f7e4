"""The closed list of compartments, who is inside each, who is on which side, and the words of refusals; pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

CHOOSE, NOT_THERE = "Choose one of the list.", "Choose from the list."
ON_IT_ALREADY = "They are on this side already."


class Kind(StrEnum):
    """The closed list of compartments."""

    COMPELLED = "compelled"
    JUVENILE = "juvenile"
    COURT_SEALED = "court_sealed"
    WHISTLEBLOWER = "whistleblower"
    MEDIATION = "mediation"
    DEFENDING_COUNSEL = "defending_counsel"


# What a whole case may be kept in; and what is put on single files and notes. A name is kept by itself.
OF_CASES = (Kind.JUVENILE, Kind.COURT_SEALED)
OF_ITEMS = (Kind.COMPELLED, Kind.JUVENILE, Kind.COURT_SEALED, Kind.MEDIATION, Kind.DEFENDING_COUNSEL)


class Side(StrEnum):
    """On which side of a case somebody is who works for others in it too."""

    CRIMINAL = "criminal"
    DEFENDING = "defending"


SIDES: Mapping[Side, str] = {
    Side.CRIMINAL: "works on or with the criminal investigation",
    Side.DEFENDING: "defends the officer, or the city with the officer",
}


class Compartment(BaseModel):
    """Who is inside one kind, who never, and why; as `policies/access.yaml` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    seen_by: str
    why: str
    source: str = ""
    inside: frozenset[str]
    # Inside only in the cases that they lead.
    if_leading: frozenset[str] = frozenset()
    # Outside whatever other role they hold, and outside where they are on this side of the case.
    never_roles: frozenset[str] = frozenset()
    never_side: Side | None = None

    @property
    def named(self) -> frozenset[str]:
        """Every role that it names."""
        return self.inside | self.if_leading | self.never_roles

    def admits(self, roles: Iterable[str], *, leading: bool = True) -> bool:
        """True where these roles may be inside; `leading` counts what they may in cases of their own."""
        held = frozenset(roles)
        may = self.inside | (self.if_leading if leading else frozenset())
        return bool(may & held) and not self.never_roles & held


def inside(rules: Mapping[Kind, Compartment], roles: Iterable[str]) -> list[str]:
    """The kinds that these roles may be inside of."""
    held = frozenset(roles)
    return sorted(str(kind) for kind, rule in rules.items() if rule.admits(held))


def together(*marks: Iterable[str]) -> list[str]:
    """What is made from several things is kept as all of them are."""
    return sorted({str(mark) for each in marks for mark in each})


def never_words(label: str, role: str, day: date, side: Side) -> str:
    """Why somebody can never be on a side."""
    return (
        f"As {role} this person read what is kept as “{label.lower()}”, first on {day:%B} {day.day}, {day.year}, in "
        "this case or one that shares an officer or the incident. Whoever has read it can never be somebody who "
        f"{SIDES[side]}."
    )
