"""Messages both ways: written, with files, and read."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.keeping import check_goes_out
from app.access.work import Work
from app.correspondence import queries
from app.correspondence.commands import SendMessage
from app.correspondence.events import MessageReceived, MessageSent, MessagesRead
from app.correspondence.records import Message
from app.policy.model.powers import Act

# Of an anonymous filer the hour alone is known; what they write still comes after what it answers.
LEAST = timedelta(microseconds=1)

# Puts files beside a message that is not journalled yet, and says how many.
Attach = Callable[[UUID], int]


@stops_with(Act.LETTERS)
def write_to_filer(
    work: Work, filing_id: UUID, case_id: UUID | None, ask: SendMessage, attach: Attach | None = None
) -> Message:
    """The office writes to the filer, under the writer's title; whoever answers has read what the page showed."""
    check_goes_out(work, case_id, ask.body)
    return _write(work, filing_id, case_id, ask, attach, MessageSent)


@stops_with(Act.LETTERS)
def write_to_office(
    work: Work, filing_id: UUID, case_id: UUID | None, ask: SendMessage, attach: Attach | None = None
) -> Message:
    """The filer writes to the office; whoever answers has read what the page showed."""
    return _write(work, filing_id, case_id, ask, attach, MessageReceived)


def _write(
    work: Work,
    filing_id: UUID,
    case_id: UUID | None,
    ask: SendMessage,
    attach: Attach | None,
    event: type[MessageSent | MessageReceived],
) -> Message:
    is_from_filer = event is MessageReceived
    if ask.last is not None:
        read_messages(work, filing_id, case_id, from_filer=not is_from_filer, last=ask.last)
    message = _add(work, filing_id, ask, is_from_filer=is_from_filer)
    files = attach(message.id) if attach else 0
    work.happened(event(case_id=case_id, filing_id=filing_id, message_id=message.id, files=files))
    return message


def _add(work: Work, filing_id: UUID, ask: SendMessage, *, is_from_filer: bool) -> Message:
    before = queries.last_message(work, filing_id)
    sent_at = max(work.now, before.sent_at + LEAST) if before is not None else work.now
    return work.add(
        Message(
            id=uuid4(),
            filing_id=filing_id,
            is_from_filer=is_from_filer,
            body=ask.body,
            sender_title="" if is_from_filer else title_of(work),
            sent_by_id=None if is_from_filer else work.actor.id,
            sent_at=sent_at,
        )
    )


def title_of(work: Work) -> str:
    """How a filer is told who writes: by title, and never by a bare user name."""
    return work.actor.title or ", ".join(sorted(role.replace("_", " ").capitalize() for role in work.actor.roles))


@never_stopped("history stays and is read")
def read_messages(
    work: Work, filing_id: UUID, case_id: UUID | None, *, from_filer: bool, last: UUID | None = None
) -> int:
    """Marks as read what was written to the reader, up to the last message shown; each side sees when the other has.

    Only ever because somebody says so: a page that is merely fetched marks nothing.
    """
    shown = queries.messages_until(work, filing_id, last) if last else queries.messages_of(work, filing_id)
    unread = [message for message in shown if message.is_from_filer is from_filer and message.read_at is None]
    for message in unread:
        message.read_at = max(work.now, message.sent_at)
    if unread:
        work.happened(MessagesRead(case_id=case_id, filing_id=filing_id, count=len(unread)))
    return len(unread)
