"""What may be asked of clocks."""

from typing import Annotated

from pydantic import Field

from app.kernel.commands import Command, Day
from app.kernel.text import SafeLine, SafeText


class PauseClock(Command):
    """A tolling interval, with its kind from the rulebook and its evidence in words."""

    kind: Annotated[SafeLine, Field(max_length=80)]
    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]
    from_on: Day
    until_on: Day | None = None


class TryPause(Command):
    """A pause that is only tried: what would the date be?"""

    kind: Annotated[SafeLine, Field(max_length=80)]
    from_on: Day
    until_on: Day | None = None


class EndPause(Command):
    """The last day on which an open pause held."""

    until_on: Day
