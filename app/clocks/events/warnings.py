"""Warnings that are given, rise and are answered, lapses, and the mail about them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class WarningRaised(Event):
    """A clock came so near its end that somebody must take notice."""

    tag: ClassVar[str] = "clocks:warning:raised"
    sentence: ClassVar[str] = "Warned of the clock {rule}, due {due_on}: {step} days are left."

    clock_id: UUID
    warning_id: UUID
    rule: str
    step: int
    level: str
    due_on: date


class WarningRose(Event):
    """Nobody took notice, and it went to the next above."""

    tag: ClassVar[str] = "clocks:warning:risen"
    sentence: ClassVar[str] = "Nobody answered the warning of the clock {rule}: it rose to the {level}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    step: int
    level: str


class WarningAcknowledged(Event):
    """Somebody took notice and wrote down what will be done."""

    tag: ClassVar[str] = "clocks:warning:acknowledged"
    sentence: ClassVar[str] = "Answered the warning of the clock {rule}, due {due_on}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    step: int
    level: str
    due_on: date


class ClockLapsed(Event):
    """The last day passed and nothing stopped the clock."""

    tag: ClassVar[str] = "clocks:clock:lapsed"
    sentence: ClassVar[str] = "The clock {rule} lapsed on {due_on}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    due_on: date
    level: str
    held_by_id: UUID | None = None


class LapseExplained(Event):
    """Why a clock lapsed was written down, with who held the file."""

    tag: ClassVar[str] = "clocks:clock:explained"
    sentence: ClassVar[str] = "Said why the clock {rule} lapsed on {due_on}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    due_on: date
    cause: str = ""
    held_by_id: UUID


class DigestDue(Event):
    """Somebody has clocks to look after and is told so by mail."""

    tag: ClassVar[str] = "clocks:digest:due"
    sentence: ClassVar[str] = "A digest of clocks is due to go out."

    account_id: UUID


class DigestSent(Event):
    """Case numbers and dates went out by mail."""

    tag: ClassVar[str] = "clocks:digest:sent"
    sentence: ClassVar[str] = "Mailed a digest of {clocks} clocks."

    account_id: UUID
    clocks: int
