"""Days from which a clock may count: noted, moved, chosen, corrected, withdrawn."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class StartNoted(Event):
    """There is one more day from which a clock may count: another event came, or a party holds another day."""

    tag: ClassVar[str] = "clocks:start:noted"
    sentence: ClassVar[str] = "Noted that the clock {rule} may count from {day}."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    day: date
    party: str = ""


class StartWithdrawn(Event):
    """An event from which a clock might have counted never happened."""

    tag: ClassVar[str] = "clocks:start:withdrawn"
    sentence: ClassVar[str] = "Withdrew a start of the clock {rule}, on {day}: {event}. It never happened."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    day: date


class StartMoved(Event):
    """By the rulebook another start counts, and the date moved."""

    tag: ClassVar[str] = "clocks:start:moved"
    sentence: ClassVar[str] = "The clock {rule} counts from {started_on}; now due {due_on}."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    started_on: date
    due_on: date | None


class StartChosen(Event):
    """Somebody chose the day from which a clock counts, and said why."""

    tag: ClassVar[str] = "clocks:start:chosen"
    sentence: ClassVar[str] = "Chose the day from which the clock {rule} counts: {started_on}; due {due_on}."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    party: str
    started_on: date
    from_on: date | None
    due_on: date | None


class StartCorrected(Event):
    """The day that a clock counts from was put on file wrong; it is counted from the right one."""

    tag: ClassVar[str] = "clocks:clock:corrected"
    sentence: ClassVar[str] = "Counted the clock {rule} from {started_on} instead of {was_on}; now due {due_on}."

    clock_id: UUID
    rule: str
    was_on: date
    started_on: date
    due_on: date | None = None
