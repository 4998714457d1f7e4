"""The allegations of one case as its page shows them: each with its lives side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.access.halves import FINDING
from app.access.keeping import keeping_view, seen_by
from app.access.permissions import Permission
from app.access.routes import acting_as
from app.access.work import Work
from app.allegations import rules
from app.allegations.queries.standards import policies_by_allegation, standards_of
from app.allegations.queries.visible import list_allegations, list_findings
from app.allegations.records import Allegation, Finding
from app.cases import queries as cases
from app.cases.records import Case
from app.intake import queries as intake
from app.people import queries as people
from app.people.records import Officer
from app.policy.model import Rulebook
from app.policy.model.decisions import LifeCode

NOBODY: tuple[None, str] = (None, "No officer named")


@dataclass(frozen=True)
class LifeShown:
    """One life of one allegation: what it says, what it said before, and whether this person may write it now."""

    code: str
    label: str
    finding: Finding | None
    word: str
    standard: str
    by: str
    earlier: tuple[tuple[Finding, str], ...]


@dataclass(frozen=True)
class AllegationShown:
    """One allegation with its lives side by side."""

    allegation: Allegation
    category: str
    officer: Officer | None
    officer_label: str
    person: str
    lives: tuple[LifeShown, ...]
    policies: tuple[rules.PolicyThen, ...]
    rests_on: str

    @property
    def investigator(self) -> Finding | None:
        """What the investigator now says."""
        return next((life.finding for life in self.lives if life.code == LifeCode.INVESTIGATOR), None)


def allegations_view(work: Work, case: Case) -> dict[str, Any]:
    """All that the page of allegations shows of one case."""
    book = work.policies.named(case.policy_id)
    allegations, findings = list_allegations(work, case.id), list_findings(work, case.id)
    officers = people.officers_by_id(work, {each.officer_id for each in allegations if each.officer_id})
    persons = people.list_persons(work, case.id)
    labels = {person.id: f"{person.label} ({person.role})" for person in persons}
    names = cases.names_of(work, {finding.found_by_id for finding in findings if finding.found_by_id})
    policies = policies_by_allegation(work, case, allegations)
    known = {key: (each, officer_label(work, case, each)) for key, each in officers.items()}
    shown = [_shown(book, each, findings, known, labels, names, policies[each.id]) for each in allegations]
    return {
        "allegations": shown,
        "standards": standards_of(work, case, allegations),
        "officers": [(officer.id, label, officer.is_unknown) for officer, label in known.values()],
        "persons": list(labels.items()),
        "categories": rules.categories(book),
        "named_by_filer": _named_by_filer(work, case.id),
        "may": _may(work, book, case),
        # Of each finding that is kept: who alone sees it.
        "kept_by": {finding.id: seen_by(work, finding.compartments) for finding in findings},
        **keeping_view(work, case.id),
        "words": {life: _words(book, life) for life in (LifeCode.INVESTIGATOR, LifeCode.SUPERVISOR)},
        "result": book.finding(case.result).label.to("en") if case.result else "",
    }


def officer_label(work: Work, case: Case, officer: Officer) -> str:
    """How an officer is named in a case; one of another department than the case's own with that department."""
    named = {each.code: each.label.to("en") for each in work.policies.named(case.policy_id).departments}
    label = people.label(officer)
    if officer.department_id == case.department_id:
        return label
    return f"{label}, {named.get(officer.department_id, officer.department_id)}"


def officers_to_choose(work: Work, case: Case, words: str, chosen: str) -> list[tuple[UUID, str]]:
    """Officers of the departments overseen that fit a search, and the one chosen before a refusal."""
    departments = {each.code for each in work.policies.named(case.policy_id).departments}
    officers = people.list_officers(work, words, departments=departments)[:12] if words else []
    kept = people.find_officer(work, chosen) if chosen else None
    listed = [*([kept] if kept else []), *officers]
    return list({each.id: officer_label(work, case, each) for each in listed}.items())


def _words(book: Rulebook, life: str) -> list[tuple[str, str]]:
    return [(word.code, f"{word.label.to('en')} – {word.definition.to('en')}") for word in book.findings_for(life)]


def _may(work: Work, book: Rulebook, case: Case) -> dict[str, bool]:
    """What this person can do on this page; the actions ask again."""
    roles = acting_as(work, case.id)
    if work.actor.outsider in book.second_persons_for(FINDING):
        roles |= {"supervisor"}

    def writes(life: str, permission: Permission) -> bool:
        may_write = any(book.may_write(life, role) for role in roles)
        return work.may(permission) and may_write and rules.may_be_written_at(book, life, case.stage)

    is_open = not book.stage(case.stage).final
    return {
        "state": work.may(Permission.ALLEGATION_STATE) and is_open,
        "identify": work.may(Permission.OFFICER_IDENTIFY) and is_open,
        "recommend": writes(LifeCode.INVESTIGATOR, Permission.FINDING_RECOMMEND),
        "review": writes(LifeCode.SUPERVISOR, Permission.FINDING_REVIEW),
    }


def _named_by_filer(work: Work, case_id: UUID) -> list[str]:
    """The officers as the filings describe them, to search by."""
    described = [o for f in cases.filings_of(work, case_id) for o in intake.officers_of(work, f.id)]
    parts = [(o.name, o.badge and f"badge {o.badge}", o.description) for o in described]
    return [", ".join(part for part in each if part) for each in parts]


def _shown(
    book: Rulebook,
    allegation: Allegation,
    findings: Iterable[Finding],
    officers: dict[UUID, tuple[Officer, str]],
    persons: dict[UUID, str],
    names: dict[UUID, str],
    policies: tuple[rules.PolicyThen, ...],
) -> AllegationShown:
    officer, label = officers.get(allegation.officer_id, NOBODY) if allegation.officer_id else NOBODY
    labels = dict(rules.categories(book))
    mine = [finding for finding in findings if finding.allegation_id == allegation.id]
    return AllegationShown(
        allegation=allegation,
        category=labels.get(allegation.category, allegation.category),
        officer=officer,
        officer_label=label,
        person=persons.get(allegation.person_id, "") if allegation.person_id else "",
        lives=tuple(_life_shown(book, str(life.code), life.label.to("en"), mine, names) for life in book.lives),
        policies=policies,
        rests_on=rules.rests_on(book, allegation.category),
    )


def _life_shown(book: Rulebook, code: str, label: str, findings: list[Finding], names: dict[UUID, str]) -> LifeShown:
    words = {word.code: word for word in book.findings}
    mine = [finding for finding in findings if finding.life == code]
    standing = next((finding for finding in mine if finding.superseded_at is None), None)
    word = words.get(standing.disposition) if standing else None
    earlier = [(f, words[f.disposition].label.to("en")) for f in mine if f.superseded_at and f.disposition in words]
    return LifeShown(
        code=code,
        label=label,
        finding=standing,
        word=word.label.to("en") if word else (standing.disposition if standing else ""),
        standard=rules.STANDARDS.get(standing.standard, standing.standard) if standing else "",
        by=names.get(standing.found_by_id, "") if standing and standing.found_by_id else "",
        earlier=tuple(earlier),
    )
