"""One clock: why its date is what it is, what would move it, what was asked for, and who takes notice."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.clocks import actions, queries
from app.clocks.commands import (
    Acknowledge,
    AskExtension,
    ChooseStart,
    Decide,
    EndPause,
    ExplainLapse,
    NoteAgreement,
    NoteStart,
    PauseClock,
    TryPause,
)
from app.kernel.deadlines import WhatIf
from app.kernel.errors import Invalid, Refused
from app.web.answers import done, show
from app.web.forms import Blank, Form, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/clocks/{clock_id}", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Asker = Annotated[Work, may(Permission.CLOCK_ASK)]
Pauser = Annotated[Work, may(Permission.CLOCK_PAUSE)]
Extender = Annotated[Work, may(Permission.CLOCK_EXTEND)]
Chooser = Annotated[Work, may(Permission.START_CHOOSE)]
Answerer = Annotated[Work, may(Permission.WARNING_ACKNOWLEDGE)]
TRIED = ("kind", "from_on", "until_on")


@router.get("")
def show_clock(request: Request, work: Reader, clock_id: UUID, form: Blank) -> Response:
    """The clock; with `?kind=…&from_on=…` also what the date would be with such a pause. Nothing is changed."""
    clock = queries.get_clock(work, clock_id)
    asked = Form(values={name: request.query_params[name] for name in TRIED if name in request.query_params})
    preview = _tried(work, clock_id, asked) if request.method == "GET" and asked.values else None
    return show(
        request,
        work,
        "clocks/clock.html",
        title="A clock",
        typed=form if request.method == "POST" else asked,
        holders=queries.holders(work),
        preview=preview,
        **queries.clock_view(work, clock),
    )


def _tried(work: Work, clock_id: UUID, asked: Form) -> WhatIf | None:
    try:
        return actions.try_pause(work, clock_id, asked.ask(TryPause))
    except (Refused, Invalid) as refusal:
        asked.keep(refusal)
        return None


def _decided(request: Request, work: Work, clock_id: UUID) -> Response:
    """Whoever is from outside the office has seen the clock for this decision alone."""
    return done(request, goto="/office?done=saved") if work.actor.outsider else _back(request, clock_id)


def _back(request: Request, clock_id: UUID, saved: str = "saved") -> Response:
    return done(request, goto=f"/office/clocks/{clock_id}?done={saved}")


@router.post("/pause")
@or_show(show_clock)
def pause_clock(request: Request, form: Posted, work: Pauser, clock_id: UUID) -> Response:
    actions.pause_clock(work, clock_id, form.ask(PauseClock))
    return _back(request, clock_id)


@router.post("/pause/ask")
@or_show(show_clock)
def ask_pause(request: Request, form: Posted, work: Asker, clock_id: UUID) -> Response:
    actions.ask_pause(work, clock_id, form.ask(PauseClock))
    return _back(request, clock_id, "sent")


@router.post("/pause/end")
@or_show(show_clock)
def end_pause(request: Request, form: Posted, work: Pauser, clock_id: UUID) -> Response:
    actions.end_pause(work, clock_id, form.ask(EndPause))
    return _back(request, clock_id)


@router.post("/pauses/{pause_id}/decide")
@or_show(show_clock)
def decide_pause(request: Request, form: Posted, work: Pauser, clock_id: UUID, pause_id: UUID) -> Response:
    actions.decide_pause(work, clock_id, pause_id, form.ask(Decide))
    return _decided(request, work, clock_id)


@router.post("/extension")
@or_show(show_clock)
def extend_clock(request: Request, form: Posted, work: Extender, clock_id: UUID) -> Response:
    actions.extend_clock(work, clock_id, form.ask(AskExtension))
    return _back(request, clock_id)


@router.post("/extension/ask")
@or_show(show_clock)
def ask_extension(request: Request, form: Posted, work: Asker, clock_id: UUID) -> Response:
    actions.ask_extension(work, clock_id, form.ask(AskExtension))
    return _back(request, clock_id, "sent")


@router.post("/extensions/{extension_id}/decide")
@or_show(show_clock)
def decide_extension(request: Request, form: Posted, work: Extender, clock_id: UUID, extension_id: UUID) -> Response:
    actions.decide_extension(work, clock_id, extension_id, form.ask(Decide))
    return _decided(request, work, clock_id)


@router.post("/extensions/{extension_id}/agree")
@or_show(show_clock)
def note_agreement(request: Request, form: Posted, work: Asker, clock_id: UUID, extension_id: UUID) -> Response:
    actions.note_agreement(work, clock_id, extension_id, form.ask(NoteAgreement))
    return _back(request, clock_id)


@router.post("/start/note")
@or_show(show_clock)
def note_start(request: Request, form: Posted, work: Asker, clock_id: UUID) -> Response:
    actions.note_start(work, clock_id, form.ask(NoteStart))
    return _back(request, clock_id)


@router.post("/start/choose")
@or_show(show_clock)
def choose_start(request: Request, form: Posted, work: Chooser, clock_id: UUID) -> Response:
    actions.choose_start(work, clock_id, form.ask(ChooseStart))
    return _back(request, clock_id)


@router.post("/warnings/{warning_id}/acknowledge")
@or_show(show_clock)
def acknowledge(request: Request, form: Posted, work: Answerer, clock_id: UUID, warning_id: UUID) -> Response:
    actions.acknowledge(work, clock_id, warning_id, form.ask(Acknowledge))
    return _back(request, clock_id)


@router.post("/warnings/{warning_id}/explain")
@or_show(show_clock)
def explain_lapse(request: Request, form: Posted, work: Answerer, clock_id: UUID, warning_id: UUID) -> Response:
    actions.explain_lapse(work, clock_id, warning_id, form.ask(ExplainLapse))
    return _back(request, clock_id)
