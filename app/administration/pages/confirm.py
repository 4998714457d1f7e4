"""Where somebody who is signed in proves once more to be themselves, and goes on where they were."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission, home_door
from app.access.work import Work
from app.administration import rules
from app.administration.actions import proof as actions
from app.administration.actions.entering import Waiting
from app.administration.commands import Prove
from app.kernel.errors import Invalid
from app.web.answers import done, held_back, show
from app.web.forms import Blank, Form, Posted
from app.web.shell import HOME
from app.web.step_up import open_kept, show_confirm
from app.web.work import may

router = APIRouter(prefix="/office/confirm", include_in_schema=False)

Owner = Annotated[Work, may(Permission.SESSION_OWN)]
Next = Annotated[str, Query(max_length=2000)]


@router.get("")
def show_proof(request: Request, work: Owner, form: Blank, next: Next = "") -> Response:  # noqa: A002 - its name in the URL
    """Confirm it is you."""
    return show_confirm(request, work, form, kept="", where=rules.own_path(next, _home(work)))


@router.post("")
def prove(request: Request, form: Posted, work: Owner) -> Response:
    kept, where = form.values.pop("kept", ""), form.values.pop("next", "")
    try:
        proved = actions.prove(work, form.ask(Prove))
    except Invalid as wrong:
        form.keep(wrong)
        return show_confirm(request, work, form, kept=kept, where=where, status=422)
    if proved is not True:
        return _again(request, work, form, kept, where, proved or None)
    waiting = open_kept(request, kept)
    if waiting is None:
        return done(request, goto=rules.own_path(where, _home(work)))
    return show(request, work, "_kit/confirmed.html", title="It is you", kept=waiting)


@router.post("/passkey")
def begin_passkey(request: Request, form: Posted, work: Owner) -> Response:
    """The same page, where the device is asked."""
    kept, where = form.value("kept"), form.value("next")
    begun = actions.begin_proof(work)
    if begun is None:
        form.errors = {"password": "You have no passkey here. Type your password, or a code."}
        return show_confirm(request, work, form, kept=kept, where=where, status=409)
    step, asked = begun
    return show_confirm(request, work, Form(), kept=kept, where=where, step=step, options=asked.options)


def _again(request: Request, work: Work, form: Form, kept: str, where: str, waiting: Waiting | None) -> Response:
    form.errors = {"password": rules.wait_words(waiting.seconds) if waiting else rules.NOT_YOURS}
    page = show_confirm(request, work, form, kept=kept, where=where, status=403)
    return held_back(page, waiting.seconds) if waiting else page


def _home(work: Work) -> str:
    return HOME[home_door(work.actor.roles)]
