"""The second half of a step: what was asked, what the decision needs, and the answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import DecideHalf
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/decisions", include_in_schema=False)

SignedIn = Annotated[Work, may(Permission.SESSION_OWN)]


@router.get("/{half_id}")
def show_decision(request: Request, work: SignedIn, half_id: UUID, form: Blank) -> Response:
    """For whoever may be the second person; row security shows it to nobody from outside whom it does not wait for."""
    view = queries.half_view(work, half_id)
    return show(request, work, "cases/decision.html", title=view["step"], typed=form, **view)


@router.post("/{half_id}/decide", name="decide_half")
@or_show(show_decision)
def decide(request: Request, form: Posted, work: SignedIn, half_id: UUID) -> Response:
    actions.decide_half(work, half_id, form.ask(DecideHalf))
    return done(request, goto="/office?done=saved")
