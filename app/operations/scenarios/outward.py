"""What a scenario tells of reports to others, and of other cases that a case is linked with."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from app.operations.scenarios.happening import Happening
from app.policy.model.base import Block, Code, Line, Names


class Reported(Happening):
    """A report to others is put on file, or that the matter is kept as a minor one."""

    main: ClassVar[str] = "report"
    report: Code
    how: Literal["sending", "publishing", "filing", "minor"] | None = None
    """What fulfils the duty when left out."""
    holds: Code = "none"
    """Of a minor matter: what takes that away."""


class Earlier(Happening):
    """There is another case already."""

    main: ClassVar[str] = "as"
    as_: Code = Field("earlier", alias="as")
    officer: Code | None = None
    """Whom it names, by the name that later steps use."""
    walled_from: Names = ()
    """Roles before whom a wall stands."""


class Linked(Happening):
    """The case is linked with another one."""

    main: ClassVar[str] = "to"
    to: Code = "earlier"
    relation: Code = "related"


class ReportSeen(Block):
    """How one report to others stands."""

    due: Literal["yes", "no", "open"] | None = None
    """`open` while it depends on what nobody has stated yet."""
    how: Literal["sending", "publishing", "filing", "minor", "none"] | None = None
    not_minor: Line | None = None
    """Words of why it is no minor matter; `none` where it may be one."""
