"""The commission sends a case back for more work: by vote, with what is still to be done, and once for each vote."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.access.actor import Actor
from app.audit.records import JournalEntry
from app.cases import queries as cases
from app.cases.actions import move_case
from app.cases.commands import MoveCase
from app.cases.records import Case, Note, Task
from app.clocks.records import Clock
from app.commission import actions, jobs, queries
from app.commission.commands import CallRoll, CastVote, CloseMotion, MoveToSendBack, PutMotion, SendOn
from app.commission.records import DocketItem, Meeting, Motion
from app.commission.rules import meetings as rules
from app.commission.rules.meetings import SCHEDULED
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from tests.commission.conftest import Table, word
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

WANTED = "Ask the second witness, Rosa's neighbor. 🚓"


def moved_back(table: Table, work_as: WorkAs, *choices: str) -> Motion:
    """Moved by the first member, voted on by the members in their order, closed by the secretary."""
    with work_as(table.members[0]) as work:
        motion = actions.move_to_send_back(work, table.case.id, MoveToSendBack(more_work=WANTED))
    return voted(table, work_as, motion, *choices)


def voted(table: Table, work_as: WorkAs, motion: Motion, *choices: str) -> Motion:
    for member, choice in zip(table.members, choices, strict=False):
        with work_as(member) as work:
            actions.cast_vote(work, table.case.id, motion.id, CastVote(choice=choice))
    with work_as("secretary") as work:
        return actions.close_motion(work, table.case.id, motion.id, CloseMotion(version=motion.version))


def the_worker_moves_it(table: Table, work_as: WorkAs, item_id: UUID | None = None) -> None:
    for _ in range(2):
        with work_as(Actor.system("move_case_after_vote")) as work:
            jobs.move_case_after_vote(work, item_id or table.item.id)


def way_back(make: Make, stage: str) -> str:
    found = rules.send_back_to(make.book, stage)
    assert found is not None
    return found


def put_finding(table: Table, work_as: WorkAs) -> Motion:
    ask = PutMotion(subject_id=table.allegation.id, proposal=word(table.make))
    with work_as(table.members[0]) as work:
        return actions.put_motion(work, table.case.id, ask)


# --- the rulebook ---


def test_a_case_goes_back_from_where_the_rulebook_has_a_way_and_from_nowhere_else(make: Make) -> None:
    book: Rulebook = make.book
    ways = {stage.code: to for stage in book.stages if (to := rules.send_back_to(book, stage.code)) is not None}
    assert {book.stage(stage).phase for stage in ways} == {"decision"}
    assert {book.stage(to).phase for to in ways.values()} == {"investigation"}


def test_what_is_wanted_is_read_out_of_the_motion() -> None:
    assert rules.work_wanted(f"{rules.SEND_BACK_WORDS}{WANTED}") == WANTED


# --- the vote and what follows ---


def test_a_carried_motion_takes_the_case_back_with_a_task_a_note_and_its_clock(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    lead = make.actor("investigator")
    with make.owner() as session:
        session.get_one(Case, table.case.id).lead_id = lead.id
        session.commit()
    hearing = make.clock(table.case, "hear_case", started_by="supervisor_approved")
    finishing = make.clock(
        table.case, "finish_investigation", stopped_on=make.today, stopped_by="investigation_finished"
    )
    table.begin()
    moved_back(table, work_as, "yes", "yes", "yes", "no", "abstain")
    assert make.tags()[-2:] == ["commission:motion:carried", "commission:case:sent_on"]
    the_worker_moves_it(table, work_as)

    (case,) = make.all(Case)
    (note,) = make.all(Note)
    (task,) = make.all(Task)
    assert case.stage == way_back(make, table.case.stage)
    assert (note.body, note.written_by_id) == (WANTED, make.actor("secretary").id)
    assert (task.title, task.assignee_id, task.done_at) == (
        f"The commission sent this back: {WANTED}",
        lead.id,
        None,
    )
    clocks = {row.id: row for row in make.all(Clock)}
    assert clocks[hearing.id].stopped_on == make.today
    assert clocks[finishing.id].stopped_on is None
    tags = make.tags()
    assert (tags.count("cases:case:moved"), tags.count("cases:task:added")) == (1, 1)


def test_the_journal_holds_the_vote_and_never_the_words(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    moved_back(table, work_as, "yes", "yes", "yes")
    the_worker_moves_it(table, work_as)
    entries = make.all(JournalEntry)
    assert {"commission:motion:put", "commission:motion:carried", "cases:case:moved"} <= {each.tag for each in entries}
    assert all(b"witness" not in each.body for each in entries)


def test_a_motion_that_fails_leaves_the_case_before_the_commission(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    moved_back(table, work_as, "yes", "no", "no", "no")
    assert make.tags()[-1] == "commission:motion:failed"
    assert [item.sent_to for item in make.all(DocketItem)] == [None]
    the_worker_moves_it(table, work_as)
    assert make.all(Case)[0].stage == table.case.stage
    assert put_finding(table, work_as).kind == rules.FINDING


def test_without_the_vote_nobody_sends_the_case_back_from_either_door(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    to = way_back(make, table.case.stage)
    table.begin()
    make.finding(table.allegation)
    voted(table, work_as, put_finding(table, work_as), "yes", "yes", "yes")
    before = make.tags()
    with pytest.raises(Refused, match="motion to send the case back"), work_as("secretary") as work:
        actions.send_on(work, table.case.id, SendOn(to=to, reason="More."))
    with pytest.raises(Refused, match="motion to send the case back"), work_as("director") as work:
        move_case(work, table.case.id, MoveCase(version=1, to=to, reason="More."))
    assert make.tags() == before


def test_after_it_carried_nothing_else_is_decided_and_earlier_votes_decide_nothing(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    table.begin()
    make.finding(table.allegation)
    voted(table, work_as, put_finding(table, work_as), "yes", "yes", "yes")
    with work_as("secretary") as work:
        assert work.fact("motion_carried", table.case.id)
    moved_back(table, work_as, "yes", "yes", "yes")
    with work_as("secretary") as work:
        assert not work.fact("motion_carried", table.case.id)
        assert work.fact("sent_back_by_vote", table.case.id)
    for again in (put_finding, moved_back):
        with pytest.raises(Refused, match="has sent this case back"):
            again(table, work_as)


def test_when_the_case_comes_again_the_old_vote_sends_it_nowhere_and_a_new_docket_decides(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    table.begin()
    make.finding(table.allegation)
    moved_back(table, work_as, "yes", "yes", "yes")
    the_worker_moves_it(table, work_as)
    with make.owner() as session:
        session.get_one(Case, table.case.id).stage = table.case.stage
        session.get_one(Meeting, table.meeting.id).state = rules.ENDED
        session.commit()
    with work_as("director") as work:
        assert not work.fact("sent_back_by_vote", table.case.id)
        assert not work.fact("motion_carried", table.case.id)
        way = next(m for m in cases.next_moves(work, cases.get_case(work, table.case.id)) if m.needs_reason)
        assert way.missing
    meeting = make.row(
        Meeting(
            id=uuid4(),
            body=table.meeting.body,
            held_on=make.today + timedelta(days=28),
            starts_at="18:00",
            place="Hall",
            state=SCHEDULED,
            version=1,
        )
    )
    table.item = make.row(
        DocketItem(id=uuid4(), meeting_id=meeting.id, case_id=table.case.id, position=1, sent_reason="")
    )
    table.meeting = meeting
    table.begin()
    voted(table, work_as, put_finding(table, work_as), "yes", "yes", "yes")
    with work_as("secretary") as work:
        assert queries.is_decided(work, table.case.id)


def test_the_task_of_a_case_that_nobody_leads_falls_to_whoever_closed_the_vote(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    table.begin()
    moved_back(table, work_as, "yes", "yes", "yes")
    the_worker_moves_it(table, work_as)
    assert [task.assignee_id for task in make.all(Task)] == [make.actor("secretary").id]


# --- who may, and when ---


def test_it_is_moved_at_the_table_by_a_member_who_is_here_or_named_by_the_secretary(
    table: Table, make: Make, work_as: WorkAs
) -> None:
    ask = MoveToSendBack(more_work=WANTED)
    with pytest.raises(Refused, match="in session"), work_as(table.members[0]) as work:
        actions.move_to_send_back(work, table.case.id, ask)
    table.begin()
    with pytest.raises(Invalid), work_as("secretary") as work:
        actions.move_to_send_back(work, table.case.id, ask)
    with work_as("secretary") as work:
        actions.call_roll(work, table.meeting.id, CallRoll(present=tuple(m.id for m in table.members[1:] if m.id)))
    with pytest.raises(Refused, match="member who is here"), work_as(table.members[0]) as work:
        actions.move_to_send_back(work, table.case.id, ask)
    assert make.all(Motion) == []
    named = MoveToSendBack(more_work=WANTED, back_moved_by=table.members[2].id)
    with work_as("secretary") as work:
        assert actions.move_to_send_back(work, table.case.id, named).moved_by_id == table.members[2].id


def test_a_case_that_stands_elsewhere_is_not_sent_back(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    with make.owner() as session:
        answering = next(stage.code for stage in make.book.stages if stage.phase == "answer")
        session.get_one(Case, table.case.id).stage = answering
        session.commit()
    with pytest.raises(Refused, match="no way back"):
        moved_back(table, work_as)
    assert make.all(Motion) == []


@pytest.mark.parametrize("role", ["investigator", "supervisor", "liaison"])
def test_nobody_else_moves_it(table: Table, client_as: ClientAs, make: Make, role: str) -> None:
    table.begin()
    path = f"/commission/cases/{table.case.id}/motions/send-back/put"
    assert client_as(role).submit(path, more_work=WANTED).status_code == 403
    assert make.all(Motion) == []


# --- the page ---


@pytest.fixture
def member(table: Table, make: Make, client_as: ClientAs) -> Callable[[str], str]:
    """What the first member sees at a path."""
    client = client_as().signed_in(make.secret_of(table.members[0]))
    return lambda path: str(client.get(path).text)


def test_the_page_offers_it_shows_the_vote_and_where_the_case_goes(
    table: Table, make: Make, client_as: ClientAs, work_as: WorkAs, member: Callable[[str], str]
) -> None:
    path = f"/commission/cases/{table.case.id}"
    assert "Move to send the case back" not in member(path)
    table.begin()
    assert "Move to send the case back" in member(path)
    client = client_as().signed_in(make.secret_of(table.members[0]))
    assert client.submit(f"{path}/motions/send-back/put", more_work=WANTED).status_code == 303
    shown = member(path)
    assert "That the case go back for more work: Ask the second witness" in shown
    assert "Move to send the case back" not in shown
    (motion,) = make.all(Motion)
    voted(table, work_as, motion, "yes", "yes", "yes")
    secretary = client_as("secretary").get(path).text
    assert "On its way to: Under investigation" in secretary
    assert "Carried" in secretary
    assert "Put the motion" not in secretary
    assert ">Send on<" not in secretary
    the_worker_moves_it(table, work_as)
    office = client_as("director").get(f"/office/cases/{table.case.id}").text
    assert "The commission sent this back: Ask the second witness" in office
    assert "Put a motion: Under investigation." in office
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 2001, "a\x00b"])
def test_words_that_cannot_be_kept_come_back_with_the_page(
    table: Table, make: Make, client_as: ClientAs, wrong: str
) -> None:
    table.begin()
    client = client_as().signed_in(make.secret_of(table.members[0]))
    got = client.submit(f"/commission/cases/{table.case.id}/motions/send-back/put", more_work=wrong)
    assert got.status_code == 422
    assert "There is a problem" in got.text
    assert make.all(Motion) == []
    assert make.tags().count("commission:motion:put") == 0


def test_pressed_twice_it_is_put_once(table: Table, make: Make, client_as: ClientAs) -> None:
    table.begin()
    client = client_as().signed_in(make.secret_of(table.members[0]))
    path = f"/commission/cases/{table.case.id}/motions/send-back/put"
    assert [client.submit(path, more_work=WANTED).status_code for _ in range(2)] == [303, 409]
    assert len(make.all(Motion)) == 1
