"""Clocks that begin, come back, stop, and run again."""

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


class CountBegan(Event):
    """A duty began for which the law gives no number of days: they are counted."""

    tag: ClassVar[str] = "clocks:clock:counts_up"
    sentence: ClassVar[str] = "Began to count the days of {rule} from {started_on}."

    clock_id: UUID
    rule: str
    started_on: date
    officer_id: UUID | None = None


class EventHeard(Event):
    """The case came to something from which clocks of its officers count, also of one who is named only later."""

    tag: ClassVar[str] = "clocks:event:heard"
    sentence: ClassVar[str] = "For the clocks of the officers of the case, on {day}: {event}."

    event: str
    day: date


class RoundBegun(Event):
    """A duty that comes back was done, and is due again."""

    tag: ClassVar[str] = "clocks:round:begun"
    sentence: ClassVar[str] = "Round {round} of the clock {rule} began, due {due_on}."

    clock_id: UUID
    rule: str
    round: int
    started_on: date
    due_on: date
    officer_id: UUID | None = None


class ClockStopped(Event):
    """What the clock waited for has happened."""

    tag: ClassVar[str] = "clocks:clock:stopped"
    sentence: ClassVar[str] = "Stopped the clock {rule}: {reason}."

    clock_id: UUID
    rule: str
    stopped_on: date
    reason: str


class StopCorrected(Event):
    """The day on which a clock stopped was put on file wrong; it stopped on the right one."""

    tag: ClassVar[str] = "clocks:stop:corrected"
    sentence: ClassVar[str] = "The clock {rule} was stopped on {stopped_on} instead of {was_on}."

    clock_id: UUID
    rule: str
    was_on: date
    stopped_on: date


class StoppedTooEarly(Event):
    """The law wants more time to lie between: it was done before."""

    tag: ClassVar[str] = "clocks:clock:too_early"
    sentence: ClassVar[str] = "The clock {rule} was stopped before {due_on}: too early."

    clock_id: UUID
    warning_id: UUID
    rule: str
    due_on: date
    level: str
    held_by_id: UUID | None = None


class ClockRunsAgain(Event):
    """The case went back to an earlier stage: what had ended with the later one runs on, with its first date."""

    tag: ClassVar[str] = "clocks:clock:reopened"
    sentence: ClassVar[str] = "The clock {rule} runs again, due {due_on}."

    clock_id: UUID
    rule: str
    due_on: date | None


class ClockVoided(Event):
    """What had started the clock never happened: it never began."""

    tag: ClassVar[str] = "clocks:clock:voided"
    sentence: ClassVar[str] = "The clock {rule} never began: what had started it was withdrawn."

    clock_id: UUID
    rule: str
