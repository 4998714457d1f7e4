"""The page of the vault: what was out of the ordinary and waits for somebody to look, and every use of late."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.people import actions, queries
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/vault", include_in_schema=False)

Reviewer = Annotated[Work, may(Permission.VAULT_REVIEW)]


@router.get("")
def show_vault(request: Request, work: Reviewer, form: Blank) -> Response:
    """Who read names or looked them up, and why; never the names."""
    return show(
        request,
        work,
        "people/vault.html",
        title="Use of names",
        typed=form,
        unusual=queries.lines_of(work, queries.unusual_uses(work)),
        latest=queries.lines_of(work, queries.latest_uses(work)),
    )


@router.post("/{use_id}/look-at", name="look_at_use")
@or_show(show_vault)
def look_at(request: Request, form: Posted, work: Reviewer, use_id: UUID) -> Response:
    actions.look_at_use(work, use_id)
    return done(request, goto="/office/vault?done=saved")
