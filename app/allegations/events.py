"""What happened to allegations and findings."""

from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class AllegationStated(Event):
    """It was written down what an officer is said to have done."""

    tag: ClassVar[str] = "allegations:allegation:stated"
    sentence: ClassVar[str] = "Stated an allegation: {category}."

    allegation_id: UUID
    officer_id: UUID
    category: str


class AllegationWithdrawn(Event):
    """An allegation is no longer pursued."""

    tag: ClassVar[str] = "allegations:allegation:withdrawn"
    sentence: ClassVar[str] = "Withdrew an allegation: {category}."

    allegation_id: UUID
    category: str


class FindingSuperseded(Event):
    """The same authority found anew; its earlier word is kept."""

    tag: ClassVar[str] = "allegations:finding:superseded"
    sentence: ClassVar[str] = "Set aside the earlier finding {disposition} ({life})."

    allegation_id: UUID
    finding_id: UUID
    life: str
    disposition: str


class FindingMade(Event):
    """One authority found on one allegation."""

    tag: ClassVar[str] = "allegations:finding:made"
    sentence: ClassVar[str] = "Found {disposition} ({life})."

    allegation_id: UUID
    finding_id: UUID
    life: str
    disposition: str
    finding_class: str
    motion_id: UUID | None = None
