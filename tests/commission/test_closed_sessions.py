"""Closed sessions at the table: planned, told, voted, ended; refused with the rule's words, and open when asked."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.access.actor import Actor
from app.commission import actions, queries
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    DeclareRecusal,
    EndMeeting,
    MoveToClose,
    PlanClosedSession,
    RecordWord,
    WithdrawMotion,
)
from app.commission.records import ClosedSession, Meeting, Motion, SessionWord
from app.commission.rules.meetings import ENDED
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from tests.commission.conftest import GROUND, Table, grounded, without_grounds
from tests.conftest import WorkAs
from tests.make import Make

PLANNED = "commission:closed_session:planned"
BEGAN = "commission:closed_session:began"
OVER = "commission:closed_session:ended"


@pytest.fixture
def room(table: Table, make: Make) -> Table:
    """The law gives a ground with a notice of 48 hours, and the meeting is in session."""
    grounded(make)
    table.begin()
    return table


def plan(table: Table, work_as: WorkAs) -> ClosedSession:
    with work_as("secretary") as work:
        return actions.plan_closed_session(work, table.case.id, PlanClosedSession(ground=GROUND))


def record(table: Table, work_as: WorkAs, kind: str = "told", **said: Any) -> SessionWord:
    """Three days before at noon, unless the test says otherwise."""
    said = {"officer_id": table.allegation.officer_id, "told_on": table.make.today - timedelta(days=3)} | said
    ask = RecordWord.model_validate({"kind": kind, "told_at": "12:00", "proof": "Registered letter"} | said)
    with work_as("secretary") as work:
        return actions.record_word(work, table.case.id, ask)


def move(table: Table, work_as: WorkAs) -> Motion:
    with work_as(table.members[0]) as work:
        return actions.move_to_close(work, table.case.id, MoveToClose())


def decide(table: Table, work_as: WorkAs, motion: Motion, *choices: str) -> Motion:
    """The members vote in their order, and the secretary ends the roll call."""
    for member, choice in zip(table.members, choices, strict=False):
        with work_as(member) as work:
            actions.cast_vote(work, table.case.id, motion.id, CastVote.model_validate({"choice": choice}))
    with work_as("secretary") as work:
        return actions.close_motion(work, table.case.id, motion.id, CloseMotion(version=motion.version))


def closed_now(table: Table, work_as: WorkAs) -> ClosedSession:
    """Planned, told and carried by three of five."""
    session = plan(table, work_as)
    record(table, work_as)
    decide(table, work_as, move(table, work_as), "yes", "yes", "yes", "no", "no")
    return session


def test_a_session_is_closed_by_roll_call_and_opened_again(room: Table, make: Make, work_as: WorkAs) -> None:
    closed_now(room, work_as)
    (motion,) = make.all(Motion)
    (kept,) = make.all(ClosedSession)
    assert (kept.ground, kept.motion_id, kept.began_at, kept.ended_at) == (GROUND, motion.id, make.now, None)
    assert motion.wording.startswith("That this case be heard in closed session. Ground: A case that names an officer")
    assert motion.arithmetic is not None
    assert motion.arithmetic["vote"]["said"][-1] == "3 said yes, 3 were needed. The motion carries."
    with work_as("secretary") as work:
        actions.end_closed_session(work, room.case.id)
    (kept,) = make.all(ClosedSession)
    assert kept.ended_at == make.now
    tags = make.tags()
    assert tags[0] == PLANNED
    assert tags[-3:] == ["commission:motion:carried", BEGAN, OVER]


def test_a_motion_that_fails_leaves_the_case_open(room: Table, make: Make, work_as: WorkAs) -> None:
    plan(room, work_as)
    record(room, work_as)
    decide(room, work_as, move(room, work_as), "yes", "yes", "no", "no", "no")
    (kept,) = make.all(ClosedSession)
    assert kept.began_at is None
    assert BEGAN not in make.tags()
    with pytest.raises(Refused, match="has not begun"), work_as("secretary") as work:
        actions.end_closed_session(work, room.case.id)


def test_nobody_moves_to_close_before_the_officer_was_told(room: Table, make: Make, work_as: WorkAs) -> None:
    plan(room, work_as)
    with pytest.raises(Refused, match=r"Nothing says that .* was told.*if told now"):
        move(room, work_as)
    assert make.all(Motion) == []


@pytest.mark.parametrize(("hour", "is_in_time"), [("18:00", True), ("18:01", False)])
def test_the_notice_is_counted_to_the_minute(
    room: Table, make: Make, work_as: WorkAs, hour: str, is_in_time: bool
) -> None:
    plan(room, work_as)
    record(room, work_as, told_on=make.today - timedelta(days=2), told_at=hour)
    if is_in_time:
        assert move(room, work_as).kind == "closed_session"
        return
    with pytest.raises(Refused, match=r"The earliest hour for a closed session is Monday, March 16, 2026, 6:01 PM"):
        move(room, work_as)
    assert make.all(Motion) == []


def test_the_officer_does_without_the_notice(room: Table, work_as: WorkAs) -> None:
    plan(room, work_as)
    record(room, work_as, told_on=room.make.today, told_at="08:00")
    record(room, work_as, "waived", told_on=room.make.today, told_at="09:00")
    assert move(room, work_as).decided_at is None


def test_every_officer_of_the_case_is_told(room: Table, make: Make, work_as: WorkAs) -> None:
    second = make.allegation(room.case, make.officer())
    plan(room, work_as)
    record(room, work_as)
    with pytest.raises(Refused, match="must be told"):
        move(room, work_as)
    record(room, work_as, officer_id=second.officer_id)
    assert move(room, work_as).decided_at is None


def test_an_officer_who_asks_has_the_session_open(room: Table, make: Make, work_as: WorkAs) -> None:
    plan(room, work_as)
    record(room, work_as)
    record(room, work_as, "asks_open")
    with pytest.raises(Refused, match="asks for an open session, and the law gives it"):
        move(room, work_as)
    with work_as("secretary") as work:
        (closing,) = queries.closings_of(work, [room.item])[room.item.id]
    assert closing.state == "open"


def test_who_asks_during_the_roll_call_stops_it(room: Table, make: Make, work_as: WorkAs) -> None:
    plan(room, work_as)
    record(room, work_as)
    motion = move(room, work_as)
    record(room, work_as, "asks_open", told_on=make.today, told_at="09:00")
    with pytest.raises(Refused, match="This item is open"):
        decide(room, work_as, motion, "yes", "yes", "yes", "yes", "yes")
    assert [kept.outcome for kept in make.all(Motion)] == [None]
    with work_as("secretary") as work:
        actions.withdraw_motion(work, room.case.id, motion.id, WithdrawMotion(version=motion.version))
    assert BEGAN not in make.tags()


def test_who_asks_while_it_is_closed_opens_it_at_once(room: Table, make: Make, work_as: WorkAs) -> None:
    closed_now(room, work_as)
    record(room, work_as, "asks_open", told_on=make.today, told_at="09:30")
    (kept,) = make.all(ClosedSession)
    assert kept.ended_at == make.now
    assert make.tags()[-2:] == ["commission:closed_session:word_recorded", OVER]


@pytest.mark.parametrize("asks", [{"open_on_request": False}, {"officer_may_waive": False}])
def test_nothing_is_recorded_that_the_law_does_not_give(
    table: Table, make: Make, work_as: WorkAs, asks: dict[str, bool]
) -> None:
    grounded(make, **asks)
    plan(table, work_as)
    kind = "asks_open" if "open_on_request" in asks else "waived"
    with pytest.raises(Refused, match="the rulebook"):
        record(table, work_as, kind)
    assert make.all(SessionWord) == []


def test_a_word_is_struck_and_may_be_given_again(table: Table, make: Make, work_as: WorkAs) -> None:
    grounded(make)
    plan(table, work_as)
    word = record(table, work_as)
    with pytest.raises(Refused, match="on file already"):
        record(table, work_as)
    with work_as("secretary") as work:
        actions.strike_word(work, table.case.id, word.id)
    with pytest.raises(Refused, match="struck already"), work_as("secretary") as work:
        actions.strike_word(work, table.case.id, word.id)
    record(table, work_as)
    struck, standing = sorted(make.all(SessionWord), key=lambda one: one.struck_at is None)
    assert (struck.id, struck.struck_at, standing.struck_at) == (word.id, make.now, None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"told_on": date(2031, 1, 1)}, "told_on"),
        ({"told_on": date(2026, 3, 16), "told_at": "10:01"}, "told_on"),
        ({"officer_id": uuid4()}, "officer_id"),
    ],
)
def test_what_cannot_be_is_not_recorded(
    table: Table, make: Make, work_as: WorkAs, said: dict[str, Any], field: str
) -> None:
    grounded(make)
    plan(table, work_as)
    with pytest.raises(Invalid) as refusal:
        record(table, work_as, **said)
    assert set(refusal.value.fields) == {field}
    assert make.all(SessionWord) == []


def test_a_session_is_planned_once_and_given_up(table: Table, make: Make, work_as: WorkAs) -> None:
    grounded(make)
    plan(table, work_as)
    with pytest.raises(Refused, match="already"):
        plan(table, work_as)
    with work_as("secretary") as work:
        actions.drop_closed_session(work, table.case.id)
    with pytest.raises(Refused, match="No closed session"):
        record(table, work_as)
    plan(table, work_as)
    assert len([kept for kept in make.all(ClosedSession) if kept.dropped_at is None]) == 1
    packet = "commission:packet:requested"
    assert make.tags() == [PLANNED, packet, "commission:closed_session:dropped", packet, PLANNED, packet]


def test_a_law_without_grounds_offers_nothing(table: Table, make: Make, work_as: WorkAs) -> None:
    without_grounds(make)
    with pytest.raises(Refused, match="everything is open"):
        plan(table, work_as)
    assert make.all(ClosedSession) == []


def test_a_ground_that_the_law_in_force_no_longer_names_closes_nothing(
    room: Table, make: Make, work_as: WorkAs
) -> None:
    plan(room, work_as)
    record(room, work_as)
    without_grounds(make)
    with pytest.raises(Refused, match="names no such ground"):
        move(room, work_as)


def test_a_running_session_holds_the_meeting_and_its_plan_fast(room: Table, make: Make, work_as: WorkAs) -> None:
    closed_now(room, work_as)
    word = make.all(SessionWord)[0]
    with pytest.raises(Refused, match="has begun"), work_as("secretary") as work:
        actions.drop_closed_session(work, room.case.id)
    with pytest.raises(Refused, match="closed on what was on file"), work_as("secretary") as work:
        actions.strike_word(work, room.case.id, word.id)
    with pytest.raises(Refused, match="is closed"):
        move(room, work_as)
    with pytest.raises(Refused, match="closed on what was on file"):
        record(room, work_as, "waived")
    (meeting,) = make.all(Meeting)
    with pytest.raises(Refused, match="still goes on"), work_as("secretary") as work:
        actions.end_meeting(work, meeting.id, EndMeeting(version=meeting.version))
    with work_as("secretary") as work:
        actions.end_closed_session(work, room.case.id)
    with work_as("secretary") as work:
        actions.end_meeting(work, meeting.id, EndMeeting(version=meeting.version))
    with pytest.raises(Refused, match="over"):
        plan(room, work_as)
    assert [kept.state for kept in make.all(Meeting)] == [ENDED]


def test_a_motion_in_a_planned_session_keeps_it_from_being_given_up(room: Table, work_as: WorkAs) -> None:
    plan(room, work_as)
    record(room, work_as)
    move(room, work_as)
    with pytest.raises(Refused, match="still open"), work_as("secretary") as work:
        actions.drop_closed_session(work, room.case.id)


def test_a_case_may_be_closed_a_second_time_at_one_meeting(room: Table, make: Make, work_as: WorkAs) -> None:
    closed_now(room, work_as)
    with work_as("secretary") as work:
        actions.end_closed_session(work, room.case.id)
    closed_now(room, work_as)
    assert len(make.all(ClosedSession)) == 2
    assert make.tags().count(BEGAN) == 2


def test_without_a_quorum_nothing_is_closed(room: Table, make: Make, work_as: WorkAs) -> None:
    plan(room, work_as)
    record(room, work_as)
    motion = move(room, work_as)
    with work_as("secretary") as work:
        actions.call_roll(work, room.meeting.id, CallRoll(present=(room.members[0].id,)))
    with pytest.raises(Refused, match="Nothing can be decided now"), work_as("secretary") as work:
        actions.close_motion(work, room.case.id, motion.id, CloseMotion(version=motion.version))
    assert [kept.began_at for kept in make.all(ClosedSession)] == [None]


# --- who may ---


@pytest.mark.parametrize("role", ["commissioner", "investigator", "liaison", "analyst"])
def test_only_who_keeps_the_docket_plans_and_records(table: Table, make: Make, work_as: WorkAs, role: str) -> None:
    grounded(make)
    with pytest.raises(NotAllowed), work_as(role) as work:
        actions.plan_closed_session(work, table.case.id, PlanClosedSession(ground=GROUND))
    assert make.all(ClosedSession) == []


def recused(table: Table, work_as: WorkAs) -> Actor:
    member = table.members[4]
    with work_as(member) as work:
        actions.declare_recusal(work, table.case.id, DeclareRecusal(ground="family", sure="yes"))
    return member


def test_a_recused_member_sees_nothing_of_it(room: Table, make: Make, work_as: WorkAs) -> None:
    plan(room, work_as)
    record(room, work_as)
    member = recused(room, work_as)
    with work_as(member) as work:
        assert queries.closings_of(work, [room.item]) == {}
        for table in ("closed_sessions", "session_words"):
            assert work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    with pytest.raises(NotFound), work_as(member) as work:
        actions.move_to_close(work, room.case.id, MoveToClose())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE closed_sessions SET ground = 'safety'",
        "UPDATE closed_sessions SET planned_by_id = planned_by_id",
        "UPDATE session_words SET happened_at = happened_at - interval '9 days'",
        "UPDATE session_words SET proof = 'other'",
        "DELETE FROM session_words",
        "DELETE FROM closed_sessions",
    ],
)
def test_the_commissions_door_changes_nothing_that_was_written(room: Table, work_as: WorkAs, change: str) -> None:
    plan(room, work_as)
    record(room, work_as)
    with pytest.raises(ProgrammingError, match="permission denied"), work_as("secretary") as work:
        work.session.execute(text(change))


def test_the_database_reopens_no_session_that_is_over(room: Table, make: Make, work_as: WorkAs) -> None:
    closed_now(room, work_as)
    with work_as("secretary") as work:
        actions.end_closed_session(work, room.case.id)
    with work_as("secretary") as work:
        changed = work.session.execute(text("UPDATE closed_sessions SET ended_at = NULL")).rowcount
    assert changed == 0


@pytest.mark.parametrize("door", ["director", "investigator"])
def test_the_office_reads_and_writes_none_of_it(room: Table, work_as: WorkAs, door: str) -> None:
    plan(room, work_as)
    with pytest.raises(ProgrammingError, match="permission denied"), work_as(door) as work:
        work.session.execute(text("UPDATE closed_sessions SET ended_at = now()"))


def test_the_database_keeps_one_standing_session_of_an_item(room: Table, make: Make, work_as: WorkAs) -> None:
    first = plan(room, work_as)
    with pytest.raises(IntegrityError):
        make.row(
            ClosedSession(
                id=uuid4(),
                docket_item_id=first.docket_item_id,
                case_id=first.case_id,
                ground=GROUND,
                policy_id=first.policy_id,
                planned_by_id=first.planned_by_id,
                planned_at=make.now,
            )
        )
