"""Cases that nobody complained of: what opening one asks, whether it is open already, and what it is called."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.work import Work
from app.cases import rules
from app.cases.commands import OpenOwnCase
from app.cases.queries.visible import get_case, visible_cases
from app.cases.records import Case
from app.clocks.rules import waits_for_a_letter
from app.correspondence import queries as correspondence
from app.intake.records import Filing
from app.policy.model.powers import Act


def may_open_own(work: Work) -> bool:
    """True where today's rulebook lets this person open some kind of case without a complaint."""
    return bool(rules.own_kinds(work.book, work.actor.roles))


def opening_view(work: Work) -> dict[str, Any]:
    """What the form offers: the kinds with their law, the departments, what may be alleged."""
    book = work.book
    kinds = rules.own_kinds(book, work.actor.roles)
    return {
        "kinds": [(kind.code, kind.label.to("en"), _about(work, kind)) for kind in kinds],
        "departments": [(each.code, each.label.to("en")) for each in book.departments],
        "categories": [(each.code, each.label.to("en")) for each in book.allegations],
        "must_allege": [kind.label.to("en") for kind in kinds if kind.needs_allegation],
        "stop": work.stop_of(Act.CASES),
    }


def _about(work: Work, kind: Any) -> str:
    """What the kind is, where it begins, and by which law."""
    begins = work.book.stage(rules.begins_at(work.book, kind)).label.to("en")
    said = kind.definition.to("en") if kind.definition else ""
    law = rules.law_of(work.book, kind)
    return " ".join(part for part in (said, f"Begins at: {begins}.", f"({law})" if law else "") if part)


def same_own_case(work: Work, ask: OpenOwnCase) -> str | None:
    """The number of a case opened today of the same kind, department, day and place."""
    query = visible_cases(work).with_only_columns(Case.number)
    query = query.where(Case.opened_on == work.today, Case.origin == ask.kind, Case.department_id == ask.department_id)
    query = query.where(Case.incident_date.is_not_distinct_from(ask.incident_on), Case.place == ask.place)
    return work.session.scalars(query.limit(1)).first()


def own_label(work: Work, case: Case) -> str:
    """The rulebook's name for the kind of a case that nobody complained of; empty for any other."""
    kind = rules.own_kind(work.policies.named(case.policy_id), case.origin)
    return kind.label.to("en") if kind else ""


def is_classified(work: Work, case_id: UUID) -> bool:
    """A fact for guards: screening made something of it; what the office opened itself is what its kind says."""
    case = get_case(work, case_id)
    return bool(case.classification or own_label(work, case))


def end_is_told(work: Work, case_id: UUID) -> bool:
    """A fact for guards: the letter about the end was written, or nobody filed to whom it could be."""
    if correspondence.closing_letter_sent(work, case_id):
        return True
    return is_without_filer(work, case_id)


def is_without_filer(work: Work, case_id: UUID) -> bool:
    """True where the office opened the case itself, and no filing has joined it since."""
    case = work.session.get(Case, case_id)
    if case is None or not own_label(work, case):
        return False
    return work.session.scalar(select(Filing.id).where(Filing.case_id == case_id).limit(1)) is None


def clocks_to_nobody(work: Work, case: Case) -> list[str]:
    """The names of the clocks that do not begin in this case, because there is nobody to write to."""
    if not own_label(work, case) or not is_without_filer(work, case.id):
        return []
    rules_of = work.policies.named(case.policy_id).deadlines
    return [rule.label.to("en") for rule in rules_of if waits_for_a_letter(rule)]
