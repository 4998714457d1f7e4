"""What the worker does about discipline: findings go to the department, and its answers take effect."""

from uuid import UUID

from app.access.held import hold
from app.access.work import Work
from app.cases import queries as cases
from app.cases.records import Case
from app.discipline import actions, letters, queries, rules
from app.discipline.records import Recommendation
from app.policy.model.powers import Act

SENT = "findings_sent"


def send_findings(work: Work, case_id: UUID) -> None:
    """When a case comes to where the department answers: recommendations go out, and the letter with them; once."""
    case = cases.get_case(work, case_id, for_update=True)
    book = work.policies.named(case.policy_id)
    if not rules.is_sent_at_once(book, case.stage):
        return
    # Findings go out all the same; what was recommended waits for the power.
    stop = work.stop_of(Act.DISCIPLINE)
    unsent = actions.send_recommendations(work, case) if stop is None else []
    if stop is not None and any(each.sent_on is None for each in queries.recommendations_of(work, case.id)):
        hold(work, "send_findings", {"case_id": str(case.id)}, Act.DISCIPLINE)
    for department_id in queries.departments_in(work, case):
        _write_findings(work, case, department_id, [each for each in unsent if each.department_id == department_id])


def _write_findings(work: Work, case: Case, department_id: str, sent: list[Recommendation]) -> None:
    """The letter to one department, of its own officers alone."""
    book = work.policies.named(case.policy_id)
    written = {letter.kind for letter in queries.letters_to_department(work, case.id, department_id)}
    for kind in book.letters:
        if kind.on == SENT and kind.to == "department" and (sent or kind.code not in written):
            words = letters.findings_letter(work, case, kind.code, department_id, sent)
            actions.keep_findings_letter(work, case, kind.code, department_id, words)


def record_answer(work: Work, recommendation_id: UUID) -> None:
    """Safe to run twice: a finding that stands is not written again, a clock that stopped stays stopped."""
    actions.record_answer(work, recommendation_id)
