"""The facts of the letter that takes the findings to the department. Never who complained."""

from uuid import UUID

from app.access.work import Work
from app.allegations.queries import told_department
from app.cases.records import Case
from app.correspondence.letters import filled, office_facts, say_day
from app.discipline import queries, rules
from app.discipline.records import Recommendation
from app.policy.model import Rulebook
from app.policy.model.decisions import LifeCode
from app.policy.model.letters import FilledLetter

ENGLISH = "en"
NO_RECOMMENDATION = "No discipline is recommended."


def findings_letter(work: Work, case: Case, kind: str, department_id: str, sent: list[Recommendation]) -> FilledLetter:
    """What the body found on each allegation against an officer of this department, what it recommends, and by when
    an answer is due."""
    book = work.policies.named(case.policy_id)
    department, about = book.department(department_id), told_department(work, case, department_id)
    facts = office_facts(work, book, ENGLISH) | {
        "case_number": case.number,
        "department_name": department.label.to(ENGLISH),
        "chief_title": department.head_title.to(ENGLISH) if department.head_title else department.label.to(ENGLISH),
        "findings": _findings(work, book, about),
        "recommendation": _recommendations(book, about, sent),
        "due_on": say_day(ENGLISH, rules.due_on(book, work.today)),
        "authority": book.discipline.authority or "the law",
    }
    if book.discipline.recommender:
        facts["signed_by"] = book.body(book.discipline.recommender).label.to(ENGLISH)
    return filled(book, kind, ENGLISH, facts)


def _findings(work: Work, book: Rulebook, about: dict[UUID, str]) -> str:
    lines = []
    for allegation_id, label in about.items():
        found = queries.finding_on(work, allegation_id, LifeCode.BOARD)
        word = book.finding(found.disposition).label.to(ENGLISH) if found else "no finding"
        lines.append(f"{label}: {word}")
    return "\n".join(lines)


def _recommendations(book: Rulebook, about: dict[UUID, str], sent: list[Recommendation]) -> str:
    labels = dict[UUID | None, str](about.items())
    lines = [
        f"{each.number}: {queries.measure_word(book, each.measure)}, on {labels.get(each.allegation_id, 'the case')}"
        + (f". {each.reasons}" if each.reasons else "")
        for each in sent
    ]
    return "\n".join(lines) or NO_RECOMMENDATION
