"""One case: what it is, where it stands, its clocks always in sight, and the work on it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import AddTask, AssignCase, FinishTask, LogContact, MoveCase, WriteNote
from app.intake.commands import SendAnotherWay
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Assigner = Annotated[Work, may(Permission.CASE_ASSIGN)]
Worker = Annotated[Work, may(Permission.CASE_WORK)]
Mover = Annotated[Work, may(Permission.CASE_MOVE)]
NoteWriter = Annotated[Work, may(Permission.NOTE_WRITE)]


@router.get("/{case_id}")
def show_case(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """One case; its opening stands in the journal."""
    case = actions.read_case(work, case_id)
    return show(
        request,
        work,
        "cases/case.html",
        title=f"Case {case.number}",
        typed=form,
        **queries.case_view(work, case, readings=request.query_params.get("readings") == "yes"),
    )


@router.post("/{case_id}/assign")
@or_show(show_case)
def assign_case(request: Request, form: Posted, work: Assigner, case_id: UUID) -> Response:
    actions.assign_case(work, case_id, form.ask(AssignCase))
    return done(request, goto=f"/office/cases/{case_id}?done=saved")


@router.post("/{case_id}/move")
@or_show(show_case)
def move_case(request: Request, form: Posted, work: Mover, case_id: UUID) -> Response:
    ask = form.ask(MoveCase)
    moved = actions.move_case(work, case_id, ask).stage == ask.to
    return done(request, goto=f"/office/cases/{case_id}?done={'moved' if moved else 'asked'}")


@router.post("/{case_id}/route/set")
@or_show(show_case)
def send_another_way(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    """The case goes another way; whoever sent it there may not see it again."""
    actions.send_another_way(work, case_id, form.ask(SendAnotherWay))
    return done(request, goto="/office/cases?done=another-way")


@router.post("/{case_id}/route/lift")
@or_show(show_case)
def take_back(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    """Whoever handled it in the place of the office sees it no more."""
    actions.take_back(work, case_id)
    goto = "/office/cases?done=usual-way" if work.actor.outsider else f"/office/cases/{case_id}?done=saved"
    return done(request, goto=goto)


@router.post("/{case_id}/route/refer")
@or_show(show_case)
def note_referral(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.note_referral(work, case_id)
    return done(request, goto=f"/office/cases/{case_id}?done=saved")


@router.post("/{case_id}/notes/write")
@or_show(show_case)
def write_note(request: Request, form: Posted, work: NoteWriter, case_id: UUID) -> Response:
    actions.write_note(work, case_id, form.ask(WriteNote))
    return done(request, goto=f"/office/cases/{case_id}?done=saved#notes")


@router.post("/{case_id}/tasks/add")
@or_show(show_case)
def add_task(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.add_task(work, case_id, form.ask(AddTask))
    return done(request, goto=f"/office/cases/{case_id}?done=saved#tasks")


@router.post("/{case_id}/tasks/{task_id}/finish")
@or_show(show_case)
def finish_task(request: Request, form: Posted, work: Worker, case_id: UUID, task_id: UUID) -> Response:
    actions.finish_task(work, case_id, task_id, form.ask(FinishTask))
    return done(request, goto=f"/office/cases/{case_id}?done=saved#tasks")


@router.post("/{case_id}/contacts/log")
@or_show(show_case)
def log_contact(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.log_contact(work, case_id, form.ask(LogContact))
    return done(request, goto=f"/office/cases/{case_id}?done=saved#contacts")
