"""Selects of what hangs on one filing; the caller has asked for the filing, and row security asks again."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.access.reading import found, one_or_not_found
from app.access.work import Work
from app.correspondence.records import Call, ContactWish, FilerRequest, Letter, Message

FILER = "filer"
FEW = 100


def visible_messages(work: Work) -> Select[Message]:
    """Messages; a filer sees those of one filing, the office those of no walled case."""
    return select(Message)


def visible_letters(work: Work) -> Select[Letter]:
    """Letters to filers."""
    return select(Letter).where(Letter.addressee == FILER)


def messages_of(work: Work, filing_id: UUID) -> list[Message]:
    """What was written both ways, the oldest first."""
    query = visible_messages(work).where(Message.filing_id == filing_id)
    return list(work.session.scalars(query.order_by(Message.sent_at, Message.id)))


def last_message(work: Work, filing_id: UUID) -> Message | None:
    """The latest message either way."""
    query = visible_messages(work).where(Message.filing_id == filing_id)
    return work.session.scalars(query.order_by(Message.sent_at.desc(), Message.id.desc()).limit(1)).first()


def messages_until(work: Work, filing_id: UUID, last: UUID) -> list[Message]:
    """What a page showed whose last message was this one; 404 where it is none of this filing."""
    messages = messages_of(work, filing_id)
    until = found(next((place for place, message in enumerate(messages, 1) if message.id == last), None))
    return messages[:until]


def letters_of(work: Work, filing_id: UUID) -> list[Letter]:
    """The letters to one filer, the latest first."""
    query = visible_letters(work).where(Letter.filing_id == filing_id)
    return list(work.session.scalars(query.order_by(Letter.written_at.desc(), Letter.id)))


def get_letter(work: Work, filing_id: UUID, letter_id: UUID) -> Letter:
    """One letter of one filing, or 404."""
    query = visible_letters(work).where(Letter.filing_id == filing_id, Letter.id == letter_id)
    return one_or_not_found(work, query)


def closing_letter_sent(work: Work, case_id: UUID) -> bool:
    """True once a letter about the end of the case was written."""
    kinds = [kind.code for kind in work.book.letters if (kind.on or "").startswith("case_")]
    query = visible_letters(work).where(Letter.case_id == case_id, Letter.kind.in_(kinds)).limit(1)
    return work.session.scalars(query).first() is not None


def visible_requests(work: Work) -> Select[FilerRequest]:
    """What filers ask; a filer sees their own, the office those of no walled case."""
    return select(FilerRequest)


def requests_of(work: Work, filing_id: UUID) -> list[FilerRequest]:
    """What one filer asked, the first first."""
    query = visible_requests(work).where(FilerRequest.filing_id == filing_id)
    return list(work.session.scalars(query.order_by(FilerRequest.asked_at, FilerRequest.id)))


def get_request(work: Work, filing_id: UUID, request_id: UUID, *, for_update: bool = False) -> FilerRequest:
    """One request of one filing, or 404."""
    query = visible_requests(work).where(FilerRequest.filing_id == filing_id, FilerRequest.id == request_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def latest_wishes(work: Work, filing_ids: Iterable[UUID]) -> dict[UUID, ContactWish]:
    """How filers chose to be told after filing, the latest choice of each who did."""
    query = (
        select(ContactWish).where(ContactWish.filing_id.in_(list(filing_ids))).ext(distinct_on(ContactWish.filing_id))
    )
    query = query.order_by(ContactWish.filing_id, ContactWish.chosen_at.desc(), ContactWish.id.desc())
    return {each.filing_id: each for each in work.session.scalars(query)}


def latest_wish(work: Work, filing_id: UUID) -> ContactWish | None:
    """The same of one filer, if they did."""
    return latest_wishes(work, [filing_id]).get(filing_id)


def open_call_of(work: Work, filing_id: UUID) -> Call | None:
    """The call that waits for one filer."""
    return work.session.scalars(select(Call).where(Call.filing_id == filing_id, Call.done_at.is_(None))).first()


def get_call(work: Work, filing_id: UUID, call_id: UUID) -> Call:
    """One call to one filer, locked; or 404."""
    query = select(Call).where(Call.filing_id == filing_id, Call.id == call_id)
    return one_or_not_found(work, query.with_for_update())


def request_by_id(work: Work, request_id: UUID) -> FilerRequest:
    """One request, for the machinery that follows it."""
    return one_or_not_found(work, visible_requests(work).where(FilerRequest.id == request_id))


def waiting_requests(work: Work) -> list[FilerRequest]:
    """What filers asked and nobody has answered, the oldest first."""
    query = visible_requests(work).where(FilerRequest.answered_at.is_(None))
    return list(work.session.scalars(query.order_by(FilerRequest.asked_at, FilerRequest.id).limit(FEW)))


def waiting_calls(work: Work) -> list[Call]:
    """Who waits for a call, the longest first."""
    query = select(Call).where(Call.done_at.is_(None))
    return list(work.session.scalars(query.order_by(Call.asked_at, Call.id).limit(FEW)))


def is_from_filer(work: Work, filing_id: UUID, message_id: UUID) -> bool:
    """True for a message that the filer wrote."""
    query = visible_messages(work).where(Message.filing_id == filing_id, Message.id == message_id)
    return one_or_not_found(work, query).is_from_filer
