"""What happened to people's records; never who they are."""

from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class IdentityKept(Event):
    """A person's name and contact went into the vault. Entries of long ago have it; now what took the name says so."""

    tag: ClassVar[str] = "people:identity:kept"
    sentence: ClassVar[str] = "Kept an identity in the vault."

    person_id: UUID


class IdentityOpened(Event):
    """Somebody read who a person is."""

    tag: ClassVar[str] = "people:identity:opened"
    sentence: ClassVar[str] = "Opened the identity of a person, reason: {reason}."

    person_id: UUID
    reason: str


class OfficerAdded(Event):
    """An officer was put on the roster, known or unknown."""

    tag: ClassVar[str] = "people:officer:added"
    sentence: ClassVar[str] = "Added an officer."

    officer_id: UUID
    is_unknown: bool


class OfficerIdentified(Event):
    """An officer who was unknown now has a name; the allegations moved to the known officer."""

    tag: ClassVar[str] = "people:officer:identified"
    sentence: ClassVar[str] = "Identified an officer who had been unknown."

    officer_id: UUID
    known_as_id: UUID
