"""Pauses and more time: asked for, agreed to, granted, refused."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class PauseAsked(Event):
    """Somebody asked for a pause; another one decides."""

    tag: ClassVar[str] = "clocks:pause:asked"
    sentence: ClassVar[str] = "Asked to pause the clock {rule} for {kind} from {from_on}."

    clock_id: UUID
    pause_id: UUID
    rule: str
    kind: str
    from_on: date
    until_on: date | None = None


class PauseRefused(Event):
    """A pause that was asked for was not granted."""

    tag: ClassVar[str] = "clocks:pause:refused"
    sentence: ClassVar[str] = "Refused to pause the clock {rule} for {kind}."

    clock_id: UUID
    pause_id: UUID
    rule: str
    kind: str


class ClockPaused(Event):
    """A clock stands still for a reason that the rulebook allows; its date moved."""

    tag: ClassVar[str] = "clocks:clock:paused"
    sentence: ClassVar[str] = "Paused the clock {rule} for {kind} from {from_on}; now due {due_on}."

    clock_id: UUID
    rule: str
    kind: str
    from_on: date
    until_on: date | None = None
    due_on: date | None


class PauseEnded(Event):
    """A pause that had no end has one: the clock runs again."""

    tag: ClassVar[str] = "clocks:clock:resumed"
    sentence: ClassVar[str] = "Ended the pause of the clock {rule} on {until_on}; due {due_on}."

    clock_id: UUID
    rule: str
    until_on: date
    due_on: date | None


class ExtensionAsked(Event):
    """Somebody asked for more time on a clock."""

    tag: ClassVar[str] = "clocks:extension:asked"
    sentence: ClassVar[str] = "Asked for more time on the clock {rule}: {amount} {unit}."

    clock_id: UUID
    extension_id: UUID
    rule: str
    amount: int
    unit: str


class AgreementNoted(Event):
    """One of those who may agree on more time has agreed."""

    tag: ClassVar[str] = "clocks:extension:agreed"
    sentence: ClassVar[str] = "Noted that more time on the clock {rule} was agreed to by the {party} on {agreed_on}."

    clock_id: UUID
    extension_id: UUID
    rule: str
    party: str
    agreed_on: date


class ExtensionGranted(Event):
    """A clock has more time; its date moved."""

    tag: ClassVar[str] = "clocks:extension:granted"
    sentence: ClassVar[str] = "Gave more time on the clock {rule}: {amount} {unit}; now due {due_on}."

    clock_id: UUID
    extension_id: UUID
    rule: str
    amount: int
    unit: str
    due_on: date


class ExtensionRefused(Event):
    """More time was asked for and not given."""

    tag: ClassVar[str] = "clocks:extension:refused"
    sentence: ClassVar[str] = "Gave no more time on the clock {rule}."

    clock_id: UUID
    extension_id: UUID
    rule: str
