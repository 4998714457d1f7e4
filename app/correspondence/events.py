"""What happened in correspondence: ids and kinds, never the words."""

from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class MessageSent(Event):
    """The office wrote to a filer."""

    tag: ClassVar[str] = "correspondence:message:sent"
    sentence: ClassVar[str] = "Wrote a message to the filer."

    filing_id: UUID
    message_id: UUID


class MessageReceived(Event):
    """A filer wrote to the office."""

    tag: ClassVar[str] = "correspondence:message:received"
    sentence: ClassVar[str] = "The filer wrote a message."

    filing_id: UUID
    message_id: UUID


class MessagesRead(Event):
    """Messages were read by whom they were written to."""

    tag: ClassVar[str] = "correspondence:message:read"
    sentence: ClassVar[str] = "Read {count} messages."

    filing_id: UUID
    count: int


class LetterWritten(Event):
    """A letter was written; its words stay as they are."""

    tag: ClassVar[str] = "correspondence:letter:written"
    sentence: ClassVar[str] = "Wrote the letter {kind}."

    filing_id: UUID
    letter_id: UUID
    kind: str


class LetterOpened(Event):
    """The filer opened a letter."""

    tag: ClassVar[str] = "correspondence:letter:opened"
    sentence: ClassVar[str] = "The filer opened a letter."

    filing_id: UUID
    letter_id: UUID


class NoticeMailed(Event):
    """A mail went out that says only that something waits."""

    tag: ClassVar[str] = "correspondence:notice:mailed"
    sentence: ClassVar[str] = "Told the filer by mail that something waits."

    filing_id: UUID
