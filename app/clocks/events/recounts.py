"""Clocks counted again: by night, or because a rulebook was corrected."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class ClockRecounted(Event):
    """A corrected rulebook, or another table of holidays, gives an open clock another date."""

    tag: ClassVar[str] = "clocks:clock:recounted"
    sentence: ClassVar[str] = "Counted the clock {rule} again: due {due_on} instead of {from_on}."

    clock_id: UUID
    recount_id: UUID
    rule: str
    from_on: date
    due_on: date
    policy_id: str


class ClockStoodStill(Event):
    """A day passed while a pause is open, and the date moved with it."""

    tag: ClassVar[str] = "clocks:clock:stood_still"
    sentence: ClassVar[str] = "The clock {rule} still stands still: if the pause ended now, it would be due {due_on}."

    clock_id: UUID
    recount_id: UUID
    rule: str
    from_on: date
    due_on: date


class RecountBegun(Event):
    """All running clocks are counted again."""

    tag: ClassVar[str] = "clocks:recount:begun"
    sentence: ClassVar[str] = "Began to count all {total} running clocks again ({kind})."

    recount_id: UUID
    kind: str
    total: int


class ClocksCounted(Event):
    """One batch of a recount is done; each clock that moved has an entry of its own."""

    tag: ClassVar[str] = "clocks:recount:went_on"
    sentence: ClassVar[str] = "Counted {counted} clocks again: {moved} dates moved, {warned} warnings given or risen."

    recount_id: UUID
    counted: int
    moved: int
    warned: int


class RecountTakenUp(Event):
    """A recount that had stopped half-way goes on."""

    tag: ClassVar[str] = "clocks:recount:taken_up"
    sentence: ClassVar[str] = "Took up a recount that had stopped."

    recount_id: UUID


class RecountFinished(Event):
    """Every running clock was counted again."""

    tag: ClassVar[str] = "clocks:recount:finished"
    sentence: ClassVar[str] = "Counted all running clocks again: {moved} of {counted} dates moved."

    recount_id: UUID
    counted: int
    moved: int
    warned: int


class ChangesSeen(Event):
    """Whoever holds the file has seen which dates moved."""

    tag: ClassVar[str] = "clocks:change:seen"
    sentence: ClassVar[str] = "Saw that {changes} dates had moved."

    changes: int
