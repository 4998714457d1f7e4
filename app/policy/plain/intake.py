"""What can be complained of, by whom, until when, in which way, and what screening makes of it."""

from __future__ import annotations

from collections.abc import Iterator

from app.policy.model.agency import Department
from app.policy.model.intake import Anonymity, CaseKind, Category, Classification, FilingLimit, Notice, SwornStatement
from app.policy.model.law import PolicyDocument, PolicyText
from app.policy.plain.bodies import special_route
from app.policy.plain.grammar import ended, from_to, listed, on_day, quoted, sentence, series, the
from app.policy.plain.names import Speaker, text_of, time_of
from app.policy.plain.said import Entry, Section, section
from app.policy.plain.words import spoken

_LISTS = ("departments", "employee_kinds", "places", "excluded", "refer_to")
_INTAKE_SAID = ("anonymity", "channels", "relationships", "filing_limit", "sworn_statement", "notices")
_LIMIT_SAID = ("amount", "unit", "starts", "is_advice", "closure", "waived_by", "may_be_waived")


def reach(speaker: Speaker) -> Section:
    book = speaker.book
    block = book.jurisdiction
    entries = (
        speaker.entry("", "jurisdiction", block, _reach(speaker)),
        *(_department(speaker, each) for each in block.departments),
        *(_category(speaker, each) for each in book.allegations),
        *(_policy(speaker, each) for each in book.policies),
    )
    return section("reach", "What can be complained of", entries)


def _reach(speaker: Speaker) -> Iterator[str]:
    block = speaker.book.jurisdiction
    yield f"The office oversees {listed(the(str(each.label)) for each in block.departments)}."
    if block.employee_kinds:
        yield f"It looks at: {series(str(each.label) for each in block.employee_kinds)}."
    if block.places:
        yield f"Where: {ended(series(block.places))}"
    if block.excluded:
        yield f"It does not look at: {series(str(each.label) for each in block.excluded)}."
    if block.refer_to:
        yield f"It may refer to: {series(str(each.label) for each in block.refer_to)}."
    yield from speaker.rest(block, *_LISTS)


def _department(speaker: Speaker, department: Department) -> Entry:
    text = [*speaker.rest(department, "contact", "from_on", "to_on"), *speaker.rest(department.contact)]
    if department.from_on or department.to_on:
        text.append(f"It is overseen{from_to(department.from_on, department.to_on)}.")
    return speaker.part(str(department.label), f"jurisdiction.{department.code}", speaker.book.jurisdiction, text)


def _category(speaker: Speaker, category: Category) -> Entry:
    return speaker.entry(
        str(category.label), f"allegations.{category.code}", category, category_text(speaker, category)
    )


def category_text(speaker: Speaker, category: Category) -> Iterator[str]:
    if category.parent:
        yield f"It is a kind of {speaker.name(category.parent, 'allegations')}."
    if category.theme:
        yield f"Between cities it is compared under {quoted(spoken(category.theme))}."
    if category.definition:
        yield ended(text_of(category.definition))
    if category.from_on or category.to_on:
        yield f"It is used{from_to(category.from_on, category.to_on)}."
    yield from speaker.rest(category, "parent", "theme", "definition", "from_on", "to_on")


def _policy(speaker: Speaker, document: PolicyDocument) -> Entry:
    text = [f"It is a {spoken(document.kind)}."]
    if document.department:
        text.append(f"It is a text of {speaker.name(document.department, 'departments')}.")
    wordings = (said for each in document.texts for said in speaker.say(each, *wording(each)))
    return speaker.entry(str(document.label), f"policies.{document.code}", None, text, *wordings)


def wording(text: PolicyText) -> Iterator[str]:
    number = f" ({text.number})" if text.number else ""
    until = f" to {on_day(text.to_on)}" if text.to_on else " on"
    yield f"A wording{number} is in force from {on_day(text.from_on)}{until}."
    if text.text:
        yield ended(f"It says: {quoted(text.text.strip())}")
    if text.address:
        yield f"It can be read at {text.address}"


def intake(speaker: Speaker) -> Section:
    book = speaker.book
    block = book.intake
    entries = (
        speaker.entry("", "intake", block, _intake(speaker)),
        limit_entry(speaker, block.filing_limit) if block.filing_limit else None,
        _sworn(speaker, block.sworn_statement) if block.sworn_statement else None,
        *(_anonymity(speaker, each) for each in block.anonymity),
        *(_notice(speaker, each) for each in block.notices),
        *(special_route(speaker, route) for route in book.special_routes),
        *(_case_kind(speaker, kind) for kind in book.case_kinds),
    )
    return section("intake", "Who may complain, how, and until when", entries)


def _intake(speaker: Speaker) -> Iterator[str]:
    block = speaker.book.intake
    yield f"Ways to complain: {series(str(each.label) for each in block.channels)}."
    yield f"The person who complains may say: {listed(quoted(str(each.label)) for each in block.relationships)}."
    helpers = listed(quoted(str(each.label)) for each in block.relationships if each.files_for_another)
    if helpers:
        yield f"Who says {helpers} complains for somebody else."
    yield from speaker.rest(block, *_INTAKE_SAID)


def limit_entry(speaker: Speaker, limit: FilingLimit) -> Entry:
    return speaker.entry("How late a complaint may be made", "intake.filing_limit", limit, limit_text(speaker, limit))


def limit_text(speaker: Speaker, limit: FilingLimit) -> Iterator[str]:
    must = "should" if limit.is_advice else "must"
    begins = f" from the day {speaker.when((limit.starts,))}" if limit.starts else ""
    if time := time_of(limit.amount, limit.unit):
        yield f"A complaint {must} be made within {time}{begins}."
    else:
        yield f"How long a complaint may wait{' is counted' + begins if begins else ''}{_unknown(begins)}."
    if limit.is_advice:
        yield "A later complaint is taken, and the lateness noted."
    if limit.closure:
        yield f"One that comes too late is closed as {speaker.name(limit.closure, 'closures')}."
    yield from _waiver(speaker, limit)
    yield from speaker.rest(limit, *_LIMIT_SAID)


def _unknown(begins: str) -> str:
    return ", but the number is not known" if begins else " is not known"


def _waiver(speaker: Speaker, limit: FilingLimit) -> Iterator[str]:
    if limit.waived_by:
        yield sentence(f"{speaker.who(limit.waived_by)} may waive it")
    elif limit.may_be_waived is not None:
        yield "It may be waived." if limit.may_be_waived else "Nobody may waive it."


def _sworn(speaker: Speaker, statement: SwornStatement) -> Entry:
    text = list(speaker.rest(statement, "milestone", "informal_stages"))
    if statement.milestone:
        text.append(f"A complaint is informal until {speaker.when((statement.milestone,))}; both days are kept.")
    if statement.informal_stages:
        text.append(f"While it is informal it may stand only at {speaker.names(statement.informal_stages, 'stages')}.")
    return speaker.entry("The signed statement", "intake.sworn_statement", statement, text)


def _anonymity(speaker: Speaker, way: Anonymity) -> Entry:
    text = (
        ended(text_of(way.meaning)),
        "The person is asked who they are." if way.asks_identity else "The person is not asked who they are.",
        "The department may be told who complained."
        if way.shows_department
        else "The department is never told who complained.",
    )
    return speaker.part(quoted(str(way.label)), f"intake.anonymity.{way.code}", speaker.book.intake, text)


def _notice(speaker: Speaker, notice: Notice) -> Entry:
    text = f"Shown {spoken(notice.when)}: {quoted(text_of(notice.text))}"
    return speaker.entry(str(notice.label), f"intake.notices.{notice.code}", notice, (ended(text),))


def _case_kind(speaker: Speaker, kind: CaseKind) -> Entry:
    text = (
        f"Such a case begins with {spoken(kind.origin)}.",
        "" if kind.needs_filing else "Nobody need have complained.",
        "" if kind.needs_allegation else "It need not name an allegation.",
        *speaker.rest(kind, "origin", "needs_filing", "needs_allegation"),
    )
    return speaker.entry(str(kind.label), f"case_kinds.{kind.code}", kind, text)


def classification(speaker: Speaker) -> Section:
    entries = (
        speaker.entry(str(each.label), f"classification.{each.code}", each, classified_text(speaker, each))
        for each in speaker.book.classification
    )
    return section("classification", "What screening makes of a complaint", entries)


def classified_text(speaker: Speaker, made: Classification) -> Iterator[str]:
    yield ended(text_of(made.definition))
    goes = "the case goes on" if made.goes_on else "the case ends"
    by = f"{speaker.who(made.by)} may choose it; " if made.by else ""
    yield sentence(f"{by}it leads to {speaker.name(made.leads_to, 'stages')}, and {goes}")
    if made.concurrence_of:
        members = f"{made.concurring_members} members of " if made.concurring_members else ""
        yield sentence(f"{members}{speaker.name(made.concurrence_of, 'bodies')} must agree")
    yield from speaker.rest(made, "definition", "leads_to", "goes_on", "by", "concurrence_of", "concurring_members")
