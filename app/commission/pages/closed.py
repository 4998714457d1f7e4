"""Closed sessions in the room: the plan and what the officers were told, the motion to close, the end, the minutes."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.commission import actions, queries
from app.commission.commands import MoveToClose, PlanClosedSession, RecordWord
from app.commission.queries import Docketed
from app.commission.rules import closed, meetings
from app.commission.rules.closed import State, Word
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.templates import day
from app.web.work import may

router = APIRouter(prefix="/commission", include_in_schema=False)

Reader = Annotated[Work, may(Permission.DOCKET_READ)]
Secretary = Annotated[Work, may(Permission.DOCKET_PREPARE)]
Mover = Annotated[Work, may(Permission.MOTION_PUT)]

STATE_KINDS = {
    State.PLANNED: "info",
    State.CLOSED: "warn",
    State.ENDED: "neutral",
    State.OPEN: "good",
    State.DROPPED: "neutral",
}


def closing_facts(work: Work, one: Docketed) -> dict[str, Any]:
    """What the page of a case shows of its closed session: why, by which law, and whether anything hinders it."""
    closing = one.closing
    law = queries.law_of_session(work, closing.session, one.meeting) if closing else None
    return {
        "closing": closing,
        "closing_kinds": STATE_KINDS,
        "closing_law": law,
        "spoken": queries.officers_spoken_of(work, closing, one.meeting),
        "offers_closing": bool(queries.grounds(work)) or closing is not None,
    }


@router.get("/cases/{case_id}/closed-session")
def show_closed_session(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """Why this case is to be heard without the public, who was told, and what can be done now."""
    one = queries.docketed(work, actions.read_docketed_case(work, case_id))
    facts = closing_facts(work, one)
    return show(
        request,
        work,
        "commission/closed.html",
        title=f"Case {one.case.number}: closed session",
        typed=form,
        one=one,
        case=one.case,
        body=queries.body_of(work, one.meeting.body).label.to("en"),
        grounds=[(code, f"{label} ({law})" if law else label) for code, label, law in queries.grounds(work)],
        kinds=_kinds(facts),
        word_labels=closed.WORD_LABELS,
        officers=[(officer.id, officer.spoken.name) for officer in facts["spoken"]],
        earlier=[each for each in one.closings if each is not facts["closing"]],
        movers=_movers(work, one),
        can=_can(work, one, facts),
        **facts,
    )


def _kinds(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What can be recorded: only what the ground gives; behind closed doors, that somebody asks to open them."""
    law = facts["closing_law"]
    if law is None:
        return []
    is_before = facts["closing"].state is not State.CLOSED
    ground = law.ground
    gives = {
        Word.TOLD: is_before,
        Word.WAIVED: is_before and ground.officer_may_waive,
        Word.ASKS_OPEN: ground.open_on_request,
    }
    return [(kind, label) for kind, label in closed.WORD_LABELS.items() if gives[kind]]


def _movers(work: Work, one: Docketed) -> list[tuple[UUID, str]]:
    """The members who may move: here and not recused."""
    here = queries.present_at(work, one.meeting.id) - one.recused
    names = queries.names_of_people(work, here)
    return sorted(names.items(), key=lambda pair: pair[1])


def _can(work: Work, one: Docketed, facts: dict[str, Any]) -> dict[str, bool]:
    """What this person can do now."""
    state = facts["closing"].state if facts["closing"] else State.ENDED
    prepares = work.may(Permission.DOCKET_PREPARE) and one.meeting.state != meetings.ENDED
    in_session = one.meeting.state == meetings.IN_SESSION
    has_floor = in_session and work.may(Permission.MOTION_PUT) and all(each.decided_at for each in one.motions)
    return {
        "plan": prepares and state is State.ENDED,
        "record": prepares and state in (State.PLANNED, State.OPEN, State.CLOSED),
        "strike": prepares and state in (State.PLANNED, State.OPEN),
        "move": has_floor and state is State.PLANNED and not any(each.is_hindered for each in facts["spoken"]),
        "end": prepares and state is State.CLOSED,
        "vote": work.may(Permission.VOTE_CAST),
    }


@router.post("/cases/{case_id}/closed-session/plan")
@or_show(show_closed_session)
def plan_closed_session(request: Request, form: Posted, work: Secretary, case_id: UUID) -> Response:
    actions.plan_closed_session(work, case_id, form.ask(PlanClosedSession))
    return _done(request, case_id)


@router.post("/cases/{case_id}/closed-session/drop")
@or_show(show_closed_session)
def drop_closed_session(request: Request, form: Posted, work: Secretary, case_id: UUID) -> Response:
    actions.drop_closed_session(work, case_id)
    return _done(request, case_id)


@router.post("/cases/{case_id}/closed-session/words/record")
@or_show(show_closed_session)
def record_word(request: Request, form: Posted, work: Secretary, case_id: UUID) -> Response:
    actions.record_word(work, case_id, form.ask(RecordWord))
    return _done(request, case_id)


@router.post("/cases/{case_id}/closed-session/words/{word_id}/strike")
@or_show(show_closed_session)
def strike_word(request: Request, form: Posted, work: Secretary, case_id: UUID, word_id: UUID) -> Response:
    actions.strike_word(work, case_id, word_id)
    return _done(request, case_id)


@router.post("/cases/{case_id}/motions/close-session/put")
@or_show(show_closed_session)
def move_to_close(request: Request, form: Posted, work: Mover, case_id: UUID) -> Response:
    actions.move_to_close(work, case_id, form.ask(MoveToClose))
    return done(request, goto=f"/commission/cases/{case_id}?done=saved#closed-session")


@router.post("/cases/{case_id}/closed-session/end")
@or_show(show_closed_session)
def end_closed_session(request: Request, form: Posted, work: Secretary, case_id: UUID) -> Response:
    actions.end_closed_session(work, case_id)
    return _done(request, case_id)


def _done(request: Request, case_id: UUID) -> Response:
    return done(request, goto=f"/commission/cases/{case_id}/closed-session?done=saved")


@router.get("/meetings/{meeting_id}/minutes")
def show_minutes(request: Request, work: Reader, meeting_id: UUID) -> Response:
    """What the minutes hold; of a closed session its ground, its roll call and its times alone."""
    meeting = queries.get_meeting(work, meeting_id)
    items = queries.minutes_of(work, meeting)
    roll = queries.roll_of(work, meeting.id)
    voters = {motion.id: _roll_call(work, meeting, motion) for item in items for motion in item.one.motions}
    ids = {row.account_id for row in roll} | {account for votes in voters.values() for account, _ in votes}
    return show(
        request,
        work,
        "commission/minutes.html",
        title=f"Minutes of {day(meeting.held_on)}",
        meeting=meeting,
        body=queries.body_of(work, meeting.body).label.to("en"),
        state=meetings.STATE_WORDS[meeting.state],
        items=items,
        roll=roll,
        names=queries.names_of_people(work, ids),
        voters=voters,
    )


def _roll_call(work: Work, meeting: Any, motion: Any) -> list[tuple[UUID, str]]:
    return list(queries.ballot_of(work, meeting, motion).votes.items())
