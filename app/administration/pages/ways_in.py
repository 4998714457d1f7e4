"""One's own second steps at signing in: passkeys, an app for codes, and codes on paper."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.factors import held_by
from app.access.permissions import Permission, home_door
from app.access.work import Work
from app.administration.actions import factors as actions
from app.administration.commands import AddPasskey, ConfirmCodes, RemovePasskey, RenamePasskey
from app.administration.queries import accounts as queries
from app.kernel.errors import Invalid
from app.web.answers import done, show
from app.web.forms import Blank, Form, Posted, or_show
from app.web.shell import HOME
from app.web.step_up import WAYS_IN
from app.web.work import may

router = APIRouter(prefix=WAYS_IN, include_in_schema=False)

Owner = Annotated[Work, may(Permission.SESSION_OWN)]


@router.get("")
def show_ways_in(request: Request, work: Owner, form: Blank) -> Response:
    """What this person has besides the password, what their role needs, and forms to add and to remove."""
    account = queries.own_account(work)
    rules = work.house.access
    roles = queries.roles_of(work, account.id)
    needed = queries.kinds_needed(work, account)
    return show(
        request,
        work,
        "administration/ways_in.html",
        title="Second steps at signing in",
        typed=form,
        held=held_by(work, account.id),
        needed=sorted(needed),
        whys=[rule.why for rule in rules.factors.of(roles, rules.of(roles))] if needed else [],
        why=rules.factors.why,
        owes=work.actor.lacks_factor,
        home=HOME[home_door(work.actor.roles)],
        is_optional=(work.house.is_demonstration or account.is_demonstration) and not needed,
    )


@router.post("/passkeys/begin")
@or_show(show_ways_in)
def begin_passkey(request: Request, form: Posted, work: Owner) -> Response:
    return _ask_passkey(request, work, Form())


@router.post("/passkeys/add")
@or_show(show_ways_in)
def add_passkey(request: Request, form: Posted, work: Owner) -> Response:
    try:
        ask = form.ask(AddPasskey)
    except Invalid as wrong:
        form.keep(wrong)
        return _ask_passkey(request, work, form, status=422)
    actions.add_passkey(work, ask)
    return done(request, goto=f"{WAYS_IN}?done=saved")


def _ask_passkey(request: Request, work: Work, form: Form, status: int = 200) -> Response:
    step, asked = actions.begin_passkey(work)
    return show(
        request,
        work,
        "administration/passkey_new.html",
        title="Add a passkey",
        status=status,
        typed=form,
        step=step,
        options=asked.options,
    )


@router.post("/passkeys/rename")
@or_show(show_ways_in)
def rename_passkey(request: Request, form: Posted, work: Owner) -> Response:
    actions.rename_passkey(work, form.ask(RenamePasskey))
    return done(request, goto=f"{WAYS_IN}?done=saved")


@router.post("/passkeys/remove")
@or_show(show_ways_in)
def remove_passkey(request: Request, form: Posted, work: Owner) -> Response:
    actions.remove_passkey(work, form.ask(RemovePasskey))
    return done(request, goto=f"{WAYS_IN}?done=saved")


@router.post("/app/begin")
@or_show(show_ways_in)
def begin_codes(request: Request, form: Posted, work: Owner) -> Response:
    return _show_codes(request, work, Form(), actions.begin_codes(work))


@router.post("/app/confirm")
@or_show(show_ways_in)
def confirm_codes(request: Request, form: Posted, work: Owner) -> Response:
    ask = form.ask(ConfirmCodes)
    try:
        actions.confirm_codes(work, ask)
    except Invalid as wrong:
        form.keep(wrong)
        return _show_codes(request, work, form, actions.shown_codes(work, ask.app), status=422)
    return done(request, goto=f"{WAYS_IN}?done=saved")


def _show_codes(request: Request, work: Work, form: Form, shown: actions.Shown, status: int = 200) -> Response:
    """The one time that the secret is shown: it is kept nowhere in the open, so it is no page to come back to."""
    return show(
        request, work, "administration/app_new.html", title="Add an app", status=status, typed=form, shown=shown
    )


@router.post("/app/remove")
@or_show(show_ways_in)
def remove_codes(request: Request, form: Posted, work: Owner) -> Response:
    actions.remove_codes(work)
    return done(request, goto=f"{WAYS_IN}?done=saved")


@router.post("/paper/make")
@or_show(show_ways_in)
def make_paper_codes(request: Request, form: Posted, work: Owner) -> Response:
    """The one time that they are shown."""
    codes = actions.make_paper_codes(work)
    return show(request, work, "administration/paper_codes.html", title="Your recovery codes", typed=form, codes=codes)
