"""What a filer asks of the office by way of the secret: to end the complaint, or to look at the decision again."""

from datetime import date
from uuid import UUID, uuid4

from app.access.acts import stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence import queries, rules
from app.correspondence.actions.messages import write_to_filer
from app.correspondence.commands import AnswerRequest, AskForReview, AskToTakeBack, SendMessage
from app.correspondence.events import RequestAnswered, ReviewAsked, TakingBackAsked
from app.correspondence.records import FilerRequest
from app.correspondence.rules import RequestKind
from app.kernel.errors import Refused
from app.policy.model.powers import Act


@stops_with(Act.LETTERS)
def ask_to_take_back(work: Work, filing_id: UUID, case_id: UUID | None, ask: AskToTakeBack) -> FilerRequest:
    """The filer takes the complaint back; the office decides what that means, and everything stays on file."""
    rules.check_takes_back_once(queries.requests_of(work, filing_id))
    request = _add(work, filing_id, RequestKind.TAKING_BACK, ask.reason)
    work.happened(TakingBackAsked(case_id=case_id, filing_id=filing_id, request_id=request.id))
    return request


@stops_with(Act.LETTERS)
def ask_for_review(
    work: Work, filing_id: UUID, case_id: UUID | None, appeal: str, ask: AskForReview, *, last_on: date | None
) -> FilerRequest:
    """The filer asks for a review that the rulebook gives; one that comes late is taken and says so."""
    rules.check_asks_once(queries.requests_of(work, filing_id), appeal)
    request = _add(work, filing_id, RequestKind.REVIEW, ask.reason)
    request.appeal, request.ground = appeal, ask.ground
    request.last_on, request.is_late = last_on, rules.is_late(last_on, work.today)
    work.happened(
        ReviewAsked(case_id=case_id, filing_id=filing_id, request_id=request.id, appeal=appeal, is_late=request.is_late)
    )
    return request


def _add(work: Work, filing_id: UUID, kind: RequestKind, body: str) -> FilerRequest:
    request = FilerRequest(id=uuid4(), filing_id=filing_id, kind=kind, body=body, asked_at=work.now)
    request.appeal, request.ground, request.answer, request.is_late = "", "", "", False
    return work.add(request)


@stops_with(Act.LETTERS)
def answer_request(
    work: Work, filing_id: UUID, case_id: UUID | None, request_id: UUID, ask: AnswerRequest
) -> FilerRequest:
    """The office says what comes of it, and tells the filer so in a message; what follows is done in the case."""
    work.need(Permission.CASE_MOVE)
    if not queries.get_request(work, filing_id, request_id).is_open:
        raise Refused("This was answered already.")
    # Locked only now: row security lets nobody lock what is answered.
    request = queries.get_request(work, filing_id, request_id, for_update=True)
    request.answer, request.answered_at, request.answered_by_id = ask.answer, work.now, work.actor.id
    answered = RequestAnswered(case_id=case_id, filing_id=filing_id, request_id=request.id, answer=ask.answer)
    work.happened(answered)
    write_to_filer(work, filing_id, case_id, SendMessage(body=ask.body))
    return request
