"""Milestones put on file and corrected, and what hangs on them: clocks, moves, formality."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases import actions, queries
from app.cases.commands import MoveCase, RecordMilestone
from app.cases.records import Case, MilestoneRecord
from app.clocks import actions as clocks
from app.clocks.commands import PauseClock
from app.clocks.records import Clock
from app.commission import actions as commission
from app.commission.commands import SendOn
from app.intake import actions as intake
from app.intake import queries as intake_queries
from app.intake.commands import ScreenFiling
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from tests.commission.conftest import seated
from tests.conftest import WorkAs
from tests.make import Make

pytestmark = pytest.mark.usefixtures("book")
INCIDENT = date(2026, 2, 2)


def asked(make: Make, code: str = "chief_told", days_ago: int = 0, **given: object) -> RecordMilestone:
    on = make.today - timedelta(days=days_ago)
    return RecordMilestone.model_validate({"milestone": code, "happened_on": on, "proof": "The stamped copy."} | given)


def record(make: Make, work_as: WorkAs, case: Case, role: str, ask: RecordMilestone) -> MilestoneRecord:
    with work_as(role) as work:
        row: MilestoneRecord = actions.record_milestone(work, case.id, ask)
        return row


def current(make: Make, case: Case) -> Case:
    (found,) = make.all(Case, id=case.id)
    assert isinstance(found, Case)
    return found


def clock(make: Make, rule: str) -> Clock:
    (found,) = make.all(Clock, rule=rule)
    assert isinstance(found, Clock)
    return found


def nothing_happened(make: Make) -> bool:
    return make.all(MilestoneRecord) == [] and make.tags() == []


def test_one_is_put_on_file_with_its_day_and_proof_by_one_event(make: Make, work_as: WorkAs) -> None:
    case = make.case(incident_date=INCIDENT, incident_precision="day")
    record(make, work_as, case, "intake", asked(make, "statement_signed", 3))
    (row,) = make.all(MilestoneRecord)
    assert (row.code, row.happened_on, row.proof, row.officer_id) == (
        "statement_signed",
        make.today - timedelta(days=3),
        "The stamped copy.",
        None,
    )
    assert (row.recorded_by_id, row.makes_formal, row.superseded_at) == (make.actor("intake").id, True, None)
    assert make.tags() == ["cases:milestone:recorded"]


def test_its_clocks_start_and_stop_by_its_day_and_the_case_takes_its_place(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    make.clock(case, "tell_the_chief", due_on=make.today + timedelta(days=9))
    record(make, work_as, case, "investigator", asked(make, days_ago=4))
    told, answers = clock(make, "tell_the_chief"), clock(make, "chief_answers")
    assert (told.stopped_on, told.stopped_by) == (make.today - timedelta(days=4), "chief_told")
    assert (answers.started_by, answers.started_on) == ("chief_told", make.today - timedelta(days=4))
    assert answers.due_on == current(make, case).due_on == make.today + timedelta(days=16)
    assert make.tags() == ["cases:milestone:recorded", "clocks:clock:stopped", "clocks:clock:started"]


def test_one_of_an_officer_starts_that_officers_clock_alone(make: Make, work_as: WorkAs) -> None:
    case, first, second = make.case(), make.officer(), make.officer()
    make.allegation(case, first)
    make.allegation(case, second, position=2)
    record(make, work_as, case, "supervisor", asked(make, "papers_served", officer_id=first.id))
    assert [(each.rule, each.officer_id) for each in make.all(Clock)] == [("officer_appeals", first.id)]
    record(make, work_as, case, "supervisor", asked(make, "papers_served", officer_id=second.id))
    assert len(make.all(MilestoneRecord)) == 2


def test_an_officer_of_another_case_is_refused(make: Make, work_as: WorkAs) -> None:
    case, stranger = make.case(), make.officer()
    make.allegation(make.case(), stranger)
    with pytest.raises(Invalid, match="another look"):
        record(make, work_as, case, "supervisor", asked(make, "papers_served", officer_id=stranger.id))
    assert nothing_happened(make)


@pytest.mark.parametrize("role", ["supervisor", "director"])
def test_only_the_roles_of_the_rulebook_put_it_on_file(make: Make, work_as: WorkAs, role: str) -> None:
    case = make.case()
    with pytest.raises(NotAllowed, match="intake or investigator"):
        record(make, work_as, case, role, asked(make, "statement_signed"))
    assert nothing_happened(make)


@pytest.mark.parametrize("days", [-1, -4000, 43, 9000])
def test_a_day_that_has_not_come_or_lies_before_the_incident_is_refused(make: Make, work_as: WorkAs, days: int) -> None:
    case = make.case(incident_date=INCIDENT, incident_precision="day")
    with pytest.raises(Invalid) as refused:
        record(make, work_as, case, "investigator", asked(make, days_ago=days))
    assert set(refused.value.fields) == {"happened_on"}
    assert nothing_happened(make)


def test_a_file_of_another_case_proves_nothing_here(make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Invalid) as refused:
        record(make, work_as, make.case(), "investigator", asked(make, evidence_id=uuid4()))
    assert set(refused.value.fields) == {"evidence_id"}
    assert nothing_happened(make)


def test_the_same_one_twice_is_refused_and_what_comes_back_is_not(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    record(make, work_as, case, "investigator", asked(make, days_ago=2))
    with pytest.raises(Refused, match="on file already"):
        record(make, work_as, case, "investigator", asked(make))
    record(make, work_as, case, "supervisor", asked(make, "half_year_letter", 2))
    record(make, work_as, case, "supervisor", asked(make, "half_year_letter"))
    with pytest.raises(Refused, match="on file already"):
        record(make, work_as, case, "supervisor", asked(make, "half_year_letter"))
    assert len(make.all(MilestoneRecord)) == 3


def test_a_correction_moves_what_counts_from_the_wrong_day_and_keeps_the_history(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    make.clock(case, "tell_the_chief")
    first = record(make, work_as, case, "investigator", asked(make, days_ago=4))
    right = asked(make, days_ago=10, corrects_id=first.id, reason="The stamp says so.", proof="The letter's stamp.")
    second = record(make, work_as, case, "supervisor", right)
    rows = {row.id: row for row in make.all(MilestoneRecord)}
    assert rows[first.id].superseded_at == make.now
    assert (rows[second.id].corrects_id, rows[second.id].reason) == (first.id, "The stamp says so.")
    answers, told = clock(make, "chief_answers"), clock(make, "tell_the_chief")
    assert (answers.started_on, answers.due_on) == (
        make.today - timedelta(days=10),
        make.today + timedelta(days=10),
    )
    assert current(make, case).due_on == answers.due_on
    assert told.stopped_on == make.today - timedelta(days=10)
    assert make.tags()[-3:] == ["cases:milestone:corrected", "clocks:clock:corrected", "clocks:stop:corrected"]


def test_a_clock_that_stopped_stays_and_a_corrected_proof_moves_nothing(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    first = record(make, work_as, case, "investigator", asked(make, days_ago=4))
    record(make, work_as, case, "director", asked(make, "appeal_over"))
    stopped = clock(make, "chief_answers")
    again = asked(make, days_ago=8, corrects_id=first.id, reason="The stamp says so.")
    second = record(make, work_as, case, "investigator", again)
    same_day = asked(make, days_ago=8, corrects_id=second.id, reason="Another paper.", proof="The register.")
    record(make, work_as, case, "investigator", same_day)
    now = clock(make, "chief_answers")
    assert (now.started_on, now.due_on, now.stopped_on) == (stopped.started_on, stopped.due_on, stopped.stopped_on)
    assert "clocks:clock:corrected" not in make.tags()
    assert [row.proof for row in make.all(MilestoneRecord, code="chief_told", superseded_at=None)] == ["The register."]


def test_a_pause_stays_with_the_clock_whose_start_was_corrected(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    first = record(make, work_as, case, "investigator", asked(make, days_ago=10))
    with work_as("supervisor") as work:
        pause = PauseClock(
            kind="officer_unavailable",
            from_on=make.today - timedelta(days=5),
            until_on=make.today - timedelta(days=1),
            reason="The prosecutor's letter.",
        )
        clocks.pause_clock(work, clock(make, "chief_answers").id, pause)
    before = clock(make, "chief_answers").last_day
    again = asked(make, days_ago=8, corrects_id=first.id, reason="The stamp says so.")
    record(make, work_as, case, "investigator", again)
    assert clock(make, "chief_answers").due_on == before + timedelta(days=2)


def test_a_correction_without_a_reason_or_of_another_one_or_twice_is_refused(make: Make, work_as: WorkAs) -> None:
    case, other = make.case(), make.case()
    first = record(make, work_as, case, "investigator", asked(make, days_ago=4))
    with pytest.raises(Invalid) as refused:
        record(make, work_as, case, "investigator", asked(make, corrects_id=first.id))
    assert set(refused.value.fields) == {"reason"}
    wrong = asked(make, "statement_signed", corrects_id=first.id, reason="x")
    with pytest.raises(Refused, match="same milestone"):
        record(make, work_as, case, "investigator", wrong)
    with pytest.raises(NotFound):
        record(make, work_as, other, "investigator", asked(make, corrects_id=first.id, reason="x"))
    record(make, work_as, case, "investigator", asked(make, days_ago=5, corrects_id=first.id, reason="x"))
    with pytest.raises(Stale):
        record(make, work_as, case, "investigator", asked(make, days_ago=6, corrects_id=first.id, reason="x"))
    assert len(make.all(MilestoneRecord)) == 2


def test_on_a_closed_case_it_is_kept_and_the_queue_stays_empty(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="closed", closed_on=make.today)
    record(make, work_as, case, "investigator", asked(make))
    assert current(make, case).due_on is None
    assert current(make, case).queue_on.year == 9999


def test_a_move_waits_for_its_milestones(make: Make, work_as: WorkAs) -> None:
    case = make.case(origin="import", stage="open", lead_id=make.account("investigator").id)
    missing = "“The chief was told in writing” must be on file first"
    with pytest.raises(Refused, match=missing), work_as("investigator") as work:
        actions.move_case(work, case.id, MoveCase(version=1, to="investigating"))
    assert current(make, case).stage == "open"
    record(make, work_as, case, "investigator", asked(make))
    with work_as("investigator") as work:
        moved = actions.move_case(work, case.id, MoveCase(version=current(make, case).version, to="investigating"))
    assert moved.stage == "investigating"


def test_one_of_officers_is_needed_of_each(make: Make, work_as: WorkAs) -> None:
    case, first, second = make.case(origin="import"), make.officer(), make.officer()
    make.allegation(case, first)
    gone = make.allegation(case, second, position=2)
    record(make, work_as, case, "supervisor", asked(make, "papers_served", officer_id=first.id))
    version = current(make, case).version
    with pytest.raises(Refused, match="for every officer"), work_as("supervisor") as work:
        actions.move_case(work, case.id, MoveCase(version=version, to="supervisor_review"))
    with make.owner() as session:
        session.get_one(type(gone), gone.id).withdrawn_at = make.now
        session.commit()
    with work_as("supervisor") as work:
        moved = actions.move_case(work, case.id, MoveCase(version=current(make, case).version, to="supervisor_review"))
    assert moved.stage == "supervisor_review"


def test_after_a_vote_the_commission_sends_a_case_on_once_its_milestones_are_there(make: Make, work_as: WorkAs) -> None:
    table = seated(make)
    with make.owner() as session:
        session.get_one(Case, table.case.id).origin = "import"
        session.commit()
    missing = "“The chief was told in writing” must be on file first"
    with pytest.raises(Refused, match=missing), work_as("secretary") as work:
        commission.send_on(work, table.case.id, SendOn(to="closed"))
    record(make, work_as, table.case, "investigator", asked(make))
    served = asked(make, "papers_served", officer_id=table.allegation.officer_id)
    record(make, work_as, table.case, "supervisor", served)
    with work_as("secretary") as work:
        assert commission.send_on(work, table.case.id, SendOn(to="closed")).sent_to == "closed"


def screened(make: Make, work_as: WorkAs, anonymity: str = "named", classification: str = "investigation") -> Case:
    filing = make.filing(anonymity=anonymity)
    ask = ScreenFiling(
        version=1, classification=classification, department_id=make.book.departments[0].code, reason="Read."
    )
    with work_as("supervisor") as work:
        intake.screen_filing(work, filing.id, ask)
    (case,) = make.all(Case)
    assert isinstance(case, Case)
    return case


def test_a_filed_case_waits_informally_until_it_is_signed(make: Make, work_as: WorkAs) -> None:
    case = screened(make, work_as)
    assert case.stage == "screening"
    with pytest.raises(Refused, match="until “The complaint was signed” is on file"), work_as("intake") as work:
        actions.move_case(work, case.id, MoveCase(version=case.version, to="open"))
    record(make, work_as, case, "intake", asked(make, "statement_signed"))
    with work_as("intake") as work:
        assert (
            actions.move_case(work, case.id, MoveCase(version=current(make, case).version, to="open")).stage == "open"
        )


def test_an_informal_case_may_always_end(make: Make, work_as: WorkAs) -> None:
    assert screened(make, work_as, classification="refer").stage == "referred"


def test_a_complaint_without_a_name_stays_informal_whatever_is_signed(make: Make, work_as: WorkAs) -> None:
    case = screened(make, work_as, "anonymous")
    record(make, work_as, case, "intake", asked(make, "statement_signed"))
    with pytest.raises(Refused, match="stays informal"), work_as("intake") as work:
        actions.move_case(work, case.id, MoveCase(version=current(make, case).version, to="open"))
    assert current(make, case).stage == "screening"


def test_a_case_that_nobody_filed_is_never_informal(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="screening", origin="import", classification="investigation")
    with work_as("intake") as work:
        assert actions.move_case(work, case.id, MoveCase(version=1, to="open")).stage == "open"


def test_complete_and_final_are_counted_from_what_is_on_file(make: Make, work_as: WorkAs) -> None:
    case, officer = make.case(), make.officer(last_name="Reyes")
    make.allegation(case, officer)
    record(make, work_as, case, "investigator", asked(make, days_ago=9))
    record(make, work_as, case, "supervisor", asked(make, "papers_served", 5, officer_id=officer.id))
    record(make, work_as, case, "director", asked(make, "appeal_over", 1))
    with work_as("analyst") as work:
        (days,) = queries.case_frame(work, queries.get_case(work, case.id))["legal_days"]
    assert "Reyes" in days.about
    assert days.complete_on == make.today - timedelta(days=5)
    assert days.final_on == make.today - timedelta(days=1)


def test_behind_a_wall_no_milestone_is_seen_or_written(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    record(make, work_as, case, "investigator", asked(make))
    make.wall(case, make.actor("supervisor"))
    with work_as("supervisor") as work:
        assert list(work.session.scalars(queries.visible_milestones(work))) == []
        assert list(work.session.scalars(text("SELECT code FROM milestones"))) == []
    with pytest.raises(NotFound):
        record(make, work_as, case, "supervisor", asked(make, "half_year_letter"))


@pytest.mark.parametrize("change", ["happened_on = '2020-01-01'", "proof = ''", "code = 'x'"])
def test_the_database_lets_nobody_change_what_is_on_file(make: Make, work_as: WorkAs, change: str) -> None:
    record(make, work_as, make.case(), "investigator", asked(make))
    with pytest.raises(Exception, match="permission denied"), work_as("director") as work:
        work.session.execute(text(f"UPDATE milestones SET {change}"))


def test_the_filer_is_told_the_day_of_signing_and_no_other(make: Make, work_as: WorkAs) -> None:
    case = make.case(origin="filing", anonymity="named")
    record(make, work_as, case, "investigator", asked(make))
    record(make, work_as, case, "intake", asked(make, "statement_signed", 2))
    filing = make.filing(anonymity="named", case_id=case.id, screened_at=make.now)
    filer = Actor.filer(filing.lookup or b"", make.house.access.of(frozenset({Role.FILER})))
    with work_as(filer) as work:
        assert work.session.scalars(text("SELECT happened_on FROM milestones")).all() == [
            make.today - timedelta(days=2)
        ]
        own = intake.own(work)
        assert own is not None
        formal = intake_queries.status_of(work, own).formal
    assert formal is not None
    assert (formal.on, formal.is_never) == (make.today - timedelta(days=2), False)
    with pytest.raises(Exception, match="permission denied"), work_as(filer) as work:
        work.session.execute(text("SELECT proof FROM milestones"))
