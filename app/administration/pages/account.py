"""One's own account: the password, and where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.factors import held_by
from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import sessions as actions
from app.administration.commands import ChangePassword, RevokeSession
from app.administration.queries import accounts as queries
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/account", include_in_schema=False)

Owner = Annotated[Work, may(Permission.SESSION_OWN)]


@router.get("")
def show_account(request: Request, work: Owner, form: Blank) -> Response:
    """Who one is here, a new password, and every place where one is signed in."""
    return show(
        request,
        work,
        "administration/account.html",
        title="Your account",
        typed=form,
        account=queries.own_account(work),
        sessions=queries.own_sessions(work),
        held=held_by(work, queries.own_account(work).id),
        history=queries.own_history(work),
    )


@router.post("/password/change")
@or_show(show_account)
def change_password(request: Request, form: Posted, work: Owner) -> Response:
    actions.change_password(work, form.ask(ChangePassword))
    return done(request, goto="/office/account?done=saved")


@router.post("/sessions/revoke")
@or_show(show_account)
def revoke_session(request: Request, form: Posted, work: Owner) -> Response:
    actions.revoke_session(work, form.ask(RevokeSession))
    return done(request, goto="/office/account?done=saved")


@router.post("/sessions/revoke-others")
@or_show(show_account)
def revoke_other_sessions(request: Request, form: Posted, work: Owner) -> Response:
    actions.revoke_other_sessions(work)
    return done(request, goto="/office/account?done=saved")
