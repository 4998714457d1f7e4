"""What the office proves, reads again and stands for: entries, sources, translations."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class EntryProved(Event):
    """Somebody took an entry's bytes and its proof."""

    tag: ClassVar[str] = "administration:journal:proved"
    sentence: ClassVar[str] = "Took the proof of a journal entry."

    entry_id: UUID


class SourceReadAgain(Event):
    """Somebody read a source of the rulebook again."""

    tag: ClassVar[str] = "administration:source:read"
    sentence: ClassVar[str] = "Read the source {source} again on {read_on}: {outcome}; next by {next_on}."

    reading_id: UUID
    source: str
    policy_id: str
    outcome: str
    read_on: date
    next_on: date


class SourceChangeSeen(Event):
    """Somebody who leads cases that a changed source touches has taken notice."""

    tag: ClassVar[str] = "administration:source:noted"
    sentence: ClassVar[str] = "Took notice that the source {source} has changed."

    reading_id: UUID
    source: str


class TranslationsApproved(Event):
    """Somebody stands for a machine's translation of some texts; the approvals name this entry."""

    tag: ClassVar[str] = "administration:translation:approved"
    sentence: ClassVar[str] = "Approved {texts} texts in {language}."

    language: str
    texts: int
    # Over the fingerprints of the texts, one after the other in their order.
    digest: str


class TranslationWithdrawn(Event):
    """An approval was taken back: protected words stand in English again."""

    tag: ClassVar[str] = "administration:translation:withdrawn"
    sentence: ClassVar[str] = "Took back the approval of a text in {language}."

    language: str
    text_hash: str
