"""What is done with cases: each change with its event, each refusal leaving nothing behind."""

from datetime import timedelta

import pytest

from app.cases import actions, queries
from app.cases.commands import AddTask, AssignCase, FinishTask, LogContact, MoveCase, WriteNote
from app.cases.records import Assignment, Case, ContactAttempt, Note, Task
from app.clocks.records import Clock
from app.kernel.errors import Invalid, NotFound, Refused, Stale
from tests.conftest import WorkAs
from tests.make import Make


def current(make: Make, case: Case) -> Case:
    (found,) = make.all(Case, id=case.id)
    assert isinstance(found, Case)
    return found


def test_assigning_ends_the_assignment_before(make: Make, work_as: WorkAs) -> None:
    case, first, second = make.case(), make.account("investigator"), make.account("investigator")
    for account in (first, second):
        with work_as("supervisor") as work:
            actions.assign_case(work, case.id, AssignCase(version=current(make, case).version, account_id=account.id))
    assert current(make, case).lead_id == second.id
    assert {row.account_id: row.until_at is None for row in make.all(Assignment)} == {first.id: False, second.id: True}
    assert make.tags().count("cases:case:assigned") == 2


def test_only_an_investigator_leads_a_case(make: Make, work_as: WorkAs) -> None:
    case, analyst = make.case(), make.account("analyst")
    with pytest.raises(Refused, match="investigator"), work_as("supervisor") as work:
        actions.assign_case(work, case.id, AssignCase(version=1, account_id=analyst.id))
    assert make.all(Assignment) == []
    assert make.tags() == []


def test_a_stale_version_changes_nothing(make: Make, work_as: WorkAs) -> None:
    case, lead = make.case(), make.account("investigator")
    with pytest.raises(Stale), work_as("supervisor") as work:
        actions.assign_case(work, case.id, AssignCase(version=7, account_id=lead.id))
    assert current(make, case).lead_id is None


def test_a_move_starts_and_stops_the_clocks_of_the_rulebook(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="open", lead_id=make.account("investigator").id)
    with work_as("investigator") as work:
        actions.move_case(work, case.id, MoveCase(version=1, to="investigating"))
    (clock,) = make.all(Clock)
    moved = current(make, case)
    assert (moved.stage, clock.rule, moved.due_on) == ("investigating", "progress_review", clock.due_on)
    assert "cases:case:moved" in make.tags()


def test_a_guard_that_does_not_hold_keeps_the_case_where_it_is(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="investigating")
    with pytest.raises(Refused, match="allegation"), work_as("investigator") as work:
        actions.move_case(work, case.id, MoveCase(version=1, to="supervisor_review"))
    assert current(make, case).stage == "investigating"
    assert make.tags() == []


def test_closing_early_keeps_code_reason_and_note_and_empties_the_queue(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="investigating", due_on=make.today)
    make.clock(case, "finish_investigation")
    with work_as("supervisor") as work:
        actions.move_case(
            work, case.id, MoveCase(version=1, to="closed_early", reason="She asked us to stop.", closure="withdrawn")
        )
    closed = current(make, case)
    assert (closed.closure, closed.closure_reason, closed.closed_on) == (
        "withdrawn",
        "She asked us to stop.",
        make.today,
    )
    assert (closed.due_on, closed.queue_on.year) == (None, 9999)
    assert [note.body for note in make.all(Note)] == ["She asked us to stop."]
    assert make.all(Clock)[0].stopped_on == make.today
    assert make.tags()[-1] == "cases:case:closed"


@pytest.mark.parametrize("closure", ["", "nonsense"])
def test_closing_early_without_a_ground_of_the_rulebook_is_refused(make: Make, work_as: WorkAs, closure: str) -> None:
    case = make.case(stage="investigating")
    with pytest.raises(Invalid), work_as("supervisor") as work:
        actions.move_case(work, case.id, MoveCase(version=1, to="closed_early", reason="Why not", closure=closure))
    assert make.tags() == []


def test_a_case_sent_back_runs_on_its_first_date(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="supervisor_review")
    clock = make.clock(
        case,
        "finish_investigation",
        stopped_on=make.today,
        stopped_by="investigation_finished",
        due_on=make.today + timedelta(days=40),
    )
    other = make.clock(case, "preserve_evidence", stopped_on=make.today, stopped_by="demand_sent")
    with work_as("supervisor") as work:
        actions.move_case(work, case.id, MoveCase(version=1, to="investigating", reason="One witness is missing."))
    clocks = {row.id: row for row in make.all(Clock)}
    assert clocks[clock.id].stopped_on is None
    assert clocks[other.id].stopped_on == make.today
    assert current(make, case).due_on == min(row.due_on for row in clocks.values() if row.stopped_on is None)
    assert "clocks:clock:reopened" in make.tags()


def test_a_case_opened_again_forgets_how_it_closed(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="closed_early", closure="withdrawn", closure_reason="Asked.", closed_on=make.today)
    with work_as("director") as work:
        actions.move_case(work, case.id, MoveCase(version=1, to="open", reason="She wrote again."))
    opened = current(make, case)
    assert (opened.closure, opened.closed_on) == ("", None)


def test_nobody_finishes_the_task_of_another_case(make: Make, work_as: WorkAs) -> None:
    case, other = make.case(), make.case()
    with work_as("investigator") as work:
        task = actions.add_task(work, case.id, AddTask(title="Call the shop"))
    with pytest.raises(Stale), work_as("investigator") as work:
        actions.finish_task(work, other.id, task.id, FinishTask(version=1))
    with work_as("investigator") as work:
        actions.finish_task(work, case.id, task.id, FinishTask(version=1))
    assert make.all(Task)[0].done_at == make.now
    with pytest.raises(Stale), work_as("investigator") as work:
        actions.finish_task(work, case.id, task.id, FinishTask(version=1))


def test_an_attempt_to_reach_somebody_is_logged(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    with work_as("investigator") as work:
        actions.log_contact(work, case.id, LogContact(channel="phone", result="no_answer"))
    assert [(row.channel, row.result) for row in make.all(ContactAttempt)] == [("phone", "no_answer")]
    assert make.tags() == ["cases:contact:attempted"]


def test_behind_a_wall_a_case_is_not_there_for_any_verb(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    make.wall(case, make.actor("investigator"))
    with pytest.raises(NotFound), work_as("investigator") as work:
        actions.write_note(work, case.id, WriteNote(reader="team", body="I was here."))
    with work_as("investigator") as work:
        assert list(work.session.scalars(queries.visible_cases(work))) == []
    assert make.all(Note) == []


def test_a_private_note_is_its_authors_alone_also_for_the_database(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    with work_as("investigator") as work:
        actions.write_note(work, case.id, WriteNote(reader="mine", body="Only I."))
        actions.write_note(work, case.id, WriteNote(reader="team", body="All of us."))
    with work_as("supervisor") as work:
        assert [note.body for note in queries.notes_of(work, case.id)] == ["All of us."]
        assert [note.body for note in work.session.query(Note)] == ["All of us."]
    with work_as("investigator") as work:
        assert {note.body for note in queries.notes_of(work, case.id)} == {"Only I.", "All of us."}
