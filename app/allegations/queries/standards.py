"""The department's policies and standards of each allegation, in the text in force when the incident was."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.access.work import Work
from app.allegations import rules
from app.allegations.records import Allegation
from app.cases.records import Case
from app.commission.rules.packet import Section, Table
from app.correspondence.letters import say_day
from app.kernel.dates import ImpreciseDate, Precision
from app.policy.model import Rulebook
from app.policy.model.law import PolicyDocument


@dataclass(frozen=True)
class StandardShown:
    """One policy or standard as it then stood, and the allegations that it is about."""

    then: rules.PolicyThen
    positions: tuple[int, ...]


def incident_of(case: Case) -> ImpreciseDate:
    """When it happened, as precisely as it is known."""
    return ImpreciseDate(case.incident_date, Precision(case.incident_precision))


def policies_by_allegation(
    work: Work, case: Case, allegations: Iterable[Allegation]
) -> dict[UUID, tuple[rules.PolicyThen, ...]]:
    """By allegation: the texts that may apply. Which ones it names is said by the rulebook of the case."""
    book, when = work.policies.named(case.policy_id), incident_of(case)
    return {each.id: rules.policies_then(_documents(work, book, each.category), when) for each in allegations}


def _documents(work: Work, book: Rulebook, category: str) -> list[PolicyDocument]:
    """What was in force on a day is a fact of that day: the rulebook of today knows more texts than an older one."""
    kept = {document.code: document for document in work.book.policies}
    return [kept.get(document.code, document) for document in rules.documents_of(book, category)]


def standards_of(work: Work, case: Case, allegations: Iterable[Allegation]) -> list[StandardShown]:
    """Each policy once, with the places of the standing allegations that name it, in their order."""
    standing = [each for each in allegations if each.withdrawn_at is None]
    by_allegation = policies_by_allegation(work, case, standing)
    found: dict[str, tuple[rules.PolicyThen, list[int]]] = {}
    for each in standing:
        for then in by_allegation[each.id]:
            found.setdefault(then.code, (then, []))[1].append(each.position)
    return [StandardShown(then, tuple(positions)) for then, positions in found.values()]


def standards_section(work: Work, case: Case, allegations: Iterable[Allegation]) -> list[Section]:
    """The same for the members' packet; nothing where no allegation names a policy."""
    found = standards_of(work, case, allegations)
    if not found:
        return []
    rows = [row for each in found for row in _rows(each)]
    paragraphs = (
        f"Day of the incident: {say_day('en', incident_of(case))}.",
        *(f"{each.then.label}: {each.then.remark}" for each in found if each.then.remark),
    )
    headers = ("Policy or standard", "Number", "In force", "Text", "Allegations")
    tables = (Table("Texts in force on the day of the incident", headers, tuple(rows)),) if rows else ()
    return [Section("What the department’s own rules said then", paragraphs, tables)]


def _rows(shown: StandardShown) -> list[tuple[str, ...]]:
    places = ", ".join(str(position) for position in shown.positions)
    return [
        (shown.then.label, text.number, _span(text), text.text or text.address or "The wording is not kept.", places)
        for text in shown.then.texts
    ]


def _span(text: rules.TextThen) -> str:
    until = f"to {say_day('en', text.last_on)}" if text.last_on else "until now"
    return f"{say_day('en', text.from_on)} {until}"
