"""Before a meeting and at its beginning: seats, days, dockets and the roll; refused without a trace."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.commission import actions, queries
from app.commission.commands import (
    CallRoll,
    EndMeeting,
    OpenMeeting,
    PutOnDocket,
    ScheduleMeeting,
    SeatMember,
)
from app.commission.records import Attendance, DocketItem, Meeting, Seat
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from tests.commission.conftest import Table
from tests.conftest import WorkAs
from tests.make import Make

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
