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
    files: int = 0


class MessageReceived(Event):
    """A filer wrote to the office."""

    tag: ClassVar[str] = "correspondence:message:received"
    sentence: ClassVar[str] = "The filer wrote a message."

    filing_id: UUID
    message_id: UUID
    files: int = 0


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


class NoticeTexted(Event):
    """A text message went out that says only that something waits."""

    tag: ClassVar[str] = "correspondence:notice:texted"
    sentence: ClassVar[str] = "Told the filer by text message that something waits."

    filing_id: UUID


class CallAsked(Event):
    """The filer wants to be called, and something waits for them."""

    tag: ClassVar[str] = "correspondence:call:asked"
    sentence: ClassVar[str] = "Put the filer on the call list."

    filing_id: UUID
    call_id: UUID


class CallTried(Event):
    """Somebody called the filer."""

    tag: ClassVar[str] = "correspondence:call:tried"
    sentence: ClassVar[str] = "Called the filer: {result}."

    filing_id: UUID
    call_id: UUID
    result: str


class ContactChosen(Event):
    """The filer chose how to be told."""

    tag: ClassVar[str] = "correspondence:contact:chosen"
    sentence: ClassVar[str] = "The filer chose how to be told: {way}."

    filing_id: UUID
    way: str


class TakingBackAsked(Event):
    """The filer took the complaint back; the office decides what comes of it."""

    tag: ClassVar[str] = "correspondence:request:taking_back_asked"
    sentence: ClassVar[str] = "The filer asked to take the complaint back."

    filing_id: UUID
    request_id: UUID


class ReviewAsked(Event):
    """The filer asked that the decision be looked at again."""

    tag: ClassVar[str] = "correspondence:request:review_asked"
    sentence: ClassVar[str] = "The filer asked for a review ({appeal})."

    filing_id: UUID
    request_id: UUID
    appeal: str
    is_late: bool


class RequestAnswered(Event):
    """The office answered what the filer had asked."""

    tag: ClassVar[str] = "correspondence:request:answered"
    sentence: ClassVar[str] = "Answered what the filer had asked: {answer}."

    filing_id: UUID
    request_id: UUID
    answer: str
