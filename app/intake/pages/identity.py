"""What was done with who filed: each opening, a hold that keeps it, and its erasure by two people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import queries
from app.people import actions as people
from app.people.commands import AskErasing, SetHold
from app.people.rules import REASON_WORDS, ErasingReason
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/filings/{filing_id}/vault", include_in_schema=False)

Reader = Annotated[Work, may(Permission.FILING_READ)]
Eraser = Annotated[Work, may(Permission.IDENTITY_ERASE)]


@router.get("")
def show_vault_of(request: Request, work: Reader, filing_id: UUID, form: Blank) -> Response:
    """Who read this name and why, and what keeps or ends it; never the name."""
    filing = queries.get_filing(work, filing_id)
    return show(
        request,
        work,
        "intake/vault.html",
        title=f"Name and contact of {filing.number}",
        typed=form,
        reasons=[(reason.value, REASON_WORDS[reason]) for reason in ErasingReason],
        reason_words=REASON_WORDS,
        **queries.identity_view(work, filing),
    )


@router.post("/erase/ask")
@or_show(show_vault_of)
def ask_erasing(request: Request, form: Posted, work: Eraser, filing_id: UUID) -> Response:
    """The first half; a second person decides on a page of their own."""
    filing = queries.get_filing(work, filing_id)
    view = queries.identity_view(work, filing)
    people.ask_erasing(work, view["person"].id, filing.number, form.ask(AskErasing))
    return done(request, goto=f"/office/filings/{filing_id}/vault?done=asked")


@router.post("/hold/set")
@or_show(show_vault_of)
def set_hold(request: Request, form: Posted, work: Eraser, filing_id: UUID) -> Response:
    filing = queries.get_filing(work, filing_id)
    people.set_hold(work, queries.identity_view(work, filing)["person"].id, form.ask(SetHold))
    return done(request, goto=f"/office/filings/{filing_id}/vault?done=saved")


@router.post("/hold/{hold_id}/lift")
@or_show(show_vault_of)
def lift_hold(request: Request, form: Posted, work: Eraser, filing_id: UUID, hold_id: UUID) -> Response:
    """One person asks, another one lifts it."""
    filing = queries.get_filing(work, filing_id)
    hold = people.lift_hold(work, hold_id, case_id=filing.case_id)
    return done(request, goto=f"/office/filings/{filing_id}/vault?done={'saved' if hold.lifted_at else 'asked'}")
