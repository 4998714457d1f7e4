"""What happened to people's records; never who they are."""

from datetime import date
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
    is_unusual: bool = False


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


class IdentityLookedUp(Event):
    """Somebody asked whether a person had complained before: by which marks, and how many complaints were shown."""

    tag: ClassVar[str] = "people:identity:looked_up"
    sentence: ClassVar[str] = "Looked up whether a person had complained before, reason: {reason}."

    by: list[str]
    reason: str
    hits: int


class UseLookedAt(Event):
    """Somebody who answers for the vault looked at a use that was out of the ordinary."""

    tag: ClassVar[str] = "people:use:looked_at"
    sentence: ClassVar[str] = "Looked at an unusual use of the vault."

    use_id: UUID


class ErasingAsked(Event):
    """Somebody asked that an identity be made unreadable for ever; a second person decides."""

    tag: ClassVar[str] = "people:erasure:asked"
    sentence: ClassVar[str] = "Asked to erase an identity, reason: {reason}."

    person_id: UUID
    reason: str


class IdentityErased(Event):
    """The key of an identity was destroyed: nobody can read it again."""

    tag: ClassVar[str] = "people:identity:erased"
    sentence: ClassVar[str] = (
        "Erased an identity, reason: {reason}. The last backup of its key dies on {backups_end_on}."
    )

    person_id: UUID
    half_id: UUID
    reason: str
    backups_end_on: date


class ErasingStopped(Event):
    """An agreed erasure was not done, because something says that the identity must be kept."""

    tag: ClassVar[str] = "people:erasure:stopped"
    sentence: ClassVar[str] = "Did not erase an identity: a hold stands."

    person_id: UUID
    half_id: UUID


class HoldSet(Event):
    """Somebody said that an identity must be kept."""

    tag: ClassVar[str] = "people:hold:set"
    sentence: ClassVar[str] = "Put a hold on an identity."

    hold_id: UUID


class HoldLiftAsked(Event):
    """Somebody asked that a hold end; another person ends it."""

    tag: ClassVar[str] = "people:hold:lift_asked"
    sentence: ClassVar[str] = "Asked to lift a hold."

    hold_id: UUID


class HoldLifted(Event):
    """A second person ended a hold."""

    tag: ClassVar[str] = "people:hold:lifted"
    sentence: ClassVar[str] = "Lifted a hold."

    hold_id: UUID


class IdentitiesIndexed(Event):
    """A job wrote the keyed hashes of some identities anew; nobody read them."""

    tag: ClassVar[str] = "people:identities:indexed"
    sentence: ClassVar[str] = "Wrote the look-up marks of {count} identities anew."

    count: int


class KeysRewrapped(Event):
    """A rotation wrapped the keys of some persons with the newest identity key."""

    tag: ClassVar[str] = "people:keys:rewrapped"
    sentence: ClassVar[str] = "Wrapped the keys of {count} persons with the identity key {key_id}."

    count: int
    key_id: str


class KeyDropped(Event):
    """An old identity key was dropped, after nothing named it any more."""

    tag: ClassVar[str] = "people:key:dropped"
    sentence: ClassVar[str] = "Dropped the old identity key {key_id}."

    key_id: str
