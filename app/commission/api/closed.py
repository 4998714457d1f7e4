"""Closed sessions as a program works with them: the plan, what the officers were told, the motion, the end, minutes."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from app.commission import actions, queries
from app.commission.api.meetings import CHANGING, READING, Answer, Kept, MotionMade, Mover, Reader, Secretary
from app.commission.commands import MoveToClose, PlanClosedSession, RecordWord
from app.commission.queries import Closing
from app.web.strict_json import StrictRoute

router = APIRouter(prefix="/api/v1/commission", tags=["commission"], route_class=StrictRoute)


class GroundGiven(Answer):
    """A ground to meet without the public that the rulebook in force names."""

    code: str
    label: str
    law: str


class SessionHeld(Answer):
    """A closed session: planned, closed, ended, dropped, or open because an officer asked for it."""

    id: UUID
    state: str
    ground: str
    label: str
    law: str
    policy_id: str
    motion_id: UUID | None
    began_at: datetime | None
    ended_at: datetime | None


class WordKept(Answer):
    """What an officer was told or said, and how that is known."""

    id: UUID
    officer_id: UUID
    kind: str
    happened_at: datetime
    proof: str
    struck_at: datetime | None


class OfficerSpokenOf(Answer):
    """One officer of the case: whether they stand in the way of a closed session, and why."""

    officer_id: UUID
    is_hindered: bool
    says: str


class ClosedSessionShown(Answer):
    """The grounds of the rulebook, the sessions of this docketed case, and how its officers stand to the last."""

    grounds: list[GroundGiven]
    sessions: list[SessionHeld]
    officers: list[OfficerSpokenOf]
    words: list[WordKept]


class ItemMinuted(Answer):
    """One case in the minutes; of what was moved in closed session nothing is said."""

    case_id: UUID
    number: str
    sessions: list[SessionHeld]
    motions: list[MotionMade]


class Minutes(Answer):
    """What the minutes of a meeting hold of its cases."""

    items: list[ItemMinuted]


def _session(one: Closing) -> SessionHeld:
    session = one.session
    return SessionHeld(
        id=session.id,
        state=one.state,
        ground=session.ground,
        label=one.label,
        law=one.cited,
        policy_id=session.policy_id,
        motion_id=session.motion_id,
        began_at=session.began_at,
        ended_at=session.ended_at,
    )


@router.get(
    "/cases/{case_id}/closed-session",
    response_model=ClosedSessionShown,
    operation_id="show_closed_session",
    responses=READING,
)
def show_closed_session(work: Reader, case_id: UUID) -> ClosedSessionShown:
    """Why a docketed case is to be heard, or was heard, without the public."""
    one = queries.docketed(work, actions.read_docketed_case(work, case_id))
    who = queries.officers_spoken_of(work, one.closing, one.meeting)
    return ClosedSessionShown(
        grounds=[GroundGiven(code=code, label=label, law=law) for code, label, law in queries.grounds(work)],
        sessions=[_session(closing) for closing in one.closings],
        officers=[OfficerSpokenOf(officer_id=each.id, is_hindered=each.is_hindered, says=each.says) for each in who],
        words=[WordKept.model_validate(word, from_attributes=True) for each in who for word in each.words],
    )


@router.post(
    "/cases/{case_id}/closed-session/plan",
    status_code=201,
    response_model=Kept,
    operation_id="plan_closed_session",
    responses=CHANGING,
)
def plan_closed_session(work: Secretary, case_id: UUID, ask: PlanClosedSession) -> Kept:
    """Plans a closed session on a ground of the rulebook in force."""
    return Kept(id=actions.plan_closed_session(work, case_id, ask).id)


@router.post(
    "/cases/{case_id}/closed-session/drop",
    response_model=Kept,
    operation_id="drop_closed_session",
    responses=CHANGING,
)
def drop_closed_session(work: Secretary, case_id: UUID) -> Kept:
    """The case is heard in the open after all."""
    return Kept(id=actions.drop_closed_session(work, case_id).id)


@router.post(
    "/cases/{case_id}/closed-session/words/record",
    status_code=201,
    response_model=Kept,
    operation_id="record_session_word",
    responses=CHANGING,
)
def record_word(work: Secretary, case_id: UUID, ask: RecordWord) -> Kept:
    """When an officer was told, does without the notice, or asks for an open session, with its proof."""
    return Kept(id=actions.record_word(work, case_id, ask).id)


@router.post(
    "/cases/{case_id}/closed-session/words/{word_id}/strike",
    response_model=Kept,
    operation_id="strike_session_word",
    responses=CHANGING,
)
def strike_word(work: Secretary, case_id: UUID, word_id: UUID) -> Kept:
    """What was recorded by mistake counts no longer; it stays on file."""
    return Kept(id=actions.strike_word(work, case_id, word_id).id)


@router.post(
    "/cases/{case_id}/motions/close-session/put",
    status_code=201,
    response_model=MotionMade,
    operation_id="move_to_close",
    responses=CHANGING,
)
def move_to_close(work: Mover, case_id: UUID, ask: MoveToClose) -> MotionMade:
    """Puts the question whether to close; refused with the earliest hour where an officer was told late."""
    motion = actions.move_to_close(work, case_id, ask)
    work.flush()
    return MotionMade.model_validate(motion, from_attributes=True)


@router.post(
    "/cases/{case_id}/closed-session/end",
    response_model=Kept,
    operation_id="end_closed_session",
    responses=CHANGING,
)
def end_closed_session(work: Secretary, case_id: UUID) -> Kept:
    """The meeting is open again."""
    return Kept(id=actions.end_closed_session(work, case_id).id)


@router.get("/meetings/{meeting_id}/minutes", response_model=Minutes, operation_id="show_minutes", responses=READING)
def show_minutes(work: Reader, meeting_id: UUID) -> Minutes:
    """The cases of a meeting with what was decided in the open, and of closed sessions ground, vote and times alone."""
    items = queries.minutes_of(work, queries.get_meeting(work, meeting_id))
    return Minutes(
        items=[
            ItemMinuted(
                case_id=item.one.case.id,
                number=item.one.case.number,
                sessions=[_session(closing) for closing in item.held],
                motions=[MotionMade.model_validate(motion, from_attributes=True) for motion in item.motions],
            )
            for item in items
        ]
    )
