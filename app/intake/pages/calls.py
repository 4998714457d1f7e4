"""The call list: who wants to be called, what must never be done, and what came of each try."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence.commands import LogCall
from app.correspondence.rules import CallResult
from app.intake import queries
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/calls", include_in_schema=False)

Caller = Annotated[Work, may(Permission.MESSAGE_SEND)]

RESULTS = (
    (CallResult.REACHED, "I reached them"),
    (CallResult.NO_ANSWER, "No answer: keep on the list"),
    (CallResult.GIVEN_UP, "Take off the list"),
)


@router.get("")
def list_calls(request: Request, work: Caller, form: Blank) -> Response:
    """Whoever waited longest first; before everything else what keeps each of them safe."""
    results = [(result.value, words) for result, words in RESULTS]
    calls = queries.calls_to_make(work)
    return show(request, work, "intake/calls.html", title="Calls to make", typed=form, calls=calls, results=results)


@router.post("/{call_id}/log")
@or_show(list_calls)
def log_call(request: Request, form: Posted, work: Caller, call_id: UUID) -> Response:
    filing = queries.filing_of_call(work, call_id)
    correspondence.log_call(work, filing.id, filing.case_id, call_id, form.ask(LogCall))
    return done(request, goto="/office/calls?done=saved")
