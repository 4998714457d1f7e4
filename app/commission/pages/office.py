"""Where meetings are prepared: at the office's door, as only there a case can be seen that stands on no docket yet."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.commission import actions, queries
from app.commission.commands import PutOnDocket, ScheduleMeeting, SeatMember
from app.commission.pages.closed import STATE_KINDS
from app.commission.rules import meetings as rules
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.templates import day
from app.web.work import may

router = APIRouter(prefix="/office/meetings", include_in_schema=False)

Preparer = Annotated[Work, may(Permission.DOCKET_PREPARE)]


@router.get("")
def prepare_meetings(request: Request, work: Preparer, form: Blank) -> Response:
    """Meetings to come and past, who holds which seat, and the form for a new meeting."""
    coming = queries.coming_meetings(work)
    docket = queries.docket_of(work, coming)
    return show(
        request,
        work,
        "commission/prepare.html",
        title="Meetings",
        typed=form,
        coming=[(meeting, docket[meeting.id]) for meeting in coming],
        past=queries.past_meetings(work),
        states=rules.STATE_WORDS,
        **_bodies(work),
    )


def _bodies(work: Work) -> dict[str, Any]:
    """The bodies that vote, their seats, and who may hold one."""
    bodies = rules.voting_bodies(work.book)
    seats = queries.all_seats(work)
    people = queries.possible_members(work)
    return {
        "bodies": {body.code: body.label.to("en") for body in bodies},
        "body_options": [(body.code, body.label.to("en")) for body in bodies],
        "seats": [(body, [seat for seat in seats if seat.body == body.code]) for body in bodies],
        "people": [(person.id, person.display_name) for person in people],
        "names": queries.names_of_people(work, {seat.account_id for seat in seats if seat.account_id is not None}),
    }


@router.post("/schedule")
@or_show(prepare_meetings)
def schedule_meeting(request: Request, form: Posted, work: Preparer) -> Response:
    meeting = actions.schedule_meeting(work, form.ask(ScheduleMeeting))
    return done(request, goto=f"/office/meetings/{meeting.id}?done=saved")


@router.post("/seats/fill")
@or_show(prepare_meetings)
def seat_member(request: Request, form: Posted, work: Preparer) -> Response:
    actions.seat_member(work, form.ask(SeatMember))
    return done(request, goto="/office/meetings?done=saved#seats")


@router.get("/{meeting_id}")
def prepare_docket(request: Request, work: Preparer, meeting_id: UUID, form: Blank) -> Response:
    """One meeting's docket: the cases on it with their packets, and those that wait."""
    meeting = queries.get_meeting(work, meeting_id)
    docket = queries.docket_of(work, [meeting])[meeting.id]
    is_open = meeting.state == rules.SCHEDULED
    return show(
        request,
        work,
        "commission/docket.html",
        title=f"Docket of {day(meeting.held_on)}",
        typed=form,
        meeting=meeting,
        body=queries.body_of(work, meeting.body).label.to("en"),
        state=rules.STATE_WORDS[meeting.state],
        docket=docket,
        candidates=queries.candidates(work, meeting) if is_open else [],
        categories={each.code: each.label.to("en") for each in work.book.allegations},
        stages={stage.code: stage.label.to("en") for stage in work.book.stages},
        closing_kinds=STATE_KINDS,
        can={"change": is_open, "enter": work.may(Permission.PACKET_READ)},
    )


@router.post("/{meeting_id}/docket/put")
@or_show(prepare_docket)
def put_on_docket(request: Request, form: Posted, work: Preparer, meeting_id: UUID) -> Response:
    actions.put_on_docket(work, meeting_id, form.ask(PutOnDocket))
    return done(request, goto=f"/office/meetings/{meeting_id}?done=docketed")


@router.post("/{meeting_id}/docket/{item_id}/take-off")
@or_show(prepare_docket)
def take_off_docket(request: Request, form: Posted, work: Preparer, meeting_id: UUID, item_id: UUID) -> Response:
    actions.take_off_docket(work, item_id)
    return done(request, goto=f"/office/meetings/{meeting_id}?done=saved")


@router.post("/{meeting_id}/docket/{item_id}/packet/request")
@or_show(prepare_docket)
def request_packet(request: Request, form: Posted, work: Preparer, meeting_id: UUID, item_id: UUID) -> Response:
    actions.request_packet(work, item_id)
    return done(request, goto=f"/office/meetings/{meeting_id}?done=docketed")
