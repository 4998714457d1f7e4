"""What happened when the demonstration was made."""

from datetime import date
from typing import ClassVar

from app.kernel.events import Event


class RosterKept(Event):
    """The invented officers of the demonstration city were put on the roster."""

    tag: ClassVar[str] = "imports:roster:kept"
    sentence: ClassVar[str] = "Put {officers} invented officers on the roster."

    officers: int


class YearTold(Event):
    """The demonstration's year was told; from here on everything is real."""

    tag: ClassVar[str] = "imports:demonstration:told"
    sentence: ClassVar[str] = "Told the demonstration's year up to {anchor} (seed {seed}): {filings} complaints."

    seed: int
    anchor: date
    filings: int
