"""A body with empty seats, one that was ended, and one that today's rulebook names no more."""

from datetime import date

import pytest

from app.commission import actions, queries
from app.commission.commands import CastVote, CloseMotion, PutMotion, ScheduleMeeting
from app.commission.records import Meeting, Motion, Seat
from app.commission.rules.voting import CARRIED
from app.kernel.errors import Refused
from app.policy.acting import ActStopped
from tests.commission.conftest import Table, seated, word
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.powers.books import SECOND, book, struck
from tests.powers.conftest import WithBooks

COMMISSION = "    label: Civilian Oversight Commission\n    kind: board\n"
GONE = COMMISSION + (
    "    to_on: 2002-01-01\n    ended_by: {en: The state legislature, es: La legislatura}\n"
    "    reason: {en: A state law forbids such boards., es: Una ley lo prohíbe.}\n"
    "    successor: {en: The city auditor reads on., es: La auditora sigue.}\n"
)


def vacate(table: Table, *positions: int) -> None:
    """Those seats are empty from today on."""
    with table.make.owner() as session:
        for seat in session.query(Seat).filter(Seat.position.in_(positions)):
            seat.account_id = None
        session.commit()


def put(table: Table, work_as: WorkAs) -> Motion:
    with work_as(table.members[0]) as work:
        ask = PutMotion(subject_id=table.allegation.id, proposal=word(table.make))
        return actions.put_motion(work, table.case.id, ask)


def vote(table: Table, work_as: WorkAs, motion: Motion, count: int) -> None:
    for member in table.members[:count]:
        with work_as(member) as work:
            actions.cast_vote(work, table.case.id, motion.id, CastVote(choice="yes"))


@pytest.mark.parametrize(("of", "carries"), [("seats", False), ("serving", True)])
def test_a_quorum_of_seats_counts_the_empty_ones_and_one_of_members_does_not(
    make: Make, with_books: WithBooks, work_as: WorkAs, of: str, carries: bool
) -> None:
    quorum = "    quorum: {share: majority, of: serving"
    with_books([book(changes=((quorum, quorum.replace("serving", of)),))])
    table = seated(make)
    vacate(table, 3, 4, 5)
    table.begin()
    motion = put(table, work_as)
    vote(table, work_as, motion, 2)
    ask = CloseMotion(version=motion.version)
    if carries:
        with work_as("secretary") as work:
            assert actions.close_motion(work, table.case.id, motion.id, ask).outcome == CARRIED
        return
    with (
        pytest.raises(Refused, match=r"Nothing can be decided now\. More than half of 5 seats is 3\."),
        work_as("secretary") as work,
    ):
        actions.close_motion(work, table.case.id, motion.id, ask)


def test_a_vote_that_was_open_when_the_power_went_is_neither_cast_nor_closed_but_taken_back(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    before, after = struck("find")
    with_books([before])
    table = seated(make)
    table.begin()
    motion = put(table, work_as)
    with_books([before, after])
    with pytest.raises(ActStopped, match="Nothing can be voted on now"):
        vote(table, work_as, motion, 1)
    with pytest.raises(ActStopped), work_as("secretary") as work:
        actions.close_motion(work, table.case.id, motion.id, CloseMotion(version=motion.version))
    page = client_as("commissioner").get(f"/commission/cases/{table.case.id}").text
    assert "Nothing can be voted on now." in page
    assert f"/motions/{motion.id}/vote" not in page
    assert motion.wording.split(": ")[-1].rstrip(".") in page


def test_a_body_that_was_ended_meets_no_more_and_what_it_did_is_read(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    with_books([book()])
    table = seated(make)
    with_books([book(), book(SECOND, changes=((COMMISSION, GONE),))])
    ask = ScheduleMeeting(body=table.meeting.body, held_on=date(2026, 12, 1), starts_at="18:00", place="City Hall")
    why = "The state legislature: A state law forbids such boards."
    with pytest.raises(Refused, match=why) as refusal, work_as("secretary") as work:
        actions.schedule_meeting(work, ask)
    assert "The city auditor reads on." in refusal.value.words
    assert len(make.all(Meeting)) == 1
    page = client_as("secretary").get(f"/office/meetings/{table.meeting.id}")
    assert page.status_code == 200
    assert table.case.number in page.text


def test_a_body_that_todays_rulebook_names_no_more_is_shown_by_the_last_version_that_knew_it(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    with_books([book()])
    table = seated(make)
    renamed = book(SECOND)
    bodies = tuple(body for body in renamed.bodies if body.code != table.meeting.body)
    with_books([book(), renamed.model_copy(update={"bodies": bodies})])
    with work_as("secretary") as work:
        assert queries.body_of(work, table.meeting.body).label.to("en") == "Civilian Oversight Commission"
    for path in (f"/office/meetings/{table.meeting.id}", "/office/meetings"):
        assert client_as("secretary").get(path).status_code == 200
    for path in (f"/commission/cases/{table.case.id}", f"/commission/meetings/{table.meeting.id}", "/commission"):
        assert client_as("commissioner").get(path).status_code == 200
