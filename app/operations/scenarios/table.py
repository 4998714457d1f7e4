"""What a scenario tells of the table: dockets, meetings, votes, and the part of a meeting without the public."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.operations.scenarios.happening import Happening
from app.policy.model.base import Block, Code, Count, Day, Line, Lines

Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Docketed(Happening):
    """The case is put on the docket of a body that votes."""

    main: ClassVar[str] = "body"
    body: Code | None = None
    """The first that votes when left out."""
    meets_on: Day | None = None
    """Today when left out."""
    meets_at: Hour = "18:00"


class Meeting(Happening):
    """The body meets; who counts stands until the next meeting."""

    seats: Count | None = None
    """Seats on file, filled or not; as many as serve when left out."""
    serving: Count
    present: Count
    """Members here and not recused."""
    recused: Count = 0
    """Members recused, here or not."""
    recused_present: Count = 0


class Voted(Happening):
    """A motion is put and decided at the meeting."""

    body: Code | None = None
    """Where no case is on a docket."""
    motion: Code = "finding"
    """finding, send_back, closed_session, or another kind that `votes` of the body names."""
    finding: Code | None = None
    allegation: Code | None = None
    """Every standing one, each by a vote of its own, when left out."""
    ayes: Count
    noes: Count = 0
    abstain: Count = 0


class SessionPlanned(Happening):
    """The docketed case is to be heard without the public, if the body agrees (`voted: {motion: closed_session}`)."""

    main: ClassVar[str] = "ground"
    ground: Code
    """One of `meetings.closed_grounds`."""


class SessionWord(Happening):
    """An officer spoken of was told, does without the notice, or asks for an open session; at an hour of this day."""

    main: ClassVar[str] = "kind"
    kind: Literal["told", "waived", "asks_open"]
    officer: Code
    at: Hour = "12:00"


class SessionOver(Happening):
    """The closed session has ended."""


class SessionSeen(Block):
    """The closed session that was planned last for the case."""

    state: Literal["planned", "closed", "ended", "open", "none"] | None = None
    """`open` where an officer asks for that and the law gives it."""
    ground: Code | None = None
    hinders: Lines | None = None
    """Exactly the officers on whose account it may not be closed."""
    says: tuple[Line, ...] = ()
    """Words of the ground, its law, or of how an officer stands to it."""
