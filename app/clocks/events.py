"""What happened to clocks."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class ClockStarted(Event):
    """A deadline began to run."""

    tag: ClassVar[str] = "clocks:clock:started"
    sentence: ClassVar[str] = "Started the clock {rule}, due {due_on}."

    clock_id: UUID
    rule: str
    started_on: date
    due_on: date
    officer_id: UUID | None = None


class ClockStopped(Event):
    """What the clock waited for has happened."""

    tag: ClassVar[str] = "clocks:clock:stopped"
    sentence: ClassVar[str] = "Stopped the clock {rule} by {reason}."

    clock_id: UUID
    rule: str
    stopped_on: date
    reason: str


class ClockPaused(Event):
    """A clock stands still for a reason that the rulebook allows; its date moved."""

    tag: ClassVar[str] = "clocks:clock:paused"
    sentence: ClassVar[str] = "Paused the clock {rule} for {kind} from {from_on}; now due {due_on}."

    clock_id: UUID
    rule: str
    kind: str
    from_on: date
    until_on: date | None = None
    due_on: date


class PauseEnded(Event):
    """A pause that had no end has one: the clock runs again."""

    tag: ClassVar[str] = "clocks:clock:resumed"
    sentence: ClassVar[str] = "Ended the pause of the clock {rule} on {until_on}; due {due_on}."

    clock_id: UUID
    rule: str
    until_on: date
    due_on: date


class ClockRunsAgain(Event):
    """The case went back to an earlier stage: what had ended with the later one runs on, with its first date."""

    tag: ClassVar[str] = "clocks:clock:reopened"
    sentence: ClassVar[str] = "The clock {rule} runs again, due {due_on}."

    clock_id: UUID
    rule: str
    due_on: date
