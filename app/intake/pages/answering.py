"""What the office says to a filer: messages with files, and the answer to what the filer asked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence.commands import AnswerRequest, SendMessage
from app.intake import actions, queries
from app.intake.pages.office import show_filing
from app.intake.pages.sent import file_sent
from app.web.answers import done
from app.web.forms import Form, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/filings", include_in_schema=False)

Writer = Annotated[Work, may(Permission.MESSAGE_SEND)]
Decider = Annotated[Work, may(Permission.CASE_MOVE)]


@router.post("/{filing_id}/messages/send", name="write_to_filer")
@or_show(show_filing)
def send_message(request: Request, form: Posted, work: Writer, filing_id: UUID) -> Response:
    """Writes to the filer; a file that goes with it is for this filer's eyes."""
    filing = queries.get_filing(work, filing_id)
    actions.write_to_filer(work, filing, form.ask(SendMessage), file_sent(work, form, "attached"))
    return done(request, goto=f"/office/filings/{filing.id}?done=sent#messages")


@router.post("/{filing_id}/requests/{request_id}/answer")
@or_show(show_filing)
def answer_request(request: Request, form: Posted, work: Decider, filing_id: UUID, request_id: UUID) -> Response:
    """Says what comes of what the filer asked; the filer reads the words as a message."""
    filing = queries.get_filing(work, filing_id)
    ask = Form({"answer": form.value("answer"), "body": form.value("answer_words")}).ask(AnswerRequest)
    actions.answer_request(work, filing, request_id, ask)
    return done(request, goto=f"/office/filings/{filing.id}?done=sent#asked")
