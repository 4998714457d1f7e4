"""What is done about discipline: it is recommended, sent and answered, and an answer takes effect."""

from dataclasses import replace
from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.keeping import check_goes_out
from app.access.permissions import Permission
from app.access.work import Work
from app.allegations.actions import write_finding
from app.allegations.queries import departments_of
from app.cases import queries as cases
from app.cases.actions import tick
from app.cases.records import Case
from app.correspondence.records import Letter
from app.discipline import queries, rules
from app.discipline.actions.disputes import open_dispute
from app.discipline.commands import GiveAnswer, RecommendDiscipline
from app.discipline.events import (
    AnswerGiven,
    FindingsLetterOpened,
    FindingsSent,
    RecommendationMade,
    RecommendationSent,
)
from app.discipline.records import Recommendation
from app.kernel.errors import Refused, Stale
from app.kernel.numbers import number_from
from app.policy.model.decisions import LifeCode
from app.policy.model.letters import FilledLetter
from app.policy.model.powers import Act


@stops_with(Act.DISCIPLINE)
def recommend_discipline(work: Work, case_id: UUID, ask: RecommendDiscipline) -> Recommendation:
    """A measure for one sustained allegation; it goes out with the findings, or at once where those are out."""
    work.need(Permission.RECOMMENDATION_SEND)
    case = queries.case_at_hand(work, case_id)
    book = work.policies.named(case.policy_id)
    if not rules.may_recommend_at(book, case.stage):
        raise Refused("Discipline is recommended when the commission has decided, before the case is closed.")
    allegation = queries.allegation_of(work, case.id, ask.allegation_id)
    found = queries.finding_on(work, allegation.id, LifeCode.BOARD)
    rules.check_finding(book, found.disposition if found else None)
    measure = rules.check_measure(book, ask.measure)
    check_goes_out(work, case.id, ask.reasons)
    queries.hold(work, allegation.id)
    before = [each for each in queries.recommendations_of(work, case.id) if each.allegation_id == allegation.id]
    if not all(rules.may_follow(book, case.stage, is_answered=each.answered_on is not None) for each in before):
        raise Refused("There is a recommendation on this allegation already.")
    department_id = departments_of(work, case)[allegation.id]
    recommendation = work.add(
        Recommendation(
            id=uuid4(),
            case_id=case.id,
            allegation_id=allegation.id,
            department_id=department_id,
            number=number_from(rules.NUMBER_MASK, work.today.year),
            measure=measure,
            reasons=ask.reasons,
        )
    )
    work.happened(
        RecommendationMade(
            case_id=case.id, recommendation_id=recommendation.id, allegation_id=allegation.id, measure=measure
        )
    )
    if rules.is_sent_at_once(book, case.stage):
        _send(work, case, recommendation)
    return recommendation


@stops_with(Act.DISCIPLINE)
def send_recommendations(work: Work, case: Case) -> list[Recommendation]:
    """Sends everything that was recommended and is not out yet, each to whose officer it is about by now."""
    unsent = [each for each in queries.recommendations_of(work, case.id) if each.sent_on is None]
    whose = departments_of(work, case)
    for recommendation in unsent:
        if recommendation.allegation_id in whose:
            recommendation.department_id = whose[recommendation.allegation_id]
        _send(work, case, recommendation)
    return unsent


def _send(work: Work, case: Case, recommendation: Recommendation) -> None:
    book = work.policies.named(case.policy_id)
    recommendation.sent_on = work.today
    recommendation.due_on = rules.due_on(book, work.today)
    work.happened(
        RecommendationSent(
            case_id=case.id,
            recommendation_id=recommendation.id,
            allegation_id=recommendation.allegation_id,
            department_id=recommendation.department_id,
            measure=recommendation.measure,
            due_on=recommendation.due_on,
        )
    )


@stops_with(Act.CASEWORK)
def keep_findings_letter(work: Work, case: Case, kind: str, department_id: str, words: FilledLetter) -> Letter:
    """Keeps the letter to a department as it was written."""
    letter = work.add(
        Letter(
            id=uuid4(),
            case_id=case.id,
            filing_id=None,
            kind=kind,
            language="en",
            addressee=department_id,
            subject=words.subject,
            body=words.body,
            written_at=work.now,
            written_by_id=work.actor.id,
        )
    )
    work.happened(FindingsSent(case_id=case.id, letter_id=letter.id, department_id=department_id, kind=kind))
    return letter


@never_stopped("history stays and is read")
def open_findings_letter(work: Work, letter_id: UUID) -> Letter:
    """The department reads the letter; from then on the office knows that it arrived."""
    letter = queries.department_letter(work, letter_id)
    work.happened(FindingsLetterOpened(case_id=letter.case_id, letter_id=letter.id))
    return letter


@stops_with(Act.CASEWORK)
def give_answer(work: Work, recommendation_id: UUID, ask: GiveAnswer) -> Recommendation:
    """The department's answer; once."""
    work.need(Permission.ANSWER_GIVE)
    recommendation = queries.get_recommendation(work, recommendation_id, for_update=True)
    if recommendation.answered_on is not None:
        raise Refused("This recommendation is answered already.")
    if recommendation.version != ask.version:
        raise Stale()
    book = work.policies.named(queries.policy_of(work, recommendation.case_id))
    answer = rules.check_answer(book, rules.Given(ask.answer, ask.reasons, ask.imposed))
    recommendation.answer, recommendation.answer_reasons = answer.code, ask.reasons
    recommendation.imposed = ask.imposed
    recommendation.answered_on, recommendation.answered_by_id = work.today, work.actor.id
    work.happened(
        AnswerGiven(
            case_id=recommendation.case_id,
            recommendation_id=recommendation.id,
            answer=answer.code,
            imposed=ask.imposed,
        )
    )
    return recommendation


@never_stopped("an answer that was given takes effect")
def record_answer(work: Work, recommendation_id: UUID) -> None:
    """Lets an answer take effect: the department's finding, or a dispute, and the clock, when all is answered."""
    recommendation = queries.get_recommendation(work, recommendation_id)
    if recommendation.case_id is None or recommendation.answered_on is None:
        return
    case = cases.get_case(work, recommendation.case_id, for_update=True)
    # The finding is the department's; the machinery only writes it down.
    work.actor = replace(work.actor, id=recommendation.answered_by_id)
    _adopt(work, case, recommendation)
    open_dispute(work, case, recommendation, recommendation.answered_on)
    if queries.answer_received(work, case.id):
        tick(work, case, "answer_received", recommendation.answered_on)


def _adopt(work: Work, case: Case, recommendation: Recommendation) -> None:
    """Whoever accepts finds the same; whoever disagrees is on record with the answer and its reasons."""
    book = work.policies.named(case.policy_id)
    accepts = any(each.code == recommendation.answer and each.accepts for each in book.discipline.answers)
    if recommendation.allegation_id is None or not (accepts and rules.has_department_life(book)):
        return
    found = queries.finding_on(work, recommendation.allegation_id, LifeCode.BOARD)
    before = queries.finding_on(work, recommendation.allegation_id, LifeCode.DEPARTMENT)
    if found is None or (before is not None and before.disposition == found.disposition):
        return
    allegation = queries.allegation_of(work, case.id, recommendation.allegation_id)
    write_finding(work, allegation, case, LifeCode.DEPARTMENT, found.disposition, recommendation.answer_reasons)
