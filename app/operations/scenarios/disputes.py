"""What a scenario tells of disputes: that one was decided, and how it stands."""

from __future__ import annotations

from typing import ClassVar, Literal

from app.operations.scenarios.happening import Happening
from app.policy.model.base import Block, Code, Count, Line, Lines


class Decided(Happening):
    """Whoever decides a dispute has decided, and the office puts it on file."""

    main: ClassVar[str] = "outcome"
    outcome: Code
    """An outcome of the dispute."""
    allegation: Code | None = None
    """The first whose dispute is open when left out; of none that is, the last."""
    deciders: Lines | None = None
    """Who decided; as many as the rulebook asks for when left out."""
    recused: Count = 0
    """Of a body of the office: how many of those who decided had stepped aside from the case."""
    holds: Code = "none"
    """Which of `excluded_deciders` holds of whoever decided."""


class DisputeSeen(Block):
    """The dispute that was opened last."""

    state: Literal["open", "decided", "none"] | None = None
    before: Code | None = None
    """The body that decides."""
    burden_on: Code | None = None
    outcome: Code | None = None
    """`none` while it is open."""
    stands: Code | None = None
    """Whose word is final, as the outcome says; `none` while it is open."""
    says: tuple[Line, ...] = ()
    """Words of who decides, of the burden and its test with the law, and of what stands."""
