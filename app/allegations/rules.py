"""Who may find what, when; which finding names a case; what a letter says of each; which policies held that day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.kernel.dates import ImpreciseDate
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.model import Rulebook
from app.policy.model.decisions import Finding as Word
from app.policy.model.law import PolicyDocument, PolicyKind

CHOOSE = "Choose one of the list."
KINDS = {
    PolicyKind.POLICY: "Department policy",
    PolicyKind.STANDARD: "Standard",
    PolicyKind.TRAINING: "Training material",
}
NO_DAY = "The day of the incident is not known: any of these texts may have been in force."
NO_TEXT = "No text of that day is kept."
NO_TEXT_AT_ALL = "No text is kept."
SOME_DAYS_LACK = "The day of the incident is not known exactly, and for some of the days it may be no text is kept."
SEVERAL = "The day of the incident is not known exactly: any of these texts may have been in force."
STANDARDS = {
    "preponderance": "more likely than not",
    "clear_and_convincing": "clear and convincing",
    "sufficient_evidence": "sufficient evidence",
    "substantial_evidence": "substantial evidence",
}


def check_category(book: Rulebook, category: str) -> str:
    """One of the rulebook's kinds of allegation."""
    if category not in {each.code for each in book.allegations}:
        raise Invalid({"category": CHOOSE})
    return category


def check_overseen(book: Rulebook, department_id: str, field: str = "officer_id") -> None:
    """A case may name officers of every department that the office oversees, and of no other."""
    if department_id not in {each.code for each in book.departments}:
        wrong = {"officer_id": "This officer belongs to a department that this office does not oversee."}
        raise Invalid({field: wrong.get(field, CHOOSE)})


def categories(book: Rulebook) -> list[tuple[str, str]]:
    """The kinds of allegation in the rulebook's order, each below its parent and named with it."""
    labels = {each.code: each.label.to("en") for each in book.allegations}
    return [(c.code, f"{labels[c.parent]}: {labels[c.code]}" if c.parent else labels[c.code]) for c in book.allegations]


def check_word(book: Rulebook, life: str, disposition: str) -> Word:
    """A finding that the rulebook lets this life use."""
    word = next((each for each in book.findings_for(life) if each.code == disposition), None)
    if word is None:
        raise Invalid({"disposition": CHOOSE})
    return word


def check_may_write(book: Rulebook, life: str, stage: str, roles: Iterable[str]) -> None:
    """A life is written by whom the rulebook names, at the stages it names."""
    found = next((each for each in book.lives if each.code == life), None)
    if found is None:
        raise Refused("The rulebook knows no such finding.")
    if not set(found.by) & set(roles):
        raise NotAllowed(f"Only {' or '.join(found.by)} may write this finding.")
    if not may_be_written_at(book, life, stage):
        labels = [s.label.to("en") for s in book.stages if s.code in found.stages]
        raise Refused(f"This finding is written while the case is at: {', '.join(labels)}.")


def may_be_written_at(book: Rulebook, life: str, stage: str) -> bool:
    """True where the rulebook lets this life be written at this stage; every open one where it names none."""
    found = next((each for each in book.lives if each.code == life), None)
    if found is None:
        return False
    return stage in found.stages if found.stages else not book.stage(stage).final


def highest(book: Rulebook, by_life: Mapping[str, str], *, published_only: bool = False) -> tuple[str, str] | None:
    """The life and disposition that count: the last of the rulebook's lives that has spoken."""
    for life in reversed(book.lives):
        if str(life.code) in by_life and (life.is_published or not published_only):
            return str(life.code), by_life[str(life.code)]
    return None


def overall(book: Rulebook, findings: Iterable[Mapping[str, str]]) -> str:
    """The disposition that names the case: over each allegation's highest life, the first in precedence."""
    counted = [found[1] for each in findings if (found := highest(book, each)) is not None]
    word = book.overall(counted)
    return word.code if word else ""


@dataclass(frozen=True)
class SaidFinding:
    """One allegation as a letter or the filer's page says it."""

    allegation: str
    officer: str
    finding: str
    definition: str
    by: str

    @property
    def line(self) -> str:
        """The same as one line of a letter."""
        return f"{self.allegation} ({self.officer}): {self.finding}. {self.definition}"


THE_OFFICER = {"en": "the officer", "es": "el agente"}
ONE_OFFICER = {"en": "officer {number}", "es": "agente {number}"}


def unnamed(number: int, count: int, language: str) -> str:
    """An officer who is not named to the filer; of several each has a number, so that they are told apart."""
    words = THE_OFFICER if count < 2 else ONE_OFFICER
    return words.get(language, words["en"]).format(number=number)


def said(book: Rulebook, category: str, officer: str, found: tuple[str, str], language: str) -> SaidFinding:
    """An allegation, the life that decided it and what was found, in the filer's language and the rulebook's words."""
    life, disposition = found
    word = book.finding(disposition)
    return SaidFinding(
        book.category(category).label.to(language),
        officer or unnamed(1, 1, language),
        word.label.to(language),
        word.definition.to(language),
        book.life(life).label.to(language),
    )


@dataclass(frozen=True)
class TextThen:
    """One wording with the days on which it was in force."""

    number: str
    text: str
    address: str
    from_on: date
    last_on: date | None


@dataclass(frozen=True)
class PolicyThen:
    """A policy or standard as it stood when the incident was: one text, several that may apply, or none."""

    code: str
    label: str
    kind: str
    texts: tuple[TextThen, ...]
    remark: str


def documents_of(book: Rulebook, category: str) -> tuple[PolicyDocument, ...]:
    """The policies and standards of a kind of allegation; none where an imported case brought its own kind along."""
    known = any(each.code == category for each in book.allegations)
    return book.documents_of(category) if known else ()


def rests_on(book: Rulebook, category: str) -> str:
    """The rule that a kind of allegation or the one above it names in words."""
    by_code = {each.code: each for each in book.allegations}
    found = by_code.get(category)
    while found is not None and found.source_policy is None and found.parent:
        found = by_code.get(found.parent)
    return found.source_policy.to("en") if found is not None and found.source_policy else ""


def policies_then(documents: Iterable[PolicyDocument], incident: ImpreciseDate) -> tuple[PolicyThen, ...]:
    """Each with the text of the day; with every text that may apply where the day is not known exactly."""
    return tuple(_policy_then(document, incident) for document in documents)


def _policy_then(document: PolicyDocument, incident: ImpreciseDate) -> PolicyThen:
    first, last = incident.first_day or date.min, incident.last_day or date.max
    texts = tuple(
        TextThen(text.number or "", text.text or "", text.address or "", text.from_on, document.last_day_of(text))
        for text in document.texts_between(first, last)
    )
    is_whole = incident.is_known and document.is_whole_between(first, last)
    remark = _remark(incident, len(texts), is_whole=is_whole)
    return PolicyThen(document.code, document.label.to("en"), KINDS[document.kind], texts, remark)


def _remark(incident: ImpreciseDate, texts: int, *, is_whole: bool) -> str:
    """What a reader must know before relying on the texts; nothing where one of them held on the very day."""
    if not incident.is_known:
        return NO_DAY if texts else NO_TEXT_AT_ALL
    if texts == 0:
        return NO_TEXT
    if not is_whole:
        return SOME_DAYS_LACK
    return SEVERAL if texts > 1 else ""
