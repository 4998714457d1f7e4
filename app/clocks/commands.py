"""What may be asked of clocks."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kernel.commands import Command, Day
from app.kernel.text import SafeLine, SafeText

Words = Annotated[SafeText, Field(min_length=1, max_length=4000)]
MaybeWords = Annotated[SafeText, Field(max_length=4000)]
Code = Annotated[SafeLine, Field(max_length=80)]


class PauseClock(Command):
    """A tolling interval, with its kind from the rulebook, what shows it in words, and the file where there is one."""

    kind: Code
    reason: Words
    from_on: Day
    until_on: Day | None = None
    evidence_id: UUID | None = None


class TryPause(Command):
    """A pause that is only tried: what would the date be?"""

    kind: Code
    from_on: Day
    until_on: Day | None = None


class EndPause(Command):
    """The last day on which an open pause held."""

    until_on: Day


class AskExtension(Command):
    """More time, with why; the number of days only where the rulebook gives none."""

    more: Code = ""
    why: MaybeWords = ""
    days: Annotated[int, Field(gt=0, le=4000)] | None = None
    asked_on: Day | None = None
    """Where it was agreed on in writing before it is put down here."""


class NoteAgreement(Command):
    """A party agreed to more time: on which day, and what shows it."""

    party: Code
    agreed_on: Day
    proof: Words


class NoteStart(Command):
    """A party holds another day than the office: which, and what shows it."""

    party: Code
    day: Day
    proof: Words


class ChooseStart(Command):
    """The day from which a clock counts, and why; its own number stands for the day it counts from now."""

    start_id: UUID
    reason: Words


class Decide(Command):
    """What somebody else says to what was asked for."""

    answer: Literal["grant", "refuse"]
    words: MaybeWords = ""


class Acknowledge(Command):
    """Somebody has taken notice: what will be done."""

    plan: Words


class ExplainLapse(Command):
    """Why a clock lapsed, and who held the file."""

    plan: Words
    cause: Code = ""
    held_by: UUID


class AskRecount(Command):
    """All running clocks are to be counted again: why."""

    reason: Annotated[SafeLine, Field(min_length=1, max_length=300)]


class LapseView(Command):
    """What the lapse list shows."""

    who: Literal["", "mine", "nobody"] = ""
    show: Literal["", "unanswered", "risen", "lapsed", "asked", "choice"] = ""
    rule: Code = ""
    cursor: Annotated[SafeLine, Field(max_length=64)] = ""


class ChangesForm(Command):
    """Where a page of changes begins."""

    after: UUID | None = None


class NoteSeen(Command):
    """The last change that the page showed: what came since is still new."""

    last_id: UUID
