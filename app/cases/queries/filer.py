"""What a letter to the filer needs of the case: which event it came to, and why it ended."""

from uuid import UUID

from sqlalchemy import select

from app.access.work import Work
from app.cases import rules
from app.cases.records import Case
from app.policy.model import Rulebook


def ending_of(work: Work, case_id: UUID) -> str | None:
    """The event that ended the case, as letters and clocks name it; None while it goes on."""
    query = select(Case.policy_id, Case.stage, Case.closure).where(Case.id == case_id)
    row = work.session.execute(query).one_or_none()
    if row is None:
        return None
    book = work.policies.named(row.policy_id)
    if not book.stage(row.stage).final:
        return None
    return rules.closed_how(book, row.stage, row.closure, refers=rules.is_referral(book, row.stage))


def reached_event(work: Work, case_id: UUID) -> str | None:
    """What the case's stage means to clocks and letters while it goes on."""
    row = work.session.execute(select(Case.policy_id, Case.stage).where(Case.id == case_id)).one_or_none()
    if row is None or work.policies.named(row.policy_id).stage(row.stage).final:
        return None
    return rules.clock_event(work.policies.named(row.policy_id), row.stage)


def closing_facts(work: Work, case_id: UUID, language: str) -> dict[str, str]:
    """Why it ended and what could open it again, in the rulebook's words."""
    query = select(Case.policy_id, Case.closure, Case.classification).where(Case.id == case_id)
    row = work.session.execute(query).one()
    book = work.policies.named(row.policy_id)
    return _closure_facts(book, row.closure, language) | _referral_facts(book, row.classification, language)


def _closure_facts(book: Rulebook, code: str, language: str) -> dict[str, str]:
    closure = next((each for each in book.closures if each.code == code), None)
    if closure is None:
        return {}
    reopening = {"reopen_text": closure.reopen_when.to(language)} if closure.reopen_when else {}
    return {"reason": closure.definition.to(language)} | reopening


def _referral_facts(book: Rulebook, code: str, language: str) -> dict[str, str]:
    found = next((each for each in book.classification if each.code == code and each.refer_to), None)
    if found is None:
        return {}
    place = next((each for each in book.jurisdiction.refer_to if each.code == found.refer_to), None)
    return {
        "referred_to": place.label.to(language) if place else found.label.to(language),
        "reason": found.public_text.to(language),
    }
