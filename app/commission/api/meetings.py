"""The commission as a program works with it: the docket, the roll, motions and votes, and the way on."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.commission import actions, queries
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    DeclareRecusal,
    EndMeeting,
    MoveToSendBack,
    OpenMeeting,
    PutMotion,
    PutOnDocket,
    ScheduleMeeting,
    SeatMember,
    SendOn,
    WithdrawMotion,
)
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(prefix="/api/v1", tags=["commission"], route_class=StrictRoute)

Reader = Annotated[Work, may(Permission.DOCKET_READ)]
Secretary = Annotated[Work, may(Permission.DOCKET_PREPARE)]
Member = Annotated[Work, may(Permission.VOTE_CAST)]
Mover = Annotated[Work, may(Permission.MOTION_PUT)]
Recuser = Annotated[Work, may(Permission.RECUSAL_DECLARE)]

LISTING = documented(401, 403, 422)
READING = documented(401, 403, 404, 422)
CHANGING = documented(401, 403, 404, 409, 413, 422)


class Answer(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MeetingHeld(Answer):
    """A meeting; `version` goes back with the next change to it."""

    id: UUID
    body: str
    held_on: date
    starts_at: str
    place: str
    state: str
    version: int


class MemberHere(Answer):
    """Somebody with a seat, and whether the roll shows them as here."""

    account_id: UUID
    name: str
    is_here: bool


class MeetingWithMembers(MeetingHeld):
    """The same with its members, whom the roll is called of."""

    members: list[MemberHere]


class DocketedCase(Answer):
    """A case on a docket, with the packet that was frozen last, and how a closed session stands that was planned."""

    item_id: UUID
    meeting_id: UUID
    case_id: UUID
    number: str
    stage: str
    due_on: date | None
    packet_id: UUID | None
    packet_sha256: str | None
    recused: int
    closed_session: str | None


class Docket(Answer):
    """What comes before you next; a case from which you are recused is not in it."""

    meetings: list[MeetingHeld]
    cases: list[DocketedCase]


class Kept(Answer):
    """The id of what was written."""

    id: UUID


class MotionMade(Answer):
    """A motion; its arithmetic is there once the roll call is closed."""

    id: UUID
    case_id: UUID
    kind: str
    subject_id: UUID | None
    proposal: str
    wording: str
    moved_at: datetime
    decided_at: datetime | None
    outcome: str | None
    arithmetic: dict[str, Any] | None
    version: int


class SubjectToDecide(Answer):
    """Something that a finding can be voted on, with the words it may have."""

    id: UUID
    label: str
    words: dict[str, str]


class CaseBefore(DocketedCase):
    """A docketed case with what is to be decided and what was moved."""

    subjects: list[SubjectToDecide]
    motions: list[MotionMade]


class VoteKept(Answer):
    """Your vote as it was kept."""

    motion_id: UUID
    choice: str
    cast_at: datetime


class SentOn(Answer):
    """Where the case goes; the move follows at once."""

    case_id: UUID
    to: str


def _meeting(work: Work, meeting: Any) -> MeetingHeld:
    # What was changed is written now, so that the version in the answer is the one the next change must name.
    work.flush()
    return MeetingHeld.model_validate(meeting, from_attributes=True)


def _motion(work: Work, motion: Any) -> MotionMade:
    work.flush()
    return MotionMade.model_validate(motion, from_attributes=True)


def _line(one: queries.Docketed) -> dict[str, Any]:
    return {
        "item_id": one.item.id,
        "meeting_id": one.meeting.id,
        "case_id": one.case.id,
        "number": one.case.number,
        "stage": one.case.stage,
        "due_on": one.case.due_on,
        "packet_id": one.packet.id if one.packet else None,
        "packet_sha256": one.packet.sha256.hex() if one.packet else None,
        "recused": len(one.recused),
        "closed_session": one.closing.state if one.closing else None,
    }


@router.post(
    "/meetings/seats/fill", status_code=201, response_model=Kept, operation_id="seat_member", responses=CHANGING
)
def seat_member(work: Secretary, ask: SeatMember) -> Kept:
    """Gives a seat of a body to somebody, or leaves it empty."""
    return Kept(id=actions.seat_member(work, ask).id)


@router.post(
    "/meetings/schedule",
    status_code=201,
    response_model=MeetingHeld,
    operation_id="schedule_meeting",
    responses=CHANGING,
)
def schedule_meeting(work: Secretary, ask: ScheduleMeeting) -> MeetingHeld:
    """Sets a day for a body of the rulebook."""
    return _meeting(work, actions.schedule_meeting(work, ask))


@router.post(
    "/meetings/{meeting_id}/docket/put",
    status_code=201,
    response_model=Kept,
    operation_id="put_on_docket",
    responses=CHANGING,
)
def put_on_docket(work: Secretary, meeting_id: UUID, ask: PutOnDocket) -> Kept:
    """Puts a case that waits for the body on the docket; its packet is made next."""
    return Kept(id=actions.put_on_docket(work, meeting_id, ask).id)


@router.get("/commission/docket", response_model=Docket, operation_id="show_docket", responses=LISTING)
def show_docket(work: Reader) -> Docket:
    """Your coming meetings and the cases on their dockets."""
    coming = queries.coming_meetings(work)
    docket = queries.docket_of(work, coming)
    return Docket(
        meetings=[MeetingHeld.model_validate(meeting, from_attributes=True) for meeting in coming],
        cases=[DocketedCase(**_line(one)) for meeting in coming for one in docket[meeting.id]],
    )


@router.get(
    "/commission/meetings/{meeting_id}",
    response_model=MeetingWithMembers,
    operation_id="show_meeting",
    responses=READING,
)
def show_meeting(work: Reader, meeting_id: UUID) -> MeetingWithMembers:
    """One meeting: who has a seat, and who is here."""
    meeting = queries.get_meeting(work, meeting_id)
    seated = [seat.account_id for seat in queries.members_of(work, meeting.body) if seat.account_id is not None]
    names, here = queries.names_of_people(work, seated), queries.present_at(work, meeting.id)
    members = [MemberHere(account_id=each, name=names.get(each, ""), is_here=each in here) for each in seated]
    return MeetingWithMembers(**_meeting(work, meeting).model_dump(), members=members)


@router.post(
    "/commission/meetings/{meeting_id}/open",
    response_model=MeetingHeld,
    operation_id="open_meeting",
    responses=CHANGING,
)
def open_meeting(work: Secretary, meeting_id: UUID, ask: OpenMeeting) -> MeetingHeld:
    """The meeting begins."""
    return _meeting(work, actions.open_meeting(work, meeting_id, ask))


@router.post(
    "/commission/meetings/{meeting_id}/roll/call",
    response_model=MeetingHeld,
    operation_id="call_roll",
    responses=CHANGING,
)
def call_roll(work: Secretary, meeting_id: UUID, ask: CallRoll) -> MeetingHeld:
    """Notes who is here now."""
    return _meeting(work, actions.call_roll(work, meeting_id, ask))


@router.post(
    "/commission/meetings/{meeting_id}/end", response_model=MeetingHeld, operation_id="end_meeting", responses=CHANGING
)
def end_meeting(work: Secretary, meeting_id: UUID, ask: EndMeeting) -> MeetingHeld:
    """The meeting is over."""
    return _meeting(work, actions.end_meeting(work, meeting_id, ask))


@router.get(
    "/commission/cases/{case_id}", response_model=CaseBefore, operation_id="read_docketed_case", responses=READING
)
def read_docketed_case(work: Reader, case_id: UUID) -> CaseBefore:
    """One docketed case; that you opened it stands in the journal."""
    one = queries.docketed(work, actions.read_docketed_case(work, case_id))
    return CaseBefore(
        **_line(one),
        subjects=[
            SubjectToDecide(id=subject.id, label=subject.label, words=dict(subject.words))
            for subject in queries.subjects_of(work, case_id)
        ],
        motions=[MotionMade.model_validate(motion, from_attributes=True) for motion in one.motions],
    )


@router.post(
    "/commission/cases/{case_id}/recusal/declare",
    status_code=201,
    response_model=Kept,
    operation_id="declare_recusal",
    responses=CHANGING,
)
def declare_recusal(work: Recuser, case_id: UUID, ask: DeclareRecusal) -> Kept:
    """Steps back from a case: from the next request on it is not there for you."""
    return Kept(id=actions.declare_recusal(work, case_id, ask).id)


@router.post(
    "/commission/cases/{case_id}/motions/put",
    status_code=201,
    response_model=MotionMade,
    operation_id="put_motion",
    responses=CHANGING,
)
def put_motion(work: Mover, case_id: UUID, ask: PutMotion) -> MotionMade:
    """Puts the question whether the finding on one subject be this word."""
    return _motion(work, actions.put_motion(work, case_id, ask))


@router.post(
    "/commission/cases/{case_id}/motions/send-back/put",
    status_code=201,
    response_model=MotionMade,
    operation_id="move_to_send_back",
    responses=CHANGING,
)
def move_to_send_back(work: Mover, case_id: UUID, ask: MoveToSendBack) -> MotionMade:
    """Puts the question whether the case go back for more work; where it carries, the case goes at once."""
    return _motion(work, actions.move_to_send_back(work, case_id, ask))


@router.post(
    "/commission/cases/{case_id}/motions/{motion_id}/vote",
    status_code=201,
    response_model=VoteKept,
    operation_id="cast_vote",
    responses=CHANGING,
)
def cast_vote(work: Member, case_id: UUID, motion_id: UUID, ask: CastVote) -> VoteKept:
    """Your vote, once."""
    vote = actions.cast_vote(work, case_id, motion_id, ask)
    return VoteKept(motion_id=vote.motion_id, choice=vote.choice, cast_at=vote.cast_at)


@router.post(
    "/commission/cases/{case_id}/motions/{motion_id}/close",
    response_model=MotionMade,
    operation_id="close_motion",
    responses=CHANGING,
)
def close_motion(work: Secretary, case_id: UUID, motion_id: UUID, ask: CloseMotion) -> MotionMade:
    """Ends the roll call and makes the sums."""
    return _motion(work, actions.close_motion(work, case_id, motion_id, ask))


@router.post(
    "/commission/cases/{case_id}/motions/{motion_id}/withdraw",
    response_model=MotionMade,
    operation_id="withdraw_motion",
    responses=CHANGING,
)
def withdraw_motion(work: Secretary, case_id: UUID, motion_id: UUID, ask: WithdrawMotion) -> MotionMade:
    """Takes a motion back before it is decided."""
    return _motion(work, actions.withdraw_motion(work, case_id, motion_id, ask))


@router.post(
    "/commission/cases/{case_id}/send-on",
    status_code=202,
    response_model=SentOn,
    operation_id="send_on",
    responses=CHANGING,
)
def send_on(work: Secretary, case_id: UUID, ask: SendOn) -> SentOn:
    """Sends the case on after the vote."""
    item = actions.send_on(work, case_id, ask)
    return SentOn(case_id=item.case_id, to=item.sent_to or "")
