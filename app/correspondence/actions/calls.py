"""Calls to filers who want one: put on the list, and tried."""

from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.work import Work
from app.correspondence import queries
from app.correspondence.commands import LogCall
from app.correspondence.events import CallAsked, CallTried
from app.correspondence.records import Call
from app.correspondence.rules import CallResult
from app.kernel.errors import Refused, Stale
from app.policy.model.powers import Act


@never_stopped("the machinery follows what was done")
def ask_for_call(work: Work, filing_id: UUID, case_id: UUID | None) -> Call | None:
    """Puts the filer on the call list, where they do not stand on it already."""
    if queries.open_call_of(work, filing_id) is not None:
        return None
    call = work.add(Call(id=uuid4(), filing_id=filing_id, asked_at=work.now))
    work.happened(CallAsked(case_id=case_id, filing_id=filing_id, call_id=call.id))
    return call


@stops_with(Act.LETTERS)
def log_call(work: Work, filing_id: UUID, case_id: UUID | None, call_id: UUID, ask: LogCall) -> Call:
    """Somebody tried to call; whoever did not answer stays on the list."""
    call = queries.get_call(work, filing_id, call_id)
    if call.done_at is not None:
        raise Refused("This call was made already.")
    if call.version != ask.version:
        raise Stale()
    call.tries += 1
    call.tried_at, call.tried_by_id, call.result = work.now, work.actor.id, ask.result
    call.done_at = None if ask.result is CallResult.NO_ANSWER else work.now
    work.happened(CallTried(case_id=case_id, filing_id=filing_id, call_id=call.id, result=ask.result))
    return call
