"""Letters are the rulebook's, in the filer's language, with known facts only; written once, and frozen."""

from datetime import timedelta
from typing import Any

import pytest

from app.access.actor import Actor
from app.cases import jobs
from app.cases.actions import move_case
from app.cases.commands import MoveCase
from app.cases.records import Case
from app.clocks.records import Clock
from app.correspondence.records import Letter
from app.intake.actions import screen_filing
from app.intake.commands import ScreenFiling
from app.intake.records import Filing
from app.intake.rules.appeals import last_day
from app.policy.model.process import Phase
from tests.conftest import NOW, WorkAs
from tests.make import Make

WORKER = Actor.system("test")


def screened(make: Make, work_as: WorkAs, classification: str = "investigation", **given: Any) -> tuple[Filing, Case]:
    filing = make.filing(**given)
    department = make.book.departments[0].code
    with work_as("supervisor") as work:
        ask = ScreenFiling(
            version=1, classification=classification, department_id=department, reason="As the rule says."
        )
        screen_filing(work, filing.id, ask)
    (case,) = make.all(Case)
    return filing, case


def letters(make: Make) -> list[Letter]:
    return sorted(make.all(Letter), key=lambda letter: letter.written_at)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_acknowledgement_says_what_comes_next_and_by_when(make: Make, work_as: WorkAs, language: str) -> None:
    filing, case = screened(make, work_as, language=language)
    with work_as(WORKER) as work:
        jobs.write_acknowledgement(work, filing.id)
    (letter,) = letters(make)
    stage = make.book.stage(case.stage)
    assert (letter.language, letter.filing_id, letter.case_id) == (language, filing.id, case.id)
    assert filing.number in letter.subject
    assert stage.public_next.to(language) in letter.body
    assert "{" not in letter.body


def test_the_acknowledgement_stops_its_clock_and_is_written_once(make: Make, work_as: WorkAs) -> None:
    filing, case = screened(make, work_as)
    for _ in range(2):
        with work_as(WORKER) as work:
            jobs.write_acknowledgement(work, filing.id)
    assert len(letters(make)) == 1
    stopped = {clock.rule for clock in make.all(Clock, case_id=case.id) if clock.stopped_on is not None}
    waiting_for_it = {clock.code for clock in make.book.clocks_stopped_by("acknowledgement_sent")}
    assert waiting_for_it <= stopped
    assert make.tags().count("correspondence:letter:written") == 1


def test_a_case_that_ends_at_screening_gets_one_letter_that_says_why(make: Make, work_as: WorkAs) -> None:
    refer = next(each for each in make.book.classification if each.refer_to)
    filing, case = screened(make, work_as, refer.code)
    with work_as(WORKER) as work:
        jobs.write_acknowledgement(work, filing.id)
        jobs.write_closing_letter(work, case.id)
    (letter,) = letters(make)
    kind = next(kind for kind in make.book.letters if kind.on == "case_referred")
    place = next(each for each in make.book.jurisdiction.refer_to if each.code == refer.refer_to)
    assert letter.kind == kind.code
    assert place.label.to("en") in letter.body
    assert not [c for c in make.all(Clock, case_id=case.id) if c.rule == "acknowledge" and c.stopped_on is None]


def closed_early(make: Make, work_as: WorkAs) -> tuple[Filing, Case, str]:
    filing, case = screened(make, work_as, language="es")
    closure = next(c for c in make.book.closures if "director" in c.by and c.may_reopen and not c.contact_attempts)
    move = next(
        m for m in make.book.moves_from(case.stage) if "closure_reason_given" in m.only_if and "director" in m.by
    )
    with work_as("director") as work:
        version = work.session.get(Case, case.id).version
        ask = MoveCase(version=version, to=move.to, reason="They asked us to stop.", closure=closure.code)
        move_case(work, case.id, ask)
    return filing, case, closure.code


def test_a_case_closed_early_tells_the_reason_and_how_it_opens_again(make: Make, work_as: WorkAs) -> None:
    _, case, code = closed_early(make, work_as)
    for _ in range(2):
        with work_as(WORKER) as work:
            jobs.write_closing_letter(work, case.id)
    (letter,) = letters(make)
    closure = make.book.closure(code)
    assert closure.definition.to("es") in letter.body
    assert closure.reopen_when.to("es") in letter.body
    assert "They asked us to stop." not in letter.body


def test_a_closing_letter_has_each_finding_in_plain_words(make: Make, work_as: WorkAs) -> None:
    final = next(s for s in make.book.stages if s.phase is Phase.CLOSED and not _leads_elsewhere(make, s.code))
    case = make.case(stage=final.code, closed_on=make.today)
    make.filing(case_id=case.id, screened_at=NOW)
    word = next(f for f in make.book.findings if "board" in f.lives)
    make.finding(make.allegation(case, make.officer()), life="board", disposition=word.code)
    with work_as(WORKER) as work:
        jobs.write_closing_letter(work, case.id)
    (letter,) = letters(make)
    assert word.label.to("en") in letter.body
    assert word.definition.to("en") in letter.body
    way = next(each for each in make.book.review.appeals if each.limit_from == "closing_letter_sent")
    last_on = last_day(make.book, way, make.today)
    assert last_on is not None
    assert f"{way.label.to('en')}. The last day to ask is {last_on:%B} {last_on.day}, {last_on.year}." in letter.body


def _leads_elsewhere(make: Make, stage: str) -> bool:
    return any(each.leads_to == stage for each in make.book.classification)


def test_while_the_case_goes_on_no_closing_letter_is_written(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    make.filing(case_id=case.id, screened_at=NOW)
    with work_as(WORKER) as work:
        jobs.write_closing_letter(work, case.id)
    assert letters(make) == []


def test_a_decision_is_told_when_the_case_waits_for_the_answer(make: Make, work_as: WorkAs) -> None:
    stage = next(s for s in make.book.stages if s.phase is Phase.ANSWER)
    case = make.case(stage=stage.code)
    make.filing(case_id=case.id, screened_at=NOW)
    for _ in range(2):
        with work_as(WORKER) as work:
            jobs.write_stage_letter(work, case.id)
    (letter,) = letters(make)
    assert letter.kind == next(k.code for k in make.book.letters if k.on == "findings_sent" and k.to == "filer")


def test_each_filer_of_a_case_gets_the_letter_in_their_own_language(make: Make, work_as: WorkAs) -> None:
    _, case, _ = closed_early(make, work_as)
    make.filing(case_id=case.id, screened_at=NOW, language="en")
    with work_as(WORKER) as work:
        jobs.write_closing_letter(work, case.id)
    assert sorted(letter.language for letter in letters(make)) == ["en", "es"]


def test_a_case_closed_again_another_day_is_told_again(make: Make, work_as: WorkAs) -> None:
    _, case, _ = closed_early(make, work_as)
    for days in (0, 9):
        with work_as(WORKER, now=NOW + timedelta(days=days)) as work:
            jobs.write_closing_letter(work, case.id)
    assert len(letters(make)) == 2


def test_every_job_of_the_reactions_is_known() -> None:
    from app import stages
    from app.access.work import Later

    named = {each.task for follow in stages.REACTIONS.values() for each in follow if isinstance(each, Later)}
    assert named <= set(stages.JOBS)
