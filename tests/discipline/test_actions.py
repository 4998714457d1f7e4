"""Recommended, sent, answered: what is kept and told, and what is refused without a trace."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.allegations.records import Finding
from app.cases import queries as cases
from app.cases.actions import move_case
from app.cases.commands import MoveCase
from app.cases.records import Case
from app.clocks.records import Clock
from app.correspondence.records import Letter
from app.discipline import actions, jobs, queries
from app.discipline.commands import GiveAnswer, RecommendDiscipline
from app.discipline.records import Recommendation
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from tests.conftest import WorkAs
from tests.discipline.conftest import Sustained
from tests.make import Make


def measure(make: Make) -> str:
    return str(make.book.discipline.penalties[3].code)


def recommend(sustained: Sustained, work_as: WorkAs, who: str = "director") -> Recommendation:
    ask = RecommendDiscipline(allegation_id=sustained.allegation.id, measure=measure(sustained.make), reasons="Why.")
    with work_as(who) as work:
        return actions.recommend_discipline(work, sustained.case.id, ask)


def stage_of(make: Make, phase: str) -> str:
    return str(next(stage.code for stage in make.book.stages if stage.phase == phase))


def put_at(sustained: Sustained, phase: str) -> None:
    """The case stands at the stage of that phase."""
    with sustained.make.owner() as session:
        case = session.get(Case, sustained.case.id)
        assert case is not None
        case.stage = stage_of(sustained.make, phase)
        session.commit()


def test_where_the_department_answers_a_recommendation_goes_out_at_once(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    recommend(sustained, work_as)
    (kept,) = make.all(Recommendation)
    assert (kept.sent_on, kept.due_on.isoformat()) == (make.today, "2026-04-15")
    assert kept.number.startswith("R-2026-")
    assert make.tags() == ["discipline:recommendation:made", "discipline:recommendation:sent"]


def test_before_the_case_goes_on_it_waits_and_goes_out_with_the_letter(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    put_at(sustained, "decision")
    recommend(sustained, work_as)
    assert make.all(Recommendation)[0].sent_on is None
    with work_as("liaison") as work:
        assert queries.addressed(work) == {"waiting": [], "answered": []}
    put_at(sustained, "answer")
    for _ in range(2):
        with work_as(Actor.system("send_findings")) as work:
            jobs.send_findings(work, sustained.case.id)
    (kept,) = make.all(Recommendation)
    (letter,) = make.all(Letter)
    assert kept.sent_on == make.today
    assert letter.addressee == sustained.case.department_id
    assert "Rivers" in letter.body
    assert "Sustained" in letter.body
    assert kept.number in letter.body
    assert make.tags()[-2:] == ["discipline:recommendation:sent", "discipline:findings:sent"]


def test_the_secretary_recommends_for_a_docketed_case_and_for_no_other(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    with pytest.raises(NotFound):
        recommend(sustained, work_as, "secretary")
    sustained.docket()
    recommend(sustained, work_as, "secretary")
    assert len(make.all(Recommendation)) == 1


@pytest.mark.parametrize("who", ["investigator", "supervisor", "commissioner", "liaison"])
def test_nobody_else_recommends(sustained: Sustained, make: Make, work_as: WorkAs, who: str) -> None:
    with pytest.raises(NotAllowed):
        recommend(sustained, work_as, who)
    assert make.all(Recommendation) == []


def test_a_second_one_follows_only_before_the_commission_and_after_an_answer(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    recommend(sustained, work_as)
    with pytest.raises(Refused, match="already"):
        recommend(sustained, work_as)
    (first,) = make.all(Recommendation)
    answer(first, work_as)
    with pytest.raises(Refused, match="already"):
        recommend(sustained, work_as)
    put_at(sustained, "decision")
    recommend(sustained, work_as)
    assert len(make.all(Recommendation)) == 2


def test_a_measure_is_one_of_the_rulebook_on_an_allegation_of_the_case(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    elsewhere = make.allegation(make.case(), sustained.officer)
    ask = RecommendDiscipline(allegation_id=elsewhere.id, measure=measure(make))
    with pytest.raises(NotFound), work_as("director") as work:
        actions.recommend_discipline(work, sustained.case.id, ask)
    ask = RecommendDiscipline(allegation_id=sustained.allegation.id, measure="flogging")
    with pytest.raises(Invalid), work_as("director") as work:
        actions.recommend_discipline(work, sustained.case.id, ask)
    assert make.all(Recommendation) == []
    assert make.tags() == []


def test_nothing_is_recommended_before_the_commission_has_found(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage=stage_of(make, "decision"))
    allegation = make.allegation(case, make.officer())
    make.finding(allegation)
    ask = RecommendDiscipline(allegation_id=allegation.id, measure=measure(make))
    with pytest.raises(Refused, match="not decided"), work_as("director") as work:
        actions.recommend_discipline(work, case.id, ask)


# --- the answer ---


def answer(sent: Recommendation, work_as: WorkAs, **given: object) -> None:
    ask = GiveAnswer.model_validate(
        {"version": 1, "answer": "agree", "imposed": "suspension_short", "reasons": ""} | given
    )
    with work_as("liaison") as work:
        actions.give_answer(work, sent.id, ask)


def take_effect(sent: Recommendation, work_as: WorkAs) -> None:
    for _ in range(2):
        with work_as(Actor.system("record_answer")) as work:
            jobs.record_answer(work, sent.id)


def test_an_answer_that_accepts_becomes_the_department_s_finding_and_stops_the_clock(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    sent = sustained.sent()
    clock = make.clock(sustained.case, make.book.discipline.answer_clock)
    answer(sent, work_as)
    take_effect(sent, work_as)
    (kept,) = make.all(Recommendation)
    assert (kept.answer, kept.imposed, kept.answered_on) == ("agree", "suspension_short", make.today)
    (found,) = make.all(Finding, life="department")
    assert found.disposition == make.all(Finding, life="board")[0].disposition
    assert found.found_by_id == make.actor("liaison").id
    assert [row.stopped_on for row in make.all(Clock) if row.id == clock.id] == [make.today]


def test_an_answer_that_disagrees_is_on_record_with_its_reasons_alone(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    sent = sustained.sent()
    answer(sent, work_as, answer="disagree", imposed="", reasons="The stop was lawful.")
    take_effect(sent, work_as)
    assert make.all(Finding, life="department") == []
    assert make.all(Recommendation)[0].answer_reasons == "The stop was lawful."
    with work_as("director") as work:
        (line,) = queries.discipline_view(work, sustained.case)["lines"]
    assert dict(line.words)["Commission"] == "Sustained"
    assert line.answer == "Disagrees with the finding"
    assert line.days == 0


def test_an_answer_is_given_once_and_an_old_page_gives_none(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    sent = sustained.sent()
    with pytest.raises(Stale):
        answer(sent, work_as, version=7)
    answer(sent, work_as)
    with pytest.raises(Refused, match="already"):
        answer(sent, work_as, version=2)
    assert make.tags() == ["discipline:answer:given"]


def test_an_answer_without_its_reasons_changes_nothing(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    sent = sustained.sent()
    with pytest.raises(Invalid):
        answer(sent, work_as, answer="disagree", imposed="")
    assert make.all(Recommendation)[0].answered_on is None
    assert make.tags() == []


def test_the_guards_follow_the_recommendations(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    def facts(now: datetime) -> tuple[bool, ...]:
        with work_as("director", now=now) as work:
            names = ("findings_sent", "answer_received", "answer_lapsed")
            return tuple(work.fact(name, sustained.case.id) for name in names)

    in_time, late = datetime(2026, 4, 15, 18, tzinfo=UTC), datetime(2026, 4, 16, 18, tzinfo=UTC)
    assert facts(in_time) == (True, True, False)
    sent = sustained.sent()
    assert facts(in_time) == (True, False, False)
    assert facts(late) == (True, False, True)
    answer(sent, work_as)
    assert facts(late) == (True, True, False)
    sustained.sent(sent_on=None, due_on=None)
    assert facts(in_time) == (False, False, False)


def test_an_answer_has_lapsed_only_when_no_other_can_still_come_in_time(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    silent, slower = sustained.sent(due_on=date(2026, 3, 10)), sustained.sent(due_on=make.today)
    with work_as("director") as work:
        assert not work.fact("answer_lapsed", sustained.case.id)
    answer(slower, work_as)
    with work_as("director") as work:
        assert work.fact("answer_lapsed", sustained.case.id)
    answer(silent, work_as)
    with work_as("director") as work:
        assert not work.fact("answer_lapsed", sustained.case.id)


def close_past(sustained: Sustained, work_as: WorkAs, now: datetime) -> None:
    with work_as("director", now=now) as work:
        ways = work.book.moves_from(sustained.case.stage)
        end = next(move.to for move in ways if "answer_lapsed" in move.only_if)
        case = cases.get_case(work, sustained.case.id)
        move_case(work, case.id, MoveCase(version=case.version, to=end))


def test_a_silent_chief_is_closed_past_after_the_last_day_and_not_before(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    sent = sustained.sent()
    clock = make.clock(sustained.case, make.book.discipline.answer_clock, started_by="findings_sent")
    with pytest.raises(Refused, match="still has time"):
        close_past(sustained, work_as, datetime(2026, 4, 15, 18, tzinfo=UTC))
    assert make.all(Case)[0].closed_on is None
    assert make.tags() == []
    close_past(sustained, work_as, datetime(2026, 4, 16, 18, tzinfo=UTC))
    (closed,) = make.all(Case)
    assert make.book.stage(closed.stage).final
    assert (closed.closed_on, closed.closure, closed.due_on) == (date(2026, 4, 16), "", None)
    assert [row.stopped_by for row in make.all(Clock) if row.id == clock.id] == ["case_closed"]
    assert make.tags()[-1] == "cases:case:closed"
    assert make.all(Recommendation)[0].id == sent.id
    with pytest.raises(Refused), work_as("director") as work:
        move_case(work, closed.id, MoveCase(version=closed.version, to="closed"))


def test_the_closing_letter_says_that_no_answer_came_and_what_the_law_makes_of_it(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    sustained.sent(due_on=date(2026, 3, 10))
    with work_as(Actor.system("write_closing_letter")) as work:
        said = {lang: queries.closing_facts(work, sustained.case.id, lang)["outcome"] for lang in ("en", "es")}
    assert said["en"].startswith("The department did not answer in time. The commission's finding stands")
    assert said["es"].startswith("El departamento no respondió a tiempo. La conclusión de la comisión se mantiene")


def test_an_answer_that_comes_after_the_end_is_still_kept(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    sent = sustained.sent(due_on=date(2026, 3, 10))
    close_past(sustained, work_as, datetime(2026, 3, 16, 18, tzinfo=UTC))
    answer(sent, work_as)
    take_effect(sent, work_as)
    (kept,) = make.all(Recommendation)
    (found,) = make.all(Finding, life="department")
    assert (kept.answered_on, found.disposition) == (make.today, make.all(Finding, life="board")[0].disposition)
    assert make.all(Case)[0].due_on is None


def test_the_closing_letter_says_what_the_department_answered(
    sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    sustained.sent(answered_on=make.today, answer="agree", imposed="training")
    with work_as(Actor.system("write_closing_letter")) as work:
        english = queries.closing_facts(work, sustained.case.id, "en")["outcome"]
        spanish = queries.closing_facts(work, sustained.case.id, "es")["outcome"]
        assert queries.closing_facts(work, uuid4(), "en") == {}
    assert english.startswith("The department answered: Agrees with the finding and the discipline. Imposed: Training")
    assert spanish.startswith("El departamento respondió: ")
