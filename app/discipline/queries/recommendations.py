"""Selects of recommendations: of one case behind two doors, and those addressed to one department."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.work import Work
from app.allegations.queries import departments_of, motion_subjects
from app.allegations.records import Allegation, Finding
from app.cases import queries as cases
from app.cases.records import Case
from app.commission import queries as commission
from app.correspondence.letters import say
from app.correspondence.records import Letter
from app.discipline import rules
from app.discipline.queries.disputes import ShownDispute, after_disputes, shown_disputes
from app.discipline.queries.words import answer_word, measure_word
from app.discipline.records import Recommendation
from app.evidence import rules as demands
from app.infra.db import Door
from app.people import queries as people
from app.policy.model import Rulebook
from app.policy.model.decisions import LifeCode

LISTED = 100


@dataclass(frozen=True)
class Line:
    """One allegation's way from the investigator to what stands: who said what, why, and how long it took."""

    allegation_id: UUID
    label: str
    words: tuple[tuple[str, str], ...]
    recommendation: Recommendation | None
    measure: str
    answer: str
    imposed: str
    days: int | None
    is_late: bool
    may_recommend: bool
    department: str
    dispute: ShownDispute | None = None


@dataclass(frozen=True)
class Addressed:
    """A recommendation as the department reads it: never who complained."""

    recommendation: Recommendation
    case_number: str
    book: Rulebook
    allegation: str
    officer: str
    finding: str
    measure: str
    answer: str
    imposed: str
    days_left: int | None
    dispute: ShownDispute | None = None


def case_at_hand(work: Work, case_id: UUID) -> Case:
    """The case behind this door: any visible one in the office, a docketed one in the commission's room."""
    if work.actor.door is Door.COMMISSION:
        return commission.docketed_case(work, commission.item_of_case(work, case_id))
    return cases.get_case(work, case_id)


def visible_recommendations(work: Work) -> Select[Recommendation]:
    """What was recommended in cases that are this person's to see; row security leaves each door its own."""
    work.need(Permission.RECOMMENDATION_READ)
    return select(Recommendation)


def recommendations_of(work: Work, case_id: UUID) -> list[Recommendation]:
    """The recommendations of one case, in the order of their numbers; the caller has the case."""
    query = select(Recommendation).where(Recommendation.case_id == case_id)
    return list(work.session.scalars(query.order_by(Recommendation.sent_on.nulls_last(), Recommendation.number)))


def get_recommendation(work: Work, recommendation_id: UUID, *, for_update: bool = False) -> Recommendation:
    """One recommendation, or 404."""
    query = visible_recommendations(work).where(Recommendation.id == recommendation_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def hold(work: Work, allegation_id: UUID) -> None:
    """From here to its end one transaction at a time recommends on this allegation, by whichever door it came."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(allegation_id), 0))))


def allegation_of(work: Work, case_id: UUID, allegation_id: UUID) -> Allegation:
    """One standing allegation of the case, or 404."""
    query = select(Allegation).where(Allegation.id == allegation_id, Allegation.case_id == case_id)
    return one_or_not_found(work, query.where(Allegation.withdrawn_at.is_(None)))


def finding_on(work: Work, allegation_id: UUID, life: str) -> Finding | None:
    """What one authority now says of an allegation; the caller has the case."""
    query = select(Finding).where(
        Finding.allegation_id == allegation_id, Finding.life == str(life), Finding.superseded_at.is_(None)
    )
    return work.session.scalars(query).one_or_none()


def policy_of(work: Work, case_id: UUID | None) -> str:
    """The rulebook of a case, by a column that the department's door may read."""
    policy_id = work.session.scalar(select(Case.policy_id).where(Case.id == case_id))
    return policy_id or work.book.policy_id


def departments_in(work: Work, case: Case) -> list[str]:
    """The departments whose officers the case is about, in the rulebook's order; its own where it is about nobody."""
    whose = set(departments_of(work, case).values()) or {case.department_id}
    return [each.code for each in work.policies.named(case.policy_id).departments if each.code in whose]


def letters_to_department(work: Work, case_id: UUID, department_id: str) -> list[Letter]:
    """The letters that took the findings of a case to a department."""
    query = select(Letter).where(Letter.case_id == case_id, Letter.filing_id.is_(None), Letter.kind != demands.LETTER)
    query = query.where(Letter.addressee == department_id)
    return list(work.session.scalars(query.order_by(Letter.written_at, Letter.id)))


# --- one case, for the office and for the secretary ---


def discipline_view(work: Work, case: Case) -> dict[str, Any]:
    """Each allegation's line, and what may be recommended."""
    book = work.policies.named(case.policy_id)
    lines = divergence(work, case, book)
    return {
        "lives": [life.label.to("en") for life in book.lives],
        "lines": lines,
        "to_recommend": [(line.allegation_id, line.label) for line in lines if line.may_recommend],
        "measures": [(penalty.code, penalty.label.to("en")) for penalty in book.discipline.penalties],
        "recommends": work.may(Permission.RECOMMENDATION_SEND),
        "silence": book.discipline.silence.to("en") if book.discipline.silence else "",
    }


def divergence(work: Work, case: Case, book: Rulebook) -> list[Line]:
    """Who said what on each allegation, side by side."""
    rows = select(Finding.allegation_id, Finding.life, Finding.disposition).where(
        Finding.case_id == case.id, Finding.superseded_at.is_(None)
    )
    said: dict[UUID, dict[str, str]] = {}
    for row in work.session.execute(rows):
        said.setdefault(row.allegation_id, {})[row.life] = row.disposition
    sent: dict[UUID | None, Recommendation] = {}
    for each in recommendations_of(work, case.id):
        sent[each.allegation_id] = each
    subjects = motion_subjects(work, case.id)
    lines = [_line(work, case, book, row[0], row[1], said.get(row[0], {}), sent.get(row[0])) for row in subjects]
    shown = shown_disputes(work, [(book, each.recommendation) for each in lines if each.recommendation])
    return [replace(each, dispute=shown.get(each.recommendation.id)) if each.recommendation else each for each in lines]


def _line(
    work: Work,
    case: Case,
    book: Rulebook,
    allegation_id: UUID,
    label: str,
    said: dict[str, str],
    sent: Recommendation | None,
) -> Line:
    words = {word.code: word.label.to("en") for word in book.findings}
    found = said.get(str(LifeCode.BOARD))
    is_free = sent is None or rules.may_follow(book, case.stage, is_answered=sent.answered_on is not None)
    may_recommend = is_free and rules.may_recommend_at(book, case.stage) and rules.calls_for_discipline(book, found)
    return Line(
        allegation_id=allegation_id,
        label=label,
        words=tuple((life.label.to("en"), _word(words, said.get(str(life.code)))) for life in book.lives),
        recommendation=sent,
        measure=measure_word(book, sent.measure if sent else ""),
        answer=answer_word(book, sent.answer if sent else None),
        imposed=measure_word(book, sent.imposed if sent else ""),
        days=rules.days_taken(sent.sent_on, sent.answered_on, work.today) if sent else None,
        is_late=sent is not None and rules.has_lapsed(sent.due_on, sent.answered_on, work.today),
        may_recommend=may_recommend,
        department=book.department(sent.department_id).label.to("en") if sent else "",
    )


def _word(words: dict[str, str], code: str | None) -> str:
    return words.get(code, code) if code else ""


# --- facts and parts ---


def findings_sent(work: Work, case_id: UUID) -> bool:
    """A fact for guards: nothing that was recommended is still unsent."""
    return all(each.sent_on is not None for each in recommendations_of(work, case_id))


def answer_received(work: Work, case_id: UUID) -> bool:
    """A fact for guards: everything recommended is answered; where nothing was, no answer is owed."""
    return all(each.answered_on is not None for each in recommendations_of(work, case_id))


def answer_lapsed(work: Work, case_id: UUID) -> bool:
    """A fact for guards: the last day of an answer is over, and no other answer can still come in time."""
    owed = [each for each in recommendations_of(work, case_id) if each.answered_on is None]
    return bool(owed) and all(rules.has_lapsed(each.due_on, None, work.today) for each in owed)


def case_tab(work: Work, case: Case) -> tuple[str, str, int]:
    """The tab on the office's case page, with how many recommendations there are."""
    return ("Discipline", f"/office/cases/{case.id}/discipline", _count(work, case.id))


def room_tabs(work: Work, case: Case) -> tuple[str, str, bool, int] | None:
    """The way from the commission's page of a case to its recommendations, for whoever sends them."""
    if not work.may(Permission.RECOMMENDATION_READ):
        return None
    return ("Discipline", f"/commission/cases/{case.id}/discipline", False, _count(work, case.id))


def _count(work: Work, case_id: UUID) -> int:
    query = select(func.count(Recommendation.id)).where(Recommendation.case_id == case_id)
    return work.session.scalar(query) or 0


def closing_facts(work: Work, case_id: UUID, language: str) -> dict[str, str]:
    """For the closing letter: what the department answered, or that no answer came, in the rulebook's words."""
    book = work.policies.named(policy_of(work, case_id))
    sent = recommendations_of(work, case_id)
    lines = [_outcome_line(book, each, language, sent) for each in sent if each.answered_on is not None]
    lines += after_disputes(work, book, sent, language)
    silent = [each for each in sent if rules.has_lapsed(each.due_on, each.answered_on, work.today)]
    lines += [_silence_line(book, each, language, sent) for each in silent]
    return {"outcome": "\n".join(dict.fromkeys(lines))} if lines else {}


def _silence_line(book: Rulebook, silent: Recommendation, language: str, sent: list[Recommendation]) -> str:
    """What it means that nobody answered."""
    law = book.discipline.silence.to(language) if book.discipline.silence else ""
    who = _which(book, silent, language, sent)
    return f"{who}{say(language, 'The department did not answer in time.')} {law}".strip()


def _outcome_line(book: Rulebook, given: Recommendation, language: str, sent: list[Recommendation]) -> str:
    answer, who = answer_word(book, given.answer, language), _which(book, given, language, sent)
    if not given.imposed:
        return f"{who}{say(language, 'The department answered')}: {answer}."
    imposed = measure_word(book, given.imposed, language)
    return f"{who}{say(language, 'The department answered')}: {answer}. {say(language, 'Imposed')}: {imposed}."


def _which(book: Rulebook, one: Recommendation, language: str, sent: list[Recommendation]) -> str:
    """Where several departments had to answer, which one this was."""
    several = len({each.department_id for each in sent}) > 1
    return f"{book.department(one.department_id).label.to(language)}: " if several else ""


# --- the department's door ---


def addressed(work: Work) -> dict[str, list[Addressed]]:
    """What the department owes an answer to, the nearest day first, and what it has answered."""
    waiting = visible_recommendations(work).where(Recommendation.answered_on.is_(None))
    given = visible_recommendations(work).where(Recommendation.answered_on.is_not(None))
    order = (Recommendation.due_on.nulls_last(), Recommendation.id)
    return {
        "waiting": _as_addressed(work, waiting.order_by(*order)),
        "answered": _as_addressed(work, given.order_by(Recommendation.answered_on.desc(), Recommendation.id)),
    }


def addressed_one(work: Work, recommendation_id: UUID) -> Addressed:
    """One of them as the department reads it, or 404."""
    get_recommendation(work, recommendation_id)
    return _as_addressed(work, visible_recommendations(work).where(Recommendation.id == recommendation_id))[0]


def _as_addressed(work: Work, query: Select[Recommendation]) -> list[Addressed]:
    """With what the department's door may read of cases, allegations, officers and the body's findings."""
    sent = list(work.session.scalars(query.limit(LISTED)))
    case_ids, allegation_ids = [each.case_id for each in sent], [each.allegation_id for each in sent]
    of_cases = select(Case.id, Case.number, Case.policy_id).where(Case.id.in_(case_ids))
    numbers = {row.id: row for row in work.session.execute(of_cases)}
    of_allegations = select(Allegation.id, Allegation.category, Allegation.officer_id, Allegation.position).where(
        Allegation.id.in_(allegation_ids)
    )
    about = {row.id: row for row in work.session.execute(of_allegations)}
    officers = people.officers_by_id(work, {row.officer_id for row in about.values() if row.officer_id})
    of_findings = select(Finding.allegation_id, Finding.disposition).where(
        Finding.allegation_id.in_(allegation_ids),
        Finding.life == str(LifeCode.BOARD),
        Finding.superseded_at.is_(None),
    )
    found = {row.allegation_id: row.disposition for row in work.session.execute(of_findings)}
    given = [_one(work, each, numbers, about, officers, found) for each in sent]
    shown = shown_disputes(work, [(one.book, one.recommendation) for one in given])
    return [replace(one, dispute=shown.get(one.recommendation.id)) for one in given]


def _one(
    work: Work,
    sent: Recommendation,
    numbers: dict[UUID, Any],
    about: dict[UUID, Any],
    officers: dict[UUID, Any],
    found: dict[UUID, str],
) -> Addressed:
    case = numbers.get(sent.case_id) if sent.case_id else None
    allegation = about.get(sent.allegation_id) if sent.allegation_id else None
    book = work.policies.named(case.policy_id) if case else work.book
    officer = officers.get(allegation.officer_id) if allegation else None
    words = {word.code: word.label.to("en") for word in book.findings}
    return Addressed(
        recommendation=sent,
        case_number=case.number if case else "",
        book=book,
        allegation=book.category(allegation.category).label.to("en") if allegation else "",
        officer=people.label(officer) if officer else "no officer named",
        finding=_word(words, found.get(sent.allegation_id) if sent.allegation_id else None),
        measure=measure_word(book, sent.measure),
        answer=answer_word(book, sent.answer),
        imposed=measure_word(book, sent.imposed),
        days_left=_days_left(sent.due_on, work.today),
    )


def _days_left(due: date | None, today: date) -> int | None:
    return (due - today).days if due else None


def department_letters(work: Work) -> list[Any]:
    """The letters with findings that were written to this department, the latest first."""
    work.need(Permission.RECOMMENDATION_READ)
    query = select(Letter.id, Letter.subject, Letter.written_at)
    query = query.where(Letter.addressee == work.actor.department_id, Letter.kind != demands.LETTER)
    return list(work.session.execute(query.order_by(Letter.written_at.desc(), Letter.id).limit(LISTED)))


def department_letter(work: Work, letter_id: UUID) -> Letter:
    """One of them, or 404."""
    work.need(Permission.RECOMMENDATION_READ)
    query = select(Letter).where(Letter.id == letter_id, Letter.addressee == work.actor.department_id)
    query = query.where(Letter.kind != demands.LETTER)
    return one_or_not_found(work, query)
