"""The members' room: the docket, one case with its packet, motions and votes, the roll, the recusal."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import queries as case_queries
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
    SendOn,
    WithdrawMotion,
)
from app.commission.pages.closed import STATE_KINDS, closing_facts
from app.commission.queries import Docketed
from app.commission.rules import meetings as rules
from app.commission.rules import voting
from app.web.answers import done, download, show
from app.web.forms import Blank, Posted, or_show
from app.web.templates import day
from app.web.work import may

router = APIRouter(prefix="/commission", include_in_schema=False)

NEEDS_REASON = "Needs a reason."

Reader = Annotated[Work, may(Permission.DOCKET_READ)]
PacketReader = Annotated[Work, may(Permission.PACKET_READ)]
Secretary = Annotated[Work, may(Permission.DOCKET_PREPARE)]
Member = Annotated[Work, may(Permission.VOTE_CAST)]
Mover = Annotated[Work, may(Permission.MOTION_PUT)]
Recuser = Annotated[Work, may(Permission.RECUSAL_DECLARE)]


@router.get("")
def show_docket(request: Request, work: Reader) -> Response:
    """What comes before this member next."""
    coming = queries.coming_meetings(work)
    docket = queries.docket_of(work, coming)
    return show(
        request,
        work,
        "commission/home.html",
        title="Your docket",
        meetings=[(meeting, docket[meeting.id]) for meeting in coming],
        has_seat=bool(queries.bodies_of_mine(work)) or work.may(Permission.DOCKET_PREPARE),
        **_words(work),
    )


@router.get("/meetings")
def list_meetings(request: Request, work: Reader) -> Response:
    """Meetings to come, and those that are over."""
    return show(
        request,
        work,
        "commission/meetings.html",
        title="Meetings",
        coming=queries.coming_meetings(work),
        past=queries.past_meetings(work),
        **_words(work),
    )


def _words(work: Work) -> dict[str, Any]:
    return {
        "bodies": {body.code: body.label.to("en") for body in work.book.bodies},
        "states": rules.STATE_WORDS,
        "categories": {each.code: each.label.to("en") for each in work.book.allegations},
        "closing_kinds": STATE_KINDS,
        "can": {"prepare": work.may(Permission.DOCKET_PREPARE), "recuse": work.may(Permission.RECUSAL_DECLARE)},
    }


@router.get("/meetings/{meeting_id}")
def show_meeting(request: Request, work: Reader, meeting_id: UUID, form: Blank) -> Response:
    """One meeting: who is here, and what stands on its docket."""
    meeting = queries.get_meeting(work, meeting_id)
    seats = queries.members_of(work, meeting.body)
    ids = {seat.account_id for seat in seats if seat.account_id is not None}
    names = queries.names_of_people(work, ids)
    return show(
        request,
        work,
        "commission/meeting.html",
        title=f"Meeting of {day(meeting.held_on)}",
        typed=form,
        meeting=meeting,
        seats=seats,
        names=names,
        members=[(seat.account_id, names.get(seat.account_id, "")) for seat in seats if seat.account_id],
        present=queries.present_at(work, meeting.id),
        docket=queries.docket_of(work, [meeting])[meeting.id],
        **_words(work),
    )


@router.post("/meetings/{meeting_id}/open")
@or_show(show_meeting)
def open_meeting(request: Request, form: Posted, work: Secretary, meeting_id: UUID) -> Response:
    actions.open_meeting(work, meeting_id, form.ask(OpenMeeting))
    return done(request, goto=f"/commission/meetings/{meeting_id}?done=saved")


@router.post("/meetings/{meeting_id}/roll/call")
@or_show(show_meeting)
def call_roll(request: Request, form: Posted, work: Secretary, meeting_id: UUID) -> Response:
    actions.call_roll(work, meeting_id, form.ask(CallRoll))
    return done(request, goto=f"/commission/meetings/{meeting_id}?done=saved")


@router.post("/meetings/{meeting_id}/end")
@or_show(show_meeting)
def end_meeting(request: Request, form: Posted, work: Secretary, meeting_id: UUID) -> Response:
    actions.end_meeting(work, meeting_id, form.ask(EndMeeting))
    return done(request, goto=f"/commission/meetings/{meeting_id}?done=saved")


@router.get("/cases/{case_id}")
def show_docketed_case(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """One case before the body: its packet, what is to be decided, the roll call, and the way to step back."""
    one = queries.docketed(work, actions.read_docketed_case(work, case_id))
    return show(
        request,
        work,
        "commission/case.html",
        title=f"Case {one.case.number}",
        typed=form,
        one=one,
        case=one.case,
        about=next((each.label.to("en") for each in work.book.allegations if each.code == one.case.category), ""),
        tabs=_tabs(work, one.case),
        **closing_facts(work, one),
        **_at_the_table(work, one),
        **_after_the_vote(work, one),
    )


def _tabs(work: Work, case: Any) -> list[Any]:
    """The ways to what later stages keep of this case; none where there is only this page."""
    more = [tab for part in work.parts("commission_tabs") if (tab := part(work, case)) is not None]
    return [("Case", f"/commission/cases/{case.id}", True), *more] if more else []


def _at_the_table(work: Work, one: Docketed) -> dict[str, Any]:
    """The motions with their sums, who may still vote, and what this person can do."""
    meeting, case = one.meeting, one.case
    body = queries.body_of(work, meeting.body)
    seats = queries.members_of(work, meeting.body)
    members = {seat.account_id for seat in seats if seat.account_id is not None}
    present = queries.present_at(work, meeting.id)
    names = queries.names_of_people(work, members | one.recused)
    ballots = [queries.ballot_of(work, meeting, motion) for motion in one.motions]
    subjects = queries.subjects_of(work, case.id)
    decided = {motion.subject_id for motion in one.motions if motion.outcome == voting.CARRIED}
    in_session = meeting.state == rules.IN_SESSION
    has_floor = in_session and work.may(Permission.MOTION_PUT) and _is_free(one.motions)
    way_back = rules.send_back_to(work.policies.named(case.policy_id), case.stage)
    return {
        "body": body,
        "names": names,
        "members": members,
        "movers": [(each, names[each]) for each in sorted(present & members - one.recused, key=lambda i: names[i])],
        "ballots": ballots,
        "sums": {ballot.motion.id: _sums(work, meeting, ballot) for ballot in ballots},
        "subjects": subjects,
        "undecided": [(each.id, each.label) for each in subjects if each.id not in decided],
        "words": subjects[0].words if subjects else (),
        "grounds": [(ground.code, ground.label.to("en")) for ground in body.recusal_grounds],
        "choices": [("yes", "Yes"), ("no", "No"), ("abstain", "Abstain")],
        "can": {
            "vote": in_session and work.may(Permission.VOTE_CAST) and work.actor.id in present & members,
            "move": has_floor,
            "send_back": has_floor and way_back is not None,
            "close": in_session and work.may(Permission.DOCKET_PREPARE),
            "prepare": work.may(Permission.DOCKET_PREPARE),
            "recuse": work.may(Permission.RECUSAL_DECLARE),
            "read": work.may(Permission.PACKET_READ),
        },
        "in_session": in_session,
        "opened_by": work.actor.display_name,
        "opened_at": work.now,
    }


def _is_free(motions: list[Any]) -> bool:
    """True where another question may be put: none is open, and the case has not been sent back."""
    sent_back = any((each.kind, each.outcome) == (rules.SEND_BACK, voting.CARRIED) for each in motions)
    return not sent_back and all(motion.decided_at is not None for motion in motions)


def _sums(work: Work, meeting: Any, ballot: queries.Ballot) -> list[tuple[str, str]]:
    """Quorum and majority, as they would be if the roll call ended now; kept ones as they were kept."""
    kept = ballot.motion.arithmetic
    if kept is not None:
        return [("Quorum", " ".join(kept["quorum"]["said"])), ("Majority", " ".join(kept["vote"]["said"]))]
    rule = queries.vote_rule_of(work, meeting, ballot.motion)
    so_far = voting.majority(rule, ballot.room, ballot.tally).sentences if rule else ()
    return [("Quorum", " ".join(ballot.quorum.sentences)), ("If it ended now", " ".join(so_far))]


def _after_the_vote(work: Work, one: Docketed) -> dict[str, Any]:
    """Where the case may go from here, for whoever keeps the docket, and what each way still waits for."""
    book = work.policies.named(one.case.policy_id)
    label = {stage.code: stage.label.to("en") for stage in book.stages}
    moves = case_queries.next_moves(work, one.case) if work.may(Permission.DOCKET_PREPARE) else []
    sent_to = one.item.sent_to
    # A case that was sent back goes by itself: nobody presses that again while the worker is at it.
    goes_by_itself = sent_to if queries.is_sent_back(work, one.case.id) else None
    open_ways = [move for move in moves if not move.missing and move.to != goes_by_itself]
    return {
        "stage": label[one.case.stage],
        "moves": [(move.to, move.label, NEEDS_REASON if move.needs_reason else "") for move in open_ways],
        "not_yet": [(move.label, " ".join(move.missing)) for move in moves if move.missing],
        "on_its_way": label[sent_to] if sent_to is not None and sent_to != one.case.stage else "",
    }


@router.post("/cases/{case_id}/recusal/declare")
@or_show(show_docketed_case)
def declare_recusal(request: Request, form: Posted, work: Recuser, case_id: UUID) -> Response:
    actions.declare_recusal(work, case_id, form.ask(DeclareRecusal))
    return done(request, goto="/commission?done=recused")


@router.post("/cases/{case_id}/motions/put")
@or_show(show_docketed_case)
def put_motion(request: Request, form: Posted, work: Mover, case_id: UUID) -> Response:
    actions.put_motion(work, case_id, form.ask(PutMotion))
    return done(request, goto=f"/commission/cases/{case_id}?done=saved#motions")


@router.post("/cases/{case_id}/motions/send-back/put")
@or_show(show_docketed_case)
def move_to_send_back(request: Request, form: Posted, work: Mover, case_id: UUID) -> Response:
    actions.move_to_send_back(work, case_id, form.ask(MoveToSendBack))
    return done(request, goto=f"/commission/cases/{case_id}?done=saved#motions")


@router.post("/cases/{case_id}/motions/{motion_id}/vote")
@or_show(show_docketed_case)
def cast_vote(request: Request, form: Posted, work: Member, case_id: UUID, motion_id: UUID) -> Response:
    actions.cast_vote(work, case_id, motion_id, form.ask(CastVote))
    return done(request, goto=f"/commission/cases/{case_id}?done=saved#motions")


@router.post("/cases/{case_id}/motions/{motion_id}/close")
@or_show(show_docketed_case)
def close_motion(request: Request, form: Posted, work: Secretary, case_id: UUID, motion_id: UUID) -> Response:
    actions.close_motion(work, case_id, motion_id, form.ask(CloseMotion))
    return done(request, goto=f"/commission/cases/{case_id}?done=saved#motions")


@router.post("/cases/{case_id}/motions/{motion_id}/withdraw")
@or_show(show_docketed_case)
def withdraw_motion(request: Request, form: Posted, work: Secretary, case_id: UUID, motion_id: UUID) -> Response:
    actions.withdraw_motion(work, case_id, motion_id, form.ask(WithdrawMotion))
    return done(request, goto=f"/commission/cases/{case_id}?done=saved#motions")


@router.post("/cases/{case_id}/send-on")
@or_show(show_docketed_case)
def send_on(request: Request, form: Posted, work: Secretary, case_id: UUID) -> Response:
    actions.send_on(work, case_id, form.ask(SendOn))
    return done(request, goto=f"/commission/cases/{case_id}?done=on-its-way")


@router.get("/packets/{packet_id}")
def open_packet(request: Request, work: PacketReader, packet_id: UUID) -> Response:
    """The packet as it was frozen, to keep or to read; each opening stands in the journal."""
    packet = actions.open_packet(work, packet_id)
    return download(packet.file_name, packet.media_type, work.storage.open(queries.stored(packet)))
