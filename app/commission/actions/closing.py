"""Closed sessions: planned on a ground, told to the officers, decided by roll call, ended; or left open."""

from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.commission import queries
from app.commission.commands import PlanClosedSession, RecordWord
from app.commission.events import (
    ClosedSessionDropped,
    ClosedSessionEnded,
    ClosedSessionPlanned,
    PacketRequested,
    SessionClosed,
    SessionWordRecorded,
    SessionWordStruck,
)
from app.commission.records import ClosedSession, DocketItem, Meeting, Motion, SessionWord
from app.commission.rules import closed
from app.commission.rules import meetings as rules
from app.commission.rules.closed import Word
from app.kernel.errors import Invalid, Refused
from app.policy.model.powers import Act

FUTURE = "Choose an hour that has passed."


@stops_with(Act.CASEWORK)
def plan_closed_session(work: Work, case_id: UUID, ask: PlanClosedSession) -> ClosedSession:
    """That a case be heard without the public; the officers spoken of are told next, and the body decides."""
    item, meeting = _before_the_end(work, case_id)
    ground = closed.check_ground(work.book, ask.ground)
    if queries.standing_session(work, item.id) is not None:
        raise Refused(closed.ALREADY_PLANNED)
    session = work.add(
        ClosedSession(
            id=uuid4(),
            docket_item_id=item.id,
            case_id=case_id,
            ground=ground.code,
            policy_id=work.book.policy_id,
            planned_by_id=work.actor.id,
            planned_at=work.now,
        )
    )
    work.happened(
        ClosedSessionPlanned(case_id=case_id, session_id=session.id, docket_item_id=item.id, ground=session.ground)
    )
    _renew_packet(work, item, meeting)
    return session


@never_stopped("a meeting may always be open")
def drop_closed_session(work: Work, case_id: UUID) -> ClosedSession:
    """The case is heard in the open after all."""
    item, meeting, session = _planned(work, case_id)
    if any(
        each.decided_at is None and each.subject_id == session.id for each in queries.motions_of_item(work, item.id)
    ):
        raise Refused("The motion to close is still open. Close its roll call or withdraw it first.")
    session.dropped_at = work.now
    work.happened(ClosedSessionDropped(case_id=case_id, session_id=session.id))
    _renew_packet(work, item, meeting)
    return session


@stops_with(Act.CASEWORK)
def record_word(work: Work, case_id: UUID, ask: RecordWord) -> SessionWord:
    """Keeps when an officer was told, or what they said; where the law opens the session for it, it is open at once."""
    _, meeting = _before_the_end(work, case_id)
    session = _standing(work, case_id)
    law = queries.law_of_session(work, session, meeting)
    if law is None:
        raise Refused(closed.NO_GROUND)
    happened_at = closed.moment_of(ask.told_on, ask.told_at, law.zone)
    if happened_at > work.now:
        raise Invalid({"told_on": FUTURE})
    closed.check_word(law, ask.kind, is_closed=session.began_at is not None)
    _check_new(work, session, law, ask)
    word = work.add(
        SessionWord(
            id=uuid4(),
            session_id=session.id,
            case_id=case_id,
            officer_id=ask.officer_id,
            kind=ask.kind,
            happened_at=happened_at,
            proof=ask.proof,
            recorded_by_id=work.actor.id,
            recorded_at=work.now,
        )
    )
    work.happened(
        SessionWordRecorded(
            case_id=case_id,
            word_id=word.id,
            session_id=session.id,
            officer_id=word.officer_id,
            kind=ask.kind,
            happened_at=happened_at,
        )
    )
    if ask.kind is Word.ASKS_OPEN and session.began_at is not None:
        _end(work, session)
    return word


def _check_new(work: Work, session: ClosedSession, law: closed.Law, ask: RecordWord) -> None:
    officer = next((one for one in queries.officers_of_session(work, session, law) if one.id == ask.officer_id), None)
    if officer is None:
        raise Invalid({"officer_id": "Choose one of the list."})
    if any(word.kind == ask.kind and word.struck_at is None for word in officer.words):
        raise Refused(closed.ON_FILE)


@never_stopped("what was written by mistake can be put right")
def strike_word(work: Work, case_id: UUID, word_id: UUID) -> SessionWord:
    """What was recorded by mistake counts no longer; it stays on file with who struck it."""
    _before_the_end(work, case_id)
    session = _standing(work, case_id)
    if session.began_at is not None:
        raise Refused(closed.CLOSED_ON_IT)
    word = queries.get_word(work, session.id, word_id)
    if word.struck_at is not None:
        raise Refused("This is struck already.")
    word.struck_at, word.struck_by_id = work.now, work.actor.id
    work.happened(SessionWordStruck(case_id=case_id, word_id=word.id, session_id=session.id))
    return word


@never_stopped("the room follows what was voted")
def begin_closed_session(work: Work, motion: Motion) -> ClosedSession:
    """The motion carried: from now on the session is closed."""
    session = _standing(work, motion.case_id)
    session.began_at, session.motion_id, session.policy_id = work.now, motion.id, work.book.policy_id
    work.happened(
        SessionClosed(case_id=motion.case_id, session_id=session.id, motion_id=motion.id, ground=session.ground)
    )
    return session


@never_stopped("what was begun can be ended")
def end_closed_session(work: Work, case_id: UUID) -> ClosedSession:
    """The meeting is open again."""
    _before_the_end(work, case_id)
    session = _standing(work, case_id)
    if session.began_at is None:
        raise Refused(closed.NOT_BEGUN)
    return _end(work, session)


def _end(work: Work, session: ClosedSession) -> ClosedSession:
    session.ended_at = work.now
    work.happened(ClosedSessionEnded(case_id=session.case_id, session_id=session.id))
    return session


def _before_the_end(work: Work, case_id: UUID) -> tuple[DocketItem, Meeting]:
    """The docketed case and its meeting, held, for whoever keeps the docket; a meeting that is over stays as it was."""
    work.need(Permission.DOCKET_PREPARE)
    item = queries.item_of_case(work, case_id)
    # Looked at before it is held: the database lets nobody take up a meeting that is over.
    if queries.get_meeting(work, item.meeting_id).state == rules.ENDED:
        raise Refused("The meeting is over; what was noted of it stays.")
    return item, queries.get_meeting(work, item.meeting_id, for_update=True)


def _standing(work: Work, case_id: UUID) -> ClosedSession:
    session = queries.standing_session(work, queries.item_of_case(work, case_id).id, for_update=True)
    if session is None:
        raise Refused(closed.NONE_PLANNED)
    return session


def _planned(work: Work, case_id: UUID) -> tuple[DocketItem, Meeting, ClosedSession]:
    item, meeting = _before_the_end(work, case_id)
    session = _standing(work, case_id)
    if session.began_at is not None:
        raise Refused("The closed session has begun. Note when it ends.")
    return item, meeting, session


def _renew_packet(work: Work, item: DocketItem, meeting: Meeting) -> None:
    """Before the meeting the members' paper says it; at the meeting they have it before them and it stays."""
    if meeting.state == rules.SCHEDULED:
        work.happened(PacketRequested(case_id=item.case_id, docket_item_id=item.id))
