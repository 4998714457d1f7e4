"""What a program may do for whoever holds a passphrase: status, letters, messages with files, and what they ask."""

import base64
import binascii
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence import actions as correspondence_actions
from app.correspondence import queries as correspondence
from app.correspondence.commands import AskForReview, AskToTakeBack, ChooseContact, SendMessage
from app.intake import actions, letters, queries
from app.intake.actions import Sent
from app.intake.commands import Track
from app.intake.queries import OwnFiling
from app.kernel.commands import Command
from app.kernel.errors import Invalid
from app.kernel.text import SafeLine
from app.web.answers import download
from app.web.limits import lookups_pass
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(
    prefix="/api/v1/filings", tags=["filings"], route_class=StrictRoute, dependencies=[Depends(lookups_pass)]
)

Tracker = Annotated[Work, may(Permission.FILING_TRACK)]
# Of what is opened; what is asked or sent can be refused too.
OPENED = documented(400, 404, 413, 422, 429)
ANSWERS = OPENED | documented(409)
ANY_FILE = "application/octet-stream"
CONTENT: dict[str, Any] = {
    "content": {ANY_FILE: {"schema": {"type": "string", "format": "binary"}}},
    "description": "The content of the file.",
}
# A body of JSON is small; a larger file is sent on the page, in pieces.
LARGEST_CONTENT = 400_000


class FileSent(Command):
    """A small file, its content in base64."""

    name: Annotated[SafeLine, Field(min_length=1, max_length=200)]
    content: Annotated[str, Field(min_length=4, max_length=LARGEST_CONTENT)]


class SendOwnMessage(Track):
    """Words to the office, and files that go with them."""

    message: SendMessage
    files: Annotated[tuple[FileSent, ...], Field(max_length=5)] = ()


class TakeBack(Track):
    """The complaint is taken back; nobody has to say why."""

    request: AskToTakeBack = AskToTakeBack()


class AskReview(Track):
    """A review is asked for, on a ground of the rulebook."""

    request: AskForReview


class Choose(Track):
    """How the filer wants to be told from now on."""

    contact: ChooseContact


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FilingStatus(_Told):
    """Where a complaint stands, in plain words of its language."""

    number: str
    stage: str
    text: str
    next: str | None
    next_by: date | None


class LetterLine(_Told):
    """A letter to whoever filed, without its words."""

    id: UUID
    kind: str
    language: str
    subject: str
    written_at: datetime


class Letters(_Told):
    """The letters about one complaint, the latest first."""

    items: list[LetterLine]


class LetterText(LetterLine):
    """The same with its words."""

    body: str


class FileLine(_Told):
    """A file that came with a message."""

    id: UUID
    name: str
    media_type: str
    size: int


class MessageLine(_Told):
    """One message, from either side."""

    id: UUID
    is_from_filer: bool
    sender_title: str
    body: str
    sent_at: datetime
    read_at: datetime | None
    files: list[FileLine]


class OwnMessages(_Told):
    """What was written both ways, the oldest first."""

    items: list[MessageLine]


class RequestLine(_Told):
    """What the filer asked of the office, and whether it was answered."""

    id: UUID
    kind: str
    appeal: str
    asked_at: datetime
    last_on: date | None
    is_late: bool
    answer: str


class ContactLine(_Told):
    """How the filer is told from now on."""

    way: str
    rules: list[str]
    times: str
    safe: str


@router.post("/status", response_model=FilingStatus, operation_id="read_filing_status", responses=OPENED)
def read_filing_status(work: Tracker, ask: Track) -> FilingStatus:
    """Says where a complaint stands, to whoever holds its passphrase."""
    status = letters.told_status(work, actions.own_by_passphrase(work, ask.passphrase))
    return FilingStatus(
        number=status.number, stage=status.stage, text=status.text, next=status.next, next_by=status.next_by
    )


@router.post("/letters", response_model=Letters, operation_id="list_letters", responses=OPENED)
def list_letters(work: Tracker, ask: Track) -> Letters:
    """The letters that stand for whoever holds this passphrase."""
    own = actions.own_by_passphrase(work, ask.passphrase)
    return Letters(items=[_letter(each) for each in correspondence.letters_of(work, own.id)])


@router.post("/letters/{letter_id}/open", response_model=LetterText, operation_id="open_letter", responses=OPENED)
def open_letter(work: Tracker, letter_id: UUID, ask: Track) -> LetterText:
    """One letter as it was written; from then on the office knows that it arrived."""
    own = actions.own_by_passphrase(work, ask.passphrase)
    letter = correspondence_actions.open_letter(work, own.id, own.case_id, letter_id)
    return LetterText(**_letter(letter).model_dump(), body=letter.body)


def _letter(letter: Any) -> LetterLine:
    return LetterLine(
        id=letter.id,
        kind=letter.kind,
        language=letter.language,
        subject=letter.subject,
        written_at=letter.written_at,
    )


@router.post("/messages", response_model=OwnMessages, operation_id="list_own_messages", responses=ANSWERS)
def list_own_messages(work: Tracker, ask: Track) -> OwnMessages:
    """The messages about the complaint that this passphrase opens; nothing is marked as read."""
    return _messages(work, actions.own_by_passphrase(work, ask.passphrase))


@router.post("/messages/send", response_model=OwnMessages, operation_id="write_to_office", responses=ANSWERS)
def write_to_office(work: Tracker, ask: SendOwnMessage) -> OwnMessages:
    """Writes to the office, with files or without. Answers with all messages."""
    own = actions.own_by_passphrase(work, ask.passphrase)
    actions.write_to_office(work, own, ask.message, [_kept(work, each) for each in ask.files])
    work.flush()
    return _messages(work, own)


@router.post(
    "/files/{file_id}/open",
    operation_id="open_own_file",
    response_class=Response,
    responses={200: CONTENT, **ANSWERS},
)
def open_own_file(work: Tracker, file_id: UUID, ask: Track) -> Response:
    """One file of the complaint or of a message; from then on the office knows that it arrived."""
    own = actions.own_by_passphrase(work, ask.passphrase)
    file, body = actions.open_own_file(work, own, file_id)
    return download(file.file_name, ANY_FILE, body)


@router.post("/take-back", response_model=RequestLine, operation_id="ask_to_take_back", responses=ANSWERS)
def ask_to_take_back(work: Tracker, ask: TakeBack) -> RequestLine:
    """Takes the complaint back; the office decides what comes of it, and everything stays on file."""
    own = actions.own_by_passphrase(work, ask.passphrase)
    return _request(actions.ask_to_take_back(work, own, ask.request))


@router.post("/reviews/{appeal}", response_model=RequestLine, operation_id="ask_for_review", responses=ANSWERS)
def ask_for_review(work: Tracker, appeal: str, ask: AskReview) -> RequestLine:
    """Asks for a review that the rulebook gives; one that comes late is taken where the rulebook lets it be."""
    own = actions.own_by_passphrase(work, ask.passphrase)
    return _request(actions.ask_for_review(work, own, appeal, ask.request))


@router.post("/contact", response_model=ContactLine, operation_id="choose_contact", responses=ANSWERS)
def choose_contact(work: Tracker, ask: Choose) -> ContactLine:
    """Chooses how to be told that something waits, from what the rulebook has."""
    own = actions.own_by_passphrase(work, ask.passphrase)
    wish = actions.choose_contact(work, own, ask.contact)
    return ContactLine(way=wish.way, rules=wish.rules, times=wish.times, safe=wish.safe)


def _kept(work: Work, file: FileSent) -> Sent:
    try:
        content = base64.b64decode(file.content, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid({"files": "The content of this file is not base64."}) from None
    return actions.keep_upload(work, file.name, io.BytesIO(content), limit=LARGEST_CONTENT)


def _messages(work: Work, own: OwnFiling) -> OwnMessages:
    files = queries.files_of_messages(work, own.id)
    kept = correspondence.messages_of(work, own.id)
    return OwnMessages(items=[_message(each, files.get(each.id, [])) for each in kept])


def _message(message: Any, files: Sequence[Any]) -> MessageLine:
    return MessageLine(
        id=message.id,
        is_from_filer=message.is_from_filer,
        sender_title=message.sender_title,
        body=message.body,
        sent_at=message.sent_at,
        read_at=message.read_at,
        files=[FileLine(id=f.id, name=f.file_name, media_type=f.media_type, size=f.size) for f in files],
    )


def _request(request: Any) -> RequestLine:
    return RequestLine(
        id=request.id,
        kind=request.kind,
        appeal=request.appeal,
        asked_at=request.asked_at,
        last_on=request.last_on,
        is_late=request.is_late,
        answer=request.answer,
    )
