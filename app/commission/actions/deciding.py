"""At a meeting: the roll is called, motions are put, members vote, the sums are made, the case goes on."""

from typing import NamedTuple
from uuid import UUID, uuid4

from app.access.acts import asks_itself, never_stopped, stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.cases import queries as cases
from app.cases import rules as roads
from app.cases.events import CaseOpenedForReading
from app.commission import queries
from app.commission.actions.closing import begin_closed_session
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    EndMeeting,
    MoveToClose,
    MoveToSendBack,
    OpenMeeting,
    PutMotion,
    SendOn,
    WithdrawMotion,
)
from app.commission.events import (
    CaseSentOn,
    MeetingEnded,
    MeetingOpened,
    MotionCarried,
    MotionFailed,
    MotionPut,
    MotionWithdrawn,
    RollCalled,
    VoteCast,
)
from app.commission.queries import Ballot
from app.commission.records import Attendance, ClosedSession, DocketItem, Meeting, Motion, Vote
from app.commission.rules import closed, voting
from app.commission.rules import meetings as rules
from app.kernel.errors import Invalid, Refused, Stale
from app.policy.model.powers import Act


@never_stopped("history stays and is read")
def read_docketed_case(work: Work, case_id: UUID) -> DocketItem:
    """Opens a docketed case; each opening stands in the journal."""
    item = queries.item_of_case(work, case_id)
    work.happened(CaseOpenedForReading(case_id=case_id))
    return item


@stops_with(Act.CASEWORK)
def open_meeting(work: Work, meeting_id: UUID, ask: OpenMeeting) -> Meeting:
    """The meeting begins."""
    work.need(Permission.DOCKET_PREPARE)
    meeting = _expected(work, meeting_id, ask.version)
    rules.check_state(meeting.state, rules.SCHEDULED)
    rules.check_day(meeting.held_on, work.today)
    _check_body(work, meeting.body)
    meeting.state = rules.IN_SESSION
    work.happened(MeetingOpened(meeting_id=meeting.id))
    return meeting


@stops_with(Act.CASEWORK)
def call_roll(work: Work, meeting_id: UUID, ask: CallRoll) -> Meeting:
    """Notes who is here; whoever was here and is not named has left."""
    work.need(Permission.DOCKET_PREPARE)
    meeting = queries.get_meeting(work, meeting_id, for_update=True)
    rules.check_state(meeting.state, rules.IN_SESSION)
    _check_body(work, meeting.body)
    members = {seat.account_id for seat in queries.members_of(work, meeting.body)}
    if not set(ask.present) <= members:
        raise Invalid({"present": "Only members of this body answer its roll."})
    known = {row.account_id: row for row in queries.roll_of(work, meeting.id)}
    for account_id, row in known.items():
        _note(work, row, is_here=account_id in ask.present)
    for account_id in sorted(set(ask.present) - set(known)):
        work.add(Attendance(meeting_id=meeting.id, account_id=account_id, arrived_at=work.now))
    work.happened(RollCalled(meeting_id=meeting.id, present=tuple(sorted(set(ask.present)))))
    return meeting


def _check_body(work: Work, code: str) -> None:
    """A body that was ended does not meet any more."""
    rules.check_exists(queries.body_of(work, code), work.today)


def _note(work: Work, row: Attendance, *, is_here: bool) -> None:
    if is_here and row.left_at is not None:
        row.arrived_at, row.left_at = work.now, None
    elif not is_here and row.left_at is None:
        row.left_at = work.now


@never_stopped("what was begun can be ended")
def end_meeting(work: Work, meeting_id: UUID, ask: EndMeeting) -> Meeting:
    """The meeting is over; nothing that was moved may be left hanging."""
    work.need(Permission.DOCKET_PREPARE)
    meeting = _expected(work, meeting_id, ask.version)
    rules.check_state(meeting.state, rules.IN_SESSION)
    if queries.open_motions_at(work, meeting.id):
        raise Refused("A motion is still open. Close it or withdraw it first.")
    if queries.goes_on_at(work, meeting.id):
        raise Refused(closed.STILL_CLOSED)
    meeting.state = rules.ENDED
    work.happened(MeetingEnded(meeting_id=meeting.id))
    return meeting


def _expected(work: Work, meeting_id: UUID, version: int) -> Meeting:
    meeting = queries.get_meeting(work, meeting_id, for_update=True)
    if meeting.version != version:
        raise Stale()
    return meeting


class Question(NamedTuple):
    """What is put to the body: of what kind, on what, which word, and how it is worded."""

    kind: str
    subject_id: UUID | None
    proposal: str
    wording: str


@stops_with(Act.VOTES)
def put_motion(work: Work, case_id: UUID, ask: PutMotion) -> Motion:
    """Puts the question whether the finding on one subject be this word."""
    item, meeting = _at_the_table(work, case_id)
    subject = next((one for one in queries.subjects_of(work, case_id) if one.id == ask.subject_id), None)
    if subject is None or ask.proposal not in dict(subject.words):
        raise Invalid({"proposal": "Choose one of the answers."})
    wording = f"That the finding on {subject.label} be: {subject.word(ask.proposal)}."
    mover = _mover(work, ask.moved_by, "moved_by")
    return _put(work, item, meeting, mover, Question(rules.FINDING, subject.id, ask.proposal, wording))


@stops_with(Act.VOTES)
def move_to_send_back(work: Work, case_id: UUID, ask: MoveToSendBack) -> Motion:
    """Puts the question whether the case go back for more work, before anything else is decided on it."""
    item, meeting = _at_the_table(work, case_id)
    case = queries.docketed_case(work, item)
    to = rules.send_back_to(work.policies.named(case.policy_id), case.stage)
    if to is None:
        raise Refused("The rulebook has no way back for this case from where it stands.")
    mover = _mover(work, ask.back_moved_by, "back_moved_by")
    wording = f"{rules.SEND_BACK_WORDS}{ask.more_work}"
    return _put(work, item, meeting, mover, Question(rules.SEND_BACK, None, to, wording))


@stops_with(Act.VOTES)
def move_to_close(work: Work, case_id: UUID, ask: MoveToClose) -> Motion:
    """Puts the question whether the case be heard without the public, on the ground that was planned."""
    item, meeting = _at_the_table(work, case_id)
    session = queries.standing_session(work, item.id)
    if session is None:
        raise Refused(closed.NONE_PLANNED)
    if session.began_at is not None:
        raise Refused(closed.IS_CLOSED)
    law = _check_closing(work, session, meeting)
    mover = _mover(work, ask.close_moved_by, "close_moved_by")
    question = Question(closed.CLOSE, session.id, session.ground, closed.wording(law))
    return _put(work, item, meeting, mover, question)


def _check_closing(work: Work, session: ClosedSession, meeting: Meeting) -> closed.Law:
    """Every officer was told in time or does without it, and nobody asks for an open session that the law gives."""
    law = queries.law_of_session(work, session, meeting)
    who = [one.spoken for one in queries.officers_of_session(work, session, law)]
    return closed.check_may_close(law, who, work.now)


def _put(work: Work, item: DocketItem, meeting: Meeting, mover: UUID, question: Question) -> Motion:
    _check_free(queries.motions_of_item(work, item.id), question)
    recused = queries.recusals_of(work, [item.case_id]).get(item.case_id, set())
    rules.check_mover(mover, queries.present_at(work, meeting.id), recused)
    motion = work.add(
        Motion(
            id=uuid4(),
            docket_item_id=item.id,
            case_id=item.case_id,
            kind=question.kind,
            subject_id=question.subject_id,
            proposal=question.proposal,
            wording=question.wording,
            moved_by_id=mover,
            moved_at=work.now,
        )
    )
    work.happened(
        MotionPut(
            case_id=item.case_id,
            motion_id=motion.id,
            docket_item_id=item.id,
            kind=motion.kind,
            subject_id=motion.subject_id,
            proposal=motion.proposal,
            moved_by_id=mover,
        )
    )
    return motion


def _mover(work: Work, named: UUID | None, field: str) -> UUID:
    """A member moves in their own name; the secretary names who did."""
    mover = work.actor.id if work.may(Permission.VOTE_CAST) else named
    if mover is None:
        raise Invalid({field: "Choose the member who moved it."})
    return mover


def _check_free(motions: list[Motion], question: Question) -> None:
    if any(motion.decided_at is None for motion in motions):
        raise Refused("One question at a time: a motion on this case is still open.")
    carried = {(motion.kind, motion.subject_id) for motion in motions if motion.outcome == voting.CARRIED}
    if (rules.SEND_BACK, None) in carried:
        raise Refused("The commission has sent this case back. It decides when the case comes before it again.")
    if (question.kind, question.subject_id) in carried:
        raise Refused("The commission has already decided this.")


@stops_with(Act.VOTES)
def cast_vote(work: Work, case_id: UUID, motion_id: UUID, ask: CastVote) -> Vote:
    """One member's word; it is given once."""
    work.need(Permission.VOTE_CAST)
    item, meeting = _at_the_table(work, case_id)
    motion = _open_motion(work, item, motion_id)
    if work.actor.id is None:
        raise Refused("Only a member may vote.")
    members = {seat.account_id for seat in queries.members_of(work, meeting.body) if seat.account_id is not None}
    rules.check_voter(work.actor.id, members, queries.present_at(work, meeting.id))
    if work.actor.id in queries.ballot_of(work, meeting, motion).votes:
        raise Refused("You have voted on this motion.")
    vote = work.add(
        Vote(motion_id=motion.id, account_id=work.actor.id, case_id=case_id, choice=ask.choice, cast_at=work.now)
    )
    work.happened(VoteCast(case_id=case_id, motion_id=motion.id, choice=ask.choice))
    return vote


@stops_with(Act.VOTES)
def close_motion(work: Work, case_id: UUID, motion_id: UUID, ask: CloseMotion) -> Motion:
    """Makes the sums of the rulebook in force at this meeting, and keeps them with the motion."""
    work.need(Permission.DOCKET_PREPARE)
    item, meeting = _at_the_table(work, case_id)
    motion = _open_motion(work, item, motion_id, ask.version)
    ballot = queries.ballot_of(work, meeting, motion)
    if not ballot.quorum.is_met:
        raise Refused(f"Nothing can be decided now. {' '.join(ballot.quorum.sentences)}")
    rule = queries.vote_rule_of(work, meeting, motion)
    if rule is None:
        raise Refused("The rulebook does not say how many must agree to such a motion.")
    if motion.kind == closed.CLOSE:
        _check_still_closing(work, item, meeting)
    vote = voting.majority(rule, ballot.room, ballot.tally)
    motion.decided_at = work.now
    motion.outcome = voting.CARRIED if vote.is_met else voting.FAILED
    motion.arithmetic = voting.arithmetic(ballot.quorum, vote, ballot.room, ballot.tally)
    work.happened(_outcome(motion, ballot, vote))
    if (motion.kind, motion.outcome) == (rules.SEND_BACK, voting.CARRIED):
        _send(work, item, motion.proposal, rules.work_wanted(motion.wording))
    if (motion.kind, motion.outcome) == (closed.CLOSE, voting.CARRIED):
        begin_closed_session(work, motion)
    return motion


def _check_still_closing(work: Work, item: DocketItem, meeting: Meeting) -> None:
    """Nothing that was said since the motion to close was put hinders it."""
    session = queries.standing_session(work, item.id)
    if session is None:
        raise Refused(closed.NONE_PLANNED)
    _check_closing(work, session, meeting)


def _outcome(motion: Motion, ballot: Ballot, vote: voting.Reckoning) -> MotionCarried | MotionFailed:
    kind = MotionCarried if vote.is_met else MotionFailed
    return kind(
        case_id=motion.case_id,
        motion_id=motion.id,
        kind=motion.kind,
        subject_id=motion.subject_id,
        proposal=motion.proposal,
        yes=ballot.tally.yes,
        no=ballot.tally.no,
        abstain=ballot.tally.abstain,
        needed=vote.needed,
    )


@never_stopped("what cannot be decided can be taken back")
def withdraw_motion(work: Work, case_id: UUID, motion_id: UUID, ask: WithdrawMotion) -> Motion:
    """Takes a motion back before it is decided; votes that were cast stay on file."""
    work.need(Permission.DOCKET_PREPARE)
    item, _ = _at_the_table(work, case_id)
    motion = _open_motion(work, item, motion_id, ask.version)
    motion.decided_at, motion.outcome = work.now, voting.WITHDRAWN
    work.happened(MotionWithdrawn(case_id=case_id, motion_id=motion.id))
    return motion


def _at_the_table(work: Work, case_id: UUID) -> tuple[DocketItem, Meeting]:
    """The case as it stands before the body in session, held: at a table one speaks after the other."""
    item = queries.item_of_case(work, case_id)
    meeting = queries.get_meeting(work, item.meeting_id, for_update=True)
    rules.check_state(meeting.state, rules.IN_SESSION)
    return item, meeting


def _open_motion(work: Work, item: DocketItem, motion_id: UUID, version: int | None = None) -> Motion:
    motion = queries.get_motion(work, item, motion_id)
    if version is not None and motion.version != version:
        raise Stale()
    if motion.decided_at is not None:
        raise Refused("This motion is decided.")
    return motion


@asks_itself(Act.MOVES)
def send_on(work: Work, case_id: UUID, ask: SendOn) -> DocketItem:
    """Says where the case goes after the vote; the machinery moves it, as this door cannot write to cases."""
    work.need(Permission.DOCKET_PREPARE)
    item = queries.item_of_case(work, case_id)
    case = queries.docketed_case(work, item)
    move = roads.check_move(
        work.policies.named(case.policy_id), case.stage, ask.to, (str(role) for role in work.actor.roles), ask.reason
    )
    roads.check_powers(work.book, move, work.today)
    roads.check_guards(move, lambda guard: work.fact(guard, case.id))
    roads.check_ready(cases.lacks(work, case, move))
    _send(work, item, ask.to, ask.reason)
    return item


def _send(work: Work, item: DocketItem, to: str, reason: str) -> None:
    item.sent_to, item.sent_reason, item.sent_by_id = to, reason, work.actor.id
    work.happened(CaseSentOn(case_id=item.case_id, docket_item_id=item.id, to_stage=to))
