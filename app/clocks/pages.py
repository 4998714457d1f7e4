"""The office's page of one clock: why its date is what it is, a pause tried before it is granted, and its end."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.clocks import actions, queries
from app.clocks.commands import EndPause, PauseClock, TryPause
from app.kernel.deadlines import Explanation
from app.kernel.errors import Invalid, Refused
from app.web.answers import done, show
from app.web.forms import Blank, Form, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/clocks", include_in_schema=False)

Pauser = Annotated[Work, may(Permission.CLOCK_PAUSE)]
TRIED = ("kind", "from_on", "until_on")


@router.get("/{clock_id}/pause")
def show_pause(request: Request, work: Pauser, clock_id: UUID, form: Blank) -> Response:
    """The form of a pause; with `?kind=…&from_on=…` it shows what the date would be, and changes nothing."""
    clock = queries.get_clock(work, clock_id)
    asked = Form(values={name: request.query_params[name] for name in TRIED if name in request.query_params})
    preview = _tried(work, clock_id, asked) if request.method == "GET" and asked.values else None
    typed = form if form.values else asked
    shown = queries.shown_clock(work, clock)
    return show(
        request,
        work,
        "clocks/pause.html",
        title="Pause a clock",
        typed=typed,
        shown=shown,
        kinds=[(code, label) for code, label, _ in shown.reasons],
        preview=preview,
        moved=(preview.due_on - clock.due_on).days if preview else 0,
    )


def _tried(work: Work, clock_id: UUID, asked: Form) -> Explanation | None:
    try:
        return actions.try_pause(work, clock_id, asked.ask(TryPause))
    except (Refused, Invalid) as refusal:
        asked.keep(refusal)
        return None


@router.post("/{clock_id}/pause")
@or_show(show_pause)
def pause_clock(request: Request, form: Posted, work: Pauser, clock_id: UUID) -> Response:
    clock = actions.pause_clock(work, clock_id, form.ask(PauseClock))
    return done(request, goto=f"/office/cases/{clock.case_id}?done=saved#clocks")


@router.post("/{clock_id}/pause/end")
@or_show(show_pause)
def end_pause(request: Request, form: Posted, work: Pauser, clock_id: UUID) -> Response:
    clock = actions.end_pause(work, clock_id, form.ask(EndPause))
    return done(request, goto=f"/office/cases/{clock.case_id}?done=saved#clocks")
