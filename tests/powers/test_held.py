"""A job that today's law stops notes it once, waits without failing, and is done when the power is back."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.access.held import take_up_held
from app.access.work import House, Work
from app.correspondence.records import Letter
from app.discipline import jobs
from app.discipline.records import Recommendation
from app.policy.acting import ActStopped
from app.policy.model.powers import Act
from app.policy.records import HeldJob
from app.worker import run_job
from tests.conftest import WorkAs
from tests.discipline.conftest import Sustained
from tests.make import Make
from tests.powers.books import book, ended, struck
from tests.powers.conftest import WithBooks

WORKER = Actor.system("test")
LOST = datetime(2002, 3, 1, 17, 0, tzinfo=UTC)
BACK = datetime(2002, 7, 1, 17, 0, tzinfo=UTC)


def queued(make: Make) -> list[tuple[str, dict[str, str]]]:
    with make.owner() as session:
        rows = session.execute(text("SELECT task_name, args FROM procrastinate_jobs ORDER BY id"))
        return [(row.task_name, row.args) for row in rows]


def sustained(make: Make, policy_id: str) -> Sustained:
    found = next(word for word in make.book.findings if word.calls_for_discipline)
    case = make.case(policy_id=policy_id, stage="awaiting_answer")
    officer = make.officer()
    allegation = make.allegation(case, officer)
    make.finding(allegation, life="board", disposition=found.code)
    return Sustained(make, case, officer, allegation)


def test_what_was_recommended_waits_for_the_power_and_the_findings_go_out(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    before, after = struck("recommend_discipline", until="2002-06-01")
    with_books([before, after])
    one = sustained(make, before.policy_id)
    one.sent(sent_on=None, due_on=None)
    for _ in range(2):
        with work_as(WORKER, now=LOST) as work:
            jobs.send_findings(work, one.case.id)
    (held,) = make.all(HeldJob)
    assert (held.job, held.act, held.args) == ("send_findings", Act.DISCIPLINE, {"case_id": str(one.case.id)})
    assert make.tags().count("policy:job:held") == 1
    assert make.all(Recommendation)[0].sent_on is None
    assert len(make.all(Letter)) == 1

    with work_as(WORKER, now=LOST) as work:
        take_up_held(work)
    assert make.all(HeldJob)[0].taken_up_at is None
    with work_as(WORKER, now=BACK) as work:
        take_up_held(work)
    assert make.all(HeldJob)[0].taken_up_at == BACK
    assert ("send_findings", {"case_id": str(one.case.id)}) in queued(make)
    with work_as(WORKER, now=BACK) as work:
        jobs.send_findings(work, one.case.id)
    assert make.all(Recommendation)[0].sent_on == BACK.date()
    with work_as(WORKER, now=BACK) as work:
        take_up_held(work)
    assert make.tags().count("policy:job:taken_up") == 1


def test_the_worker_notes_a_job_that_is_stopped_and_does_not_fail(
    make: Make, with_books: WithBooks, house: House
) -> None:
    with_books([book(), ended()])
    case = make.case(policy_id=make.book.policy_id)

    def letter(work: Work, case_id: UUID) -> None:
        assert case_id == case.id
        work.check_act(Act.LETTERS)

    run_job(house, "write_closing_letter", letter, case_id=str(case.id))
    run_job(house, "write_closing_letter", letter, case_id=str(case.id))
    (held,) = make.all(HeldJob)
    assert (held.job, held.act) == ("write_closing_letter", "letters")
    assert make.tags() == ["policy:job:held"]


def test_any_other_failure_is_still_one(make: Make, house: House) -> None:
    def fails(work: Work) -> None:
        raise ValueError("something else")

    with pytest.raises(ValueError, match="something else"):
        run_job(house, "fails", fails)
    assert make.all(HeldJob) == []
    assert issubclass(ActStopped, Exception)
