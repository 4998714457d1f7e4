"""One's own account: the password, and where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.factors import held_by
from app.access.history import HistoryView, kinds
from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import sessions as actions
from app.administration.commands import ChangePassword, RevokeSession
from app.administration.queries import accounts as queries
from app.administration.queries import journal
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


@router.get("/history")
def show_history(request: Request, work: Owner, view: Annotated[HistoryView, Query()]) -> Response:
    """Everything that was done under one's own name, signing in among it."""
    page = journal.own_page(work, view)
    following = view.model_dump(mode="json", exclude_defaults=True) | {"before": page.next} if page.next else {}
    return show(
        request,
        work,
        "administration/history.html",
        part="_kit/_history.html",
        title="Done under your name",
        view=view,
        lines=page.lines,
        following=following,
        kinds=kinds(),
        home="/office/account/history",
        shows_who=False,
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
