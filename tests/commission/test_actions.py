"""Meetings, motions and votes: what is kept, what is told, and what is refused without a trace."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.records import Wall
from app.cases.records import Case, Note
from app.clocks.records import Clock
from app.commission import actions, jobs, queries
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    DeclareRecusal,
    EndMeeting,
    OpenMeeting,
    PutMotion,
    PutOnDocket,
    ScheduleMeeting,
    SeatMember,
    SendOn,
    WithdrawMotion,
)
from app.commission.records import Attendance, DocketItem, Meeting, Motion, Recusal, Seat, Vote
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from tests.commission.conftest import Table, word
from tests.conftest import WorkAs
from tests.make import Make


def motion_of(table: Table, work_as: WorkAs, canonical: str = "sustained") -> Motion:
    """Moved by the first member."""
    with work_as(table.members[0]) as work:
        return actions.put_motion(
            work, table.case.id, PutMotion(subject_id=table.allegation.id, proposal=word(table.make, canonical))
        )


def vote(table: Table, work_as: WorkAs, motion: Motion, *choices: str) -> None:
    """The members vote in their order."""
    for member, choice in zip(table.members, choices, strict=False):
        if choice:
            with work_as(member) as work:
                actions.cast_vote(work, table.case.id, motion.id, CastVote(choice=choice))


def close(table: Table, work_as: WorkAs, motion: Motion) -> Motion:
    """The secretary ends the roll call."""
    with work_as("secretary") as work:
        return actions.close_motion(work, table.case.id, motion.id, CloseMotion(version=motion.version))


def recuse(table: Table, work_as: WorkAs, member: Actor) -> None:
    """Steps back for the sake of the family."""
    with work_as(member) as work:
        actions.declare_recusal(work, table.case.id, DeclareRecusal(ground="family", sure="yes"))


# --- before the meeting ---


def test_a_meeting_is_planned_for_a_body_of_the_rulebook(make: Make, work_as: WorkAs) -> None:
    with work_as("director") as work:
        ask = ScheduleMeeting(body="commission", held_on=make.today, starts_at="18:30", place="City Hall")
        kept = actions.schedule_meeting(work, ask)
    assert [meeting.id for meeting in make.all(Meeting)] == [kept.id]
    assert make.tags() == ["commission:meeting:scheduled"]


@pytest.mark.parametrize(("body", "days"), [("office", 1), ("nobody", 1), ("commission", -1)])
def test_a_meeting_of_no_body_or_in_the_past_is_not_planned(make: Make, work_as: WorkAs, body: str, days: int) -> None:
    ask = ScheduleMeeting(body=body, held_on=make.today + timedelta(days=days), starts_at="18:00", place="Hall")
    with pytest.raises(Invalid), work_as("director") as work:
        actions.schedule_meeting(work, ask)
    assert make.all(Meeting) == []
    assert make.tags() == []


def test_a_seat_is_filled_emptied_and_its_history_kept(make: Make, work_as: WorkAs) -> None:
    member = make.actor("commissioner")
    for account_id in (member.id, None):
        with work_as("director") as work:
            actions.seat_member(work, SeatMember(of_body="commission", position=3, account_id=account_id))
    first, second = sorted(make.all(Seat), key=lambda seat: seat.until_on or date.max)
    assert (first.account_id, first.until_on) == (member.id, make.today)
    assert (second.account_id, second.until_on) == (None, None)


def test_nobody_holds_two_seats_and_only_commissioners_hold_one(make: Make, work_as: WorkAs) -> None:
    member = make.actor("commissioner")
    with work_as("director") as work:
        actions.seat_member(work, SeatMember(of_body="commission", position=1, account_id=member.id))
    with pytest.raises(Refused, match="already"), work_as("director") as work:
        actions.seat_member(work, SeatMember(of_body="commission", position=2, account_id=member.id))
    with pytest.raises(Invalid), work_as("director") as work:
        actions.seat_member(
            work, SeatMember(of_body="commission", position=2, account_id=make.actor("investigator").id)
        )
    assert len(make.all(Seat)) == 1


def test_a_case_that_waits_for_the_commission_comes_on_the_docket(table: Table, make: Make, work_as: WorkAs) -> None:
    waiting = make.case(stage=table.case.stage)
    with work_as("director") as work:
        assert [case.id for case in queries.candidates(work, table.meeting)] == [waiting.id]
    with work_as("director") as work:
        actions.put_on_docket(work, table.meeting.id, PutOnDocket(case_id=waiting.id))
    assert {item.case_id for item in make.all(DocketItem)} == {table.case.id, waiting.id}
    assert make.tags()[0] == "commission:case:docketed"


def test_a_case_elsewhere_on_its_road_does_not_come_on_a_docket(table: Table, make: Make, work_as: WorkAs) -> None:
    early = make.case(stage="investigating")
    with pytest.raises(Refused, match="waits"), work_as("director") as work:
        actions.put_on_docket(work, table.meeting.id, PutOnDocket(case_id=early.id))
    with pytest.raises(Refused, match="already"), work_as("director") as work:
        actions.put_on_docket(work, table.meeting.id, PutOnDocket(case_id=table.case.id))
    assert len(make.all(DocketItem)) == 1
    assert make.tags() == []


def test_a_case_taken_off_is_gone_for_the_members_and_may_come_back(table: Table, make: Make, work_as: WorkAs) -> None:
    with work_as("director") as work:
        actions.take_off_docket(work, table.item.id)
    with pytest.raises(NotFound), work_as(table.members[0]) as work:
        actions.read_docketed_case(work, table.case.id)
    with work_as("director") as work:
        actions.put_on_docket(work, table.meeting.id, PutOnDocket(case_id=table.case.id))
    with work_as(table.members[0]) as work:
        actions.read_docketed_case(work, table.case.id)
    assert len(make.all(DocketItem)) == 1


# --- the roll ---


def test_the_meeting_opens_calls_its_roll_and_ends(table: Table, make: Make, work_as: WorkAs) -> None:
    ids = tuple(member.id for member in table.members[:3] if member.id)
    with work_as("secretary") as work:
        actions.open_meeting(work, table.meeting.id, OpenMeeting(version=1))
    with work_as("secretary") as work:
        actions.call_roll(work, table.meeting.id, CallRoll(present=ids))
    with work_as("secretary") as work:
        actions.call_roll(work, table.meeting.id, CallRoll(present=ids[:2]))
    left = {row.account_id for row in make.all(Attendance) if row.left_at is not None}
    assert left == {ids[2]}
    with work_as("secretary") as work:
        actions.end_meeting(work, table.meeting.id, EndMeeting(version=2))
    assert make.tags() == [
        "commission:meeting:opened",
        "commission:roll:called",
        "commission:roll:called",
        "commission:meeting:ended",
    ]


def test_a_meeting_does_not_begin_before_its_day(table: Table, make: Make, work_as: WorkAs) -> None:
    the_day_before = make.now - timedelta(days=1)
    with pytest.raises(Refused, match="later day"), work_as("secretary", now=the_day_before) as work:
        actions.open_meeting(work, table.meeting.id, OpenMeeting(version=1))
    assert make.tags() == []


def test_only_members_answer_the_roll(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    with pytest.raises(Invalid), work_as("secretary") as work:
        actions.call_roll(work, table.meeting.id, CallRoll(present=(uuid4(),)))
    assert make.tags() == []


def test_a_member_neither_opens_a_meeting_nor_calls_the_roll(table: Table, work_as: WorkAs) -> None:
    with pytest.raises(NotAllowed), work_as(table.members[0]) as work:
        actions.open_meeting(work, table.meeting.id, OpenMeeting(version=1))
    with pytest.raises(NotAllowed), work_as(table.members[0]) as work:
        actions.call_roll(work, table.meeting.id, CallRoll(present=()))


def test_an_old_page_opens_no_meeting(table: Table, work_as: WorkAs) -> None:
    with pytest.raises(Stale), work_as("secretary") as work:
        actions.open_meeting(work, table.meeting.id, OpenMeeting(version=7))


# --- motions and votes ---


def test_a_motion_carries_and_its_sums_are_kept(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "yes", "no", "abstain")
    close(table, work_as, motion)
    (kept,) = make.all(Motion)
    assert kept.outcome == "carried"
    assert {key: kept.arithmetic[key] for key in ("serving", "recused", "present", "yes", "no", "abstain")} == {
        "serving": 5,
        "recused": 0,
        "present": 5,
        "yes": 3,
        "no": 1,
        "abstain": 1,
    }
    assert kept.arithmetic["vote"]["needed"] == 3
    assert kept.arithmetic["vote"]["said"][-1] == "3 said yes, 3 were needed. The motion carries."
    assert make.tags()[-1] == "commission:motion:carried"


def test_a_motion_fails_and_another_may_be_put(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "no", "no", "no")
    close(table, work_as, motion)
    assert make.tags()[-1] == "commission:motion:failed"
    motion_of(table, work_as, "insufficient")
    assert len(make.all(Motion)) == 2


def test_what_was_carried_is_not_moved_again(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    with pytest.raises(Refused, match="One question at a time"):
        motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "yes")
    close(table, work_as, motion)
    with pytest.raises(Refused, match="already decided"):
        motion_of(table, work_as, "insufficient")
    assert len(make.all(Motion)) == 1


def test_a_motion_is_on_something_of_the_case_in_a_word_of_the_rulebook(table: Table, work_as: WorkAs) -> None:
    table.begin()
    asks = [
        PutMotion(subject_id=uuid4(), proposal=word(table.make)),
        PutMotion(subject_id=table.allegation.id, proposal="guilty"),
    ]
    for ask in asks:
        with pytest.raises(Invalid), work_as(table.members[0]) as work:
            actions.put_motion(work, table.case.id, ask)
    assert table.make.all(Motion) == []


def test_the_secretary_names_the_member_who_moved_it(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    with pytest.raises(Invalid), work_as("secretary") as work:
        actions.put_motion(work, table.case.id, PutMotion(subject_id=table.allegation.id, proposal=word(make)))
    with work_as("secretary") as work:
        ask = PutMotion(subject_id=table.allegation.id, proposal=word(make), moved_by=table.members[2].id)
        assert actions.put_motion(work, table.case.id, ask).moved_by_id == table.members[2].id


def test_nobody_votes_twice(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes")
    with pytest.raises(Refused, match="have voted"):
        vote(table, work_as, motion, "no")
    assert [kept.choice for kept in make.all(Vote)] == ["yes"]


def test_nobody_votes_who_is_absent_or_has_no_seat(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    with work_as("secretary") as work:
        actions.call_roll(work, table.meeting.id, CallRoll(present=tuple(m.id for m in table.members[1:] if m.id)))
    with pytest.raises(Refused, match="roll"):
        vote(table, work_as, motion, "yes")
    stranger = make.sign_in(make.account("commissioner"), "commissioner")[0]
    with pytest.raises(NotFound), work_as(stranger) as work:
        actions.cast_vote(work, table.case.id, motion.id, CastVote(choice="yes"))
    with pytest.raises(NotAllowed), work_as("secretary") as work:
        actions.cast_vote(work, table.case.id, motion.id, CastVote(choice="yes"))
    assert make.all(Vote) == []


def test_nobody_votes_on_what_is_decided(table: Table, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "yes")
    close(table, work_as, motion)
    with pytest.raises(Refused, match="decided"), work_as(table.members[4]) as work:
        actions.cast_vote(work, table.case.id, motion.id, CastVote(choice="no"))


def test_without_a_quorum_nothing_is_decided(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes")
    with work_as("secretary") as work:
        actions.call_roll(work, table.meeting.id, CallRoll(present=tuple(m.id for m in table.members[:2] if m.id)))
    with pytest.raises(Refused, match="no quorum: 1 more needed"):
        close(table, work_as, motion)
    assert [kept.outcome for kept in make.all(Motion)] == [None]


def test_a_meeting_does_not_end_over_an_open_motion_but_after_its_withdrawal(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    with pytest.raises(Refused, match="still open"), work_as("secretary") as work:
        actions.end_meeting(work, table.meeting.id, EndMeeting(version=2))
    with work_as("secretary") as work:
        actions.withdraw_motion(work, table.case.id, motion.id, WithdrawMotion(version=1))
    with work_as("secretary") as work:
        actions.end_meeting(work, table.meeting.id, EndMeeting(version=2))
    assert [kept.outcome for kept in make.all(Motion)] == ["withdrawn"]


def test_before_the_meeting_nothing_is_moved(table: Table, work_as: WorkAs) -> None:
    with pytest.raises(Refused, match="in session"):
        motion_of(table, work_as)


def test_when_all_is_decided_the_clock_that_waits_for_findings_stops(table: Table, make: Make, work_as: WorkAs) -> None:
    waits = next(rule.code for rule in make.book.deadlines if "findings_adopted" in rule.stops)
    make.clock(table.case, waits)
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "yes")
    with work_as(Actor.system("tell_clocks_of_vote")) as work:
        jobs.tell_clocks_of_vote(work, table.case.id)
    assert [clock.stopped_on for clock in make.all(Clock)] == [None]
    close(table, work_as, motion)
    with work_as(Actor.system("tell_clocks_of_vote")) as work:
        jobs.tell_clocks_of_vote(work, table.case.id)
    assert [clock.stopped_on for clock in make.all(Clock)] == [make.today]


# --- recusal ---


def test_a_recusal_raises_a_wall_and_is_told_once(table: Table, make: Make, work_as: WorkAs) -> None:
    recuse(table, work_as, table.members[1])
    assert [(row.account_id, row.ground) for row in make.all(Recusal)] == [(table.members[1].id, "family")]
    assert [(row.account_id, row.case_id, row.kind) for row in make.all(Wall)] == [
        (table.members[1].id, table.case.id, "recusal")
    ]
    assert make.tags() == ["commission:recusal:declared"]
    with pytest.raises(NotFound):
        recuse(table, work_as, table.members[1])


def test_a_recusal_changes_the_sums(table: Table, make: Make, work_as: WorkAs) -> None:
    recuse(table, work_as, table.members[4])
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "no", "no")
    close(table, work_as, motion)
    (kept,) = make.all(Motion)
    assert kept.outcome == "failed"
    assert (kept.arithmetic["recused"], kept.arithmetic["present"], kept.arithmetic["vote"]["needed"]) == (1, 4, 3)


def test_a_vote_given_before_a_recusal_does_not_count(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "yes")
    recuse(table, work_as, table.members[2])
    close(table, work_as, motion)
    (kept,) = make.all(Motion)
    assert (kept.outcome, kept.arithmetic["yes"]) == ("failed", 2)


def test_a_recusal_needs_a_ground_of_the_rulebook(table: Table, make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Invalid), work_as(table.members[0]) as work:
        actions.declare_recusal(work, table.case.id, DeclareRecusal(ground="boredom", sure="yes"))
    assert make.all(Wall) == []
    assert make.tags() == []


# --- after the vote ---


def test_the_secretary_sends_a_decided_case_on_and_no_other(table: Table, make: Make, work_as: WorkAs) -> None:
    to = next(move.to for move in make.book.moves_from(table.case.stage) if not move.needs_reason)
    with pytest.raises(Refused), work_as("secretary") as work:
        actions.send_on(work, table.case.id, SendOn(to=to))
    table.begin()
    make.finding(table.allegation)
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "yes")
    close(table, work_as, motion)
    with work_as("secretary") as work:
        actions.send_on(work, table.case.id, SendOn(to=to))
    (item,) = make.all(DocketItem)
    assert (item.sent_to, item.sent_by_id) == (to, make.actor("secretary").id)
    assert make.tags()[-1] == "commission:case:sent_on"


def test_the_machinery_moves_the_case_in_the_secretary_s_name_and_once(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    to = next(move.to for move in make.book.moves_from(table.case.stage) if "motion_carried" in move.only_if)
    table.begin()
    make.finding(table.allegation)
    motion = motion_of(table, work_as)
    vote(table, work_as, motion, "yes", "yes", "yes")
    close(table, work_as, motion)
    with work_as("secretary") as work:
        actions.send_on(work, table.case.id, SendOn(to=to, reason="All of it is decided."))
    for _ in range(2):
        with work_as(Actor.system("move_case_after_vote")) as work:
            jobs.move_case_after_vote(work, table.item.id)
    (case,) = make.all(Case)
    (note,) = make.all(Note)
    assert case.stage == to
    assert (note.body, note.written_by_id) == ("All of it is decided.", make.actor("secretary").id)
    assert make.tags().count("cases:case:moved") == 1
