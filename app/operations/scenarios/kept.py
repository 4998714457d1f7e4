"""What a scenario tells of compartments: what is kept, who is on which side, and who opens or tries to open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from app.kernel.compartments import Compartment, Kind, Side
from app.operations.scenarios.happening import Happening
from app.policy.model.base import Code, Names


@dataclass(frozen=True)
class Access:
    """What `policies/access.yaml` lets each role do, and who is inside each compartment."""

    may: Mapping[str, frozenset[str]]
    compartments: Mapping[Kind, Compartment]


class Kept(Happening):
    """A file or a note is put into the case by whoever `by` names, and kept in a compartment."""

    main: ClassVar[str] = "as"
    as_: Code = Field(alias="as")
    """How it is named in later steps."""
    what: Literal["file", "note"] = "file"
    keep: Kind | None = None
    """Kept only as what it is made from is, when left out."""
    made_from: Names = ()
    """Other files and notes of the story: what is made of kept matter is kept as that is."""


class Sided(Happening):
    """Somebody works for a side of the case; they have a name of your own, or are the one person of a role."""

    who: Code
    role: Code | None = None
    """Their role in the office; `who` is a role when left out."""
    side: Side


class Viewed(Happening):
    """Whoever `by` names, a role or somebody who was named on a side, opens a file."""

    main: ClassVar[str] = "item"
    item: Code
