"""What this stage adds to pages, papers and lists that are gathered from all of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from app.access.keeping import Matter
from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.allegations import rules
from app.allegations.queries.lives import standing_lives
from app.allegations.queries.standards import standards_section
from app.allegations.queries.visible import officers_in_case, visible_allegations
from app.allegations.records import Allegation, Finding
from app.cases import queries as cases
from app.cases.records import Case
from app.commission.rules.packet import Section, Table
from app.intake import queries as intake
from app.intake.rules.status import Found
from app.people import queries as people
from app.people.records import Officer
from app.policy.model.decisions import LifeCode

LISTED = 100
FEW = 12
NOBODY_KNOWN = "an officer nobody could name"


def case_tab(work: Work, case: Case) -> tuple[str, str, int]:
    """The tab of allegations on the case page, with how many stand."""
    query = select(func.count()).select_from(Allegation)
    count = work.session.scalar(query.where(Allegation.case_id == case.id, Allegation.withdrawn_at.is_(None)))
    return ("Allegations", f"/office/cases/{case.id}/allegations", count or 0)


def officers_of_case(work: Work, case_id: UUID) -> list[tuple[UUID, str]]:
    """The known officers of the allegations that stand, as they are named in a list."""
    query = select(Officer).where(Officer.is_unknown.is_(False)).order_by(Officer.sort_name, Officer.id)
    named = select(Allegation.officer_id).where(Allegation.case_id == case_id, Allegation.withdrawn_at.is_(None))
    return [(each.id, people.label(each)) for each in work.session.scalars(query.where(Officer.id.in_(named)))]


def kept_matter(work: Work, case_id: UUID) -> list[Matter]:
    """The findings of a case that are kept; a text names one by its id alone."""
    query = select(Finding.id, Finding.life, Finding.compartments, Allegation.position)
    query = query.join(Allegation, Allegation.id == Finding.allegation_id)
    query = query.where(Finding.case_id == case_id, Finding.compartments != [], Finding.superseded_at.is_(None))
    return [
        Matter(row.id, f"Finding of the {row.life} on allegation {row.position}", tuple(row.compartments))
        for row in work.session.execute(query.order_by(Allegation.position, Finding.id))
    ]


def awaiting_review(work: Work) -> list[Row[Case, int]]:
    """Cases at a stage where a supervisor writes, with allegations on which none has yet."""
    stages = {stage for life in work.book.lives if life.code == LifeCode.SUPERVISOR for stage in life.stages}
    reviewed = select(Finding.allegation_id).where(
        Finding.case_id == Case.id, Finding.life == str(LifeCode.SUPERVISOR), Finding.superseded_at.is_(None)
    )
    query = cases.visible_cases(work).join(Allegation, Allegation.case_id == Case.id)
    query = query.where(Case.stage.in_(stages), Case.closed_on.is_(None), Allegation.withdrawn_at.is_(None))
    query = query.where(Allegation.id.not_in(reviewed)).group_by(Case.id).order_by(Case.queue_on, Case.id).limit(FEW)
    return list(work.session.execute(query.with_only_columns(Case, func.count())))


def my_work(work: Work) -> WaitingList | None:
    """For supervisors: the findings that wait for their review."""
    if not work.may(Permission.FINDING_REVIEW):
        return None
    found = awaiting_review(work)
    rows = [
        Waiting(case.number, f"/office/cases/{case.id}/allegations", f"{count} to review", case.due_on)
        for case, count in found
    ]
    return WaitingList("Findings awaiting your review", rows) if rows else None


def cases_of_officer(work: Work, officer_id: UUID) -> list[Row[Case, Allegation]]:
    """The visible cases that name an officer, the latest first, with what is alleged."""
    query = cases.visible_cases(work).join(Allegation, Allegation.case_id == Case.id)
    query = query.where(Allegation.officer_id == officer_id).order_by(Case.opened_on.desc(), Case.id)
    return list(work.session.execute(query.with_only_columns(Case, Allegation).limit(LISTED)))


def cases_of_officers(work: Work, case_id: UUID) -> list[tuple[UUID, str]]:
    """For the links of a case: each visible case that names an officer of it by name, with that officer."""
    named = officers_in_case(work, case_id)
    query = visible_allegations(work).where(Allegation.officer_id.in_(named), Allegation.withdrawn_at.is_(None))
    rows = work.session.execute(query.with_only_columns(Allegation.case_id, Allegation.officer_id).distinct())
    labels = {key: people.label(each) for key, each in people.officers_by_id(work, named).items()}
    return [(row.case_id, labels[row.officer_id]) for row in rows]


def named_together(work: Work, officer_id: UUID) -> list[Row[Officer, int]]:
    """Officers named in the same visible cases, and in how many."""
    own = visible_allegations(work).where(Allegation.officer_id == officer_id).with_only_columns(Allegation.case_id)
    shared = func.count(Allegation.case_id.distinct())
    query = select(Officer, shared).join(Allegation, Allegation.officer_id == Officer.id)
    query = query.where(Allegation.case_id.in_(own), Officer.id != officer_id)
    return list(work.session.execute(query.group_by(Officer.id).order_by(shared.desc(), Officer.sort_name).limit(FEW)))


def officer_part(work: Work, officer_id: UUID) -> dict[str, Any] | None:
    """What the officer's page shows of this stage: the cases with what was found, and who else is named in them."""
    if not work.may(Permission.CASE_READ):
        return None
    rows = cases_of_officer(work, officer_id)
    words = _standing_words(work, [allegation.id for _, allegation in rows])
    found: dict[UUID, dict[str, Any]] = {}
    for case, allegation in rows:
        book = work.policies.named(case.policy_id)
        entry = found.setdefault(case.id, {"case": case, "what": [], "found": []})
        entry["what"].append(dict(rules.categories(book)).get(allegation.category, allegation.category))
        decided = rules.highest(book, words.get(allegation.id, {}))
        if decided is not None:
            entry["found"].append(book.finding(decided[1]).label.to("en"))
    together = [(each, people.label(each), count) for each, count in named_together(work, officer_id)]
    return {"cases": list(found.values()), "together": together, "stages": cases.stage_labels(work)}


def _standing_words(work: Work, allegation_ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    query = select(Finding.allegation_id, Finding.life, Finding.disposition)
    query = query.where(Finding.allegation_id.in_(allegation_ids), Finding.superseded_at.is_(None))
    found: dict[UUID, dict[str, str]] = {}
    for row in work.session.execute(query):
        found.setdefault(row.allegation_id, {})[row.life] = row.disposition
    return found


def said_findings(work: Work, case_id: UUID, language: str, *, with_names: bool) -> list[rules.SaidFinding]:
    """What was published on each standing allegation, in plain words; by columns that the filer's door may read."""
    policy_id = work.session.scalar(select(Case.policy_id).where(Case.id == case_id))
    if policy_id is None:
        return []
    book = work.policies.named(policy_id)
    lives = standing_lives(work, case_id)
    query = select(Allegation.id, Allegation.category, Allegation.officer_id).where(Allegation.case_id == case_id)
    # A letter is written by the machinery, which reads everything; whoever filed is inside of no compartment.
    query = query.where(Allegation.compartments == [])
    rows = [row for row in work.session.execute(query.order_by(Allegation.position)) if row.id in lives]
    named = with_names and book.publication.officers_are_named
    officers = people.officers_by_id(work, {row.officer_id for row in rows if row.officer_id}) if named else {}
    places = {officer: place for place, officer in enumerate(dict.fromkeys(row.officer_id for row in rows), 1)}
    called = {
        officer: _name(officers.get(officer)) or rules.unnamed(place, len(places), language)
        for officer, place in places.items()
    }
    return [
        rules.said(book, row.category, called[row.officer_id], found, language)
        for row in rows
        if (found := rules.highest(book, lives[row.id], published_only=True)) is not None
    ]


def _name(officer: Officer | None) -> str:
    return "" if officer is None or officer.is_unknown else f"{officer.first_name} {officer.last_name}".strip()


def closing_lines(work: Work, case_id: UUID, language: str) -> list[str]:
    """For the closing letter: one line for each allegation."""
    return [found.line for found in said_findings(work, case_id, language, with_names=True)]


def filer_status(work: Work, case_id: UUID, language: str = "") -> list[Found]:
    """For the filer's page: what was found on each allegation and what that means; shown once the case is closed."""
    own = intake.own_filing(work)
    spoken = language or (own.language if own else "en")
    found = said_findings(work, case_id, spoken, with_names=False)
    return [Found(each.allegation, each.finding, each.definition, each.by, each.officer) for each in found]


def motion_subjects(work: Work, case_id: UUID) -> list[tuple[UUID, str, list[tuple[str, str]]]]:
    """What the commission may vote on: each standing allegation, and the words its finding may have.

    The commission's door asks this too: row security shows it the allegations of its docket alone.
    """
    case = one_or_not_found(work, select(Case).where(Case.id == case_id))
    book = work.policies.named(case.policy_id)
    words = [(word.code, word.label.to("en")) for word in book.findings_for(LifeCode.BOARD)]
    return [(key, label, words) for key, label in _subjects(work, case, people.label)]


def told_department(work: Work, case: Case, department_id: str) -> dict[UUID, str]:
    """Each standing allegation against an officer of this department, as it reads of it: how somebody described an
    officer stays in the house."""
    own = {key for key, department in departments_of(work, case).items() if department == department_id}
    told = _subjects(work, case, lambda officer: NOBODY_KNOWN if officer.is_unknown else people.label(officer))
    return {key: label for key, label in told if key in own}


def departments_of(work: Work, case: Case) -> dict[UUID, str]:
    """Of each standing allegation, the department of its officer; the case's own where it names none."""
    query = select(Allegation.id, func.coalesce(Officer.department_id, case.department_id))
    query = query.outerjoin(Officer, Officer.id == Allegation.officer_id)
    query = query.where(Allegation.case_id == case.id, Allegation.withdrawn_at.is_(None))
    return {row[0]: row[1] for row in work.session.execute(query.order_by(Allegation.position))}


def _subjects(work: Work, case: Case, name: Callable[[Officer], str]) -> list[tuple[UUID, str]]:
    labels = dict(rules.categories(work.policies.named(case.policy_id)))
    query = select(Allegation).where(Allegation.case_id == case.id, Allegation.withdrawn_at.is_(None))
    allegations = list(work.session.scalars(query.order_by(Allegation.position)))
    officers = people.officers_by_id(work, {each.officer_id for each in allegations if each.officer_id})
    return [(each.id, _subject(each, labels, officers, name)) for each in allegations]


def _subject(
    allegation: Allegation, labels: dict[str, str], officers: dict[UUID, Officer], name: Callable[[Officer], str]
) -> str:
    officer = officers.get(allegation.officer_id) if allegation.officer_id else None
    about = labels.get(allegation.category, allegation.category)
    return f"{allegation.position}. {about} – {name(officer) if officer else 'no officer named'}"


def packet_sections(work: Work, case_id: UUID) -> list[Section]:
    """What the members read of this stage: each allegation with the findings of the office and their reasons."""
    case = one_or_not_found(work, select(Case).where(Case.id == case_id))
    book = work.policies.named(case.policy_id)
    labels = {subject[0]: subject[1] for subject in motion_subjects(work, case_id)}
    query = select(Finding).where(Finding.case_id == case_id, Finding.superseded_at.is_(None)).order_by(Finding.id)
    findings = list(work.session.scalars(query))
    words = {word.code: word.label.to("en") for word in book.findings}
    lives = {str(life.code): life.label.to("en") for life in book.lives}
    rows = [
        (label, lives.get(f.life, f.life), words.get(f.disposition, f.disposition), f.reasons)
        for key, label in labels.items()
        for f in findings
        if f.allegation_id == key
    ]
    headers = ("Allegation", "Found by", "Finding", "Reasons")
    standing = select(Allegation).where(Allegation.case_id == case_id, Allegation.withdrawn_at.is_(None))
    allegations = list(work.session.scalars(standing.order_by(Allegation.position)))
    told = [f"{each.position}. {each.wording}" for each in allegations if each.wording]
    return [
        Section(
            "Allegations and recommended findings",
            paragraphs=tuple(told),
            tables=(Table("What each allegation says and what was found", headers, tuple(rows)),) if rows else (),
            nothing="No finding is on file.",
        ),
        *standards_section(work, case, allegations),
    ]
