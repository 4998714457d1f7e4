"""Motions, votes and recusals: what is kept, what is told, and what is refused without a trace."""

from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.records import Wall
from app.cases.records import Case, Note
from app.clocks.records import Clock
from app.commission import actions, jobs
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    DeclareRecusal,
    EndMeeting,
    PutMotion,
    SendOn,
    WithdrawMotion,
)
from app.commission.records import DocketItem, Motion, Recusal, Vote
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
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
