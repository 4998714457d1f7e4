"""How complaints come in: channels, anonymity, the form, classifications and kinds of allegation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.kernel.deadlines import Unit
from app.kernel.text import LocalText
from app.policy.model.base import Block, Cited, Code, Count, Day, Flag, Keyed, Line, Lines, Named, Names, Positive
from app.policy.model.door import ContactKind, Matter, Service


class Anonymity(Named):
    """One way of being known, and what it means."""

    meaning: LocalText
    asks_identity: Flag = True
    shows_department: Flag = False
    """Whether the department may ever be told who filed."""


class Relationship(Named):
    """What the filer is to the incident."""

    files_for_another: Flag = False
    is_protected: Flag = False
    """Whether who files so is kept from the first moment for the one role of the whistleblower compartment."""


class ShownWhen(Block):
    """An earlier answer on which a page, a question or a notice depends."""

    field: Code
    is_one_of: Names = ()
    is_none_of: Names = ()

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Where several were chosen, one of them is enough, and none of them may be excluded."""
        answer = answers.get(self.field)
        given = set(answer) if isinstance(answer, list | tuple) else {answer}
        if self.is_one_of and not given & set(self.is_one_of):
            return False
        return not given & set(self.is_none_of)


class NoticeWhen(StrEnum):
    """When a notice is shown."""

    BEFORE_FILING = "before_filing"
    ON_A_PAGE = "on_a_page"
    BEFORE_SENDING = "before_sending"
    AFTER_FILING = "after_filing"


class Notice(Named, Cited):
    """A text the law or the office wants shown; never a threat."""

    text: LocalText
    when: NoticeWhen = NoticeWhen.BEFORE_FILING
    shown_when: ShownWhen | None = None
    """On a page of the form: for whom."""


class FilingLimit(Cited):
    """How late a complaint may be made."""

    amount: Count | None = None
    unit: Unit | None = None
    starts: Code | None = None
    may_be_waived: Flag | None = None
    waived_by: Names = ()
    good_cause: Line | None = None
    """What counts as a good reason to be late."""
    is_advice: Flag = False
    """Whether it is only asked for: a later complaint is taken, and the lateness noted."""
    closure: Code | None = None
    """The closure of a complaint that comes too late."""


class Oath(StrEnum):
    """How a statement is made formal."""

    SIGNATURE = "signature"
    PENALTY_OF_PERJURY = "penalty_of_perjury"
    OATH = "oath"
    NOTARY = "notary"


class SwornStatement(Cited):
    """Whether somebody must sign, and when."""

    needed_to_file: Flag | None = None
    needed_later: LocalText | None = None
    form: Oath | None = None
    milestone: Code | None = None
    """Intake is informal until this milestone is on file; both days are kept."""
    informal_stages: Names = ()
    """The only stages a case may stand at while it is informal."""
    never_formal: Names = ()
    """Kinds of anonymity under which a complaint stays informal."""


class Origin(StrEnum):
    """What a case begins with."""

    COMPLAINT = "complaint"
    DEPARTMENT = "department"  # the department opened or sent it
    COMMISSION = "commission"
    OWN_MOTION = "own_motion"
    CRITICAL_INCIDENT = "critical_incident"
    APPEAL = "appeal"
    AUDIT = "audit"


class CaseKind(Named, Cited):
    """A kind of case; the first one listed is an ordinary complaint."""

    origin: Origin
    definition: LocalText | None = None
    opened_by: Names = ()
    needs_filing: Flag = True
    """Whether somebody must have complained."""
    needs_allegation: Flag = True
    """Whether it must name what somebody is said to have done."""
    first_stage: Code | None = None
    """Where it begins, if not at the first stage."""
    body: Code | None = None


class Intake(Cited):
    """The way in."""

    anonymity: Keyed[Anonymity]
    channels: Keyed[Named]
    relationships: Keyed[Relationship]
    third_party_allowed: Flag | None = None
    minors: LocalText | None = None
    custody: LocalText | None = None
    filing_limit: FilingLimit | None = None
    sworn_statement: SwornStatement | None = None
    notices: Keyed[Notice] = ()
    accommodations: Keyed[Named] = ()
    contact_preferences: Keyed[Named] = ()
    contact_rules: Keyed[Named] = ()
    """What whoever reaches a filer must never do, such as leave a voicemail."""
    contact_kinds: Keyed[ContactKind] = ()
    matters: Keyed[Matter] = ()
    services: Keyed[Service] = ()
    heard_of_us: Keyed[Named] = ()
    identity_questions: Keyed[Named] = ()
    """By whose right answers a filer who lost the passphrase is known again; with none, nobody is given new words."""
    largest_file_mb: Positive | None = None
    file_types: Lines = ()


class Classification(Named, Cited):
    """What screening makes of a complaint."""

    definition: LocalText
    public_text: LocalText
    leads_to: Code
    """The stage it goes to."""
    goes_on: Flag
    """Whether the case goes on, or ends here."""
    by: Names = ()
    priority: Positive | None = None
    refer_to: Code | None = None
    needs_reason: Flag = False
    officer_notice: Flag = False
    concurrence_of: Code | None = None
    concurring_members: Positive | None = None
    closure: Code | None = None
    """The closure it ends with, when it does not go on."""
    clock: Code | None = None
    also_known_as: Lines = ()


class Theme(StrEnum):
    """Kinds of allegation that can be compared between cities."""

    FORCE = "force"
    STOP_SEARCH_ARREST = "stop_search_arrest"
    PROPERTY = "property"
    BIAS = "bias"
    SEXUAL_MISCONDUCT = "sexual_misconduct"
    DISCOURTESY = "discourtesy"
    OFFENSIVE_LANGUAGE = "offensive_language"
    NEGLECT_OF_DUTY = "neglect_of_duty"
    UNTRUTHFULNESS = "untruthfulness"
    RETALIATION = "retaliation"
    RECORDING = "recording"
    IDENTIFICATION = "identification"
    THREAT = "threat"
    CUSTODY = "custody"
    SUPERVISION = "supervision"
    OTHER = "other"


class Category(Named, Cited):
    """A kind of allegation; a child's theme is its parent's unless it says otherwise."""

    parent: Code | None = None
    theme: Theme | None = None
    definition: LocalText | None = None
    source_policy: LocalText | None = None
    policies: Names = ()
    """Codes of `policies`: the texts in force on the day of the incident are shown in the case."""
    never_mediate: Flag = False
    reportable_to: Names = ()
    """Codes of `external_reports`."""
    mandatory_route: Code | None = None
    brady: Flag = False
    """Whether a sustained finding goes to the prosecutor's disclosure list."""
    from_on: Day | None = None
    to_on: Day | None = None
    renamed_from: Line | None = None
    also_known_as: Lines = ()
    """Older or differing names in published data."""


class FieldType(StrEnum):
    """What an answer is."""

    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"
    CHOICES = "choices"
    IMPRECISE_DATE = "imprecise_date"
    TIME = "time"
    FILE = "file"
    LANGUAGE = "language"
    YES_NO = "yes_no"
    AGREE = "agree"  # one box to tick


class Question(Named):
    """One question."""

    type: FieldType
    hint: LocalText | None = None
    say: LocalText | None = None
    """How somebody reads it out on the telephone; left out, the label and the hint."""
    required: Flag = False
    missing: LocalText | None = None
    """What is said when a required answer is missing."""
    max_length: Positive | None = None
    choices: Keyed[Named] = ()
    choices_from: Code | None = None
    """A list of the rulebook: anonymity, relationships, departments, languages, and so on."""
    shown_when: ShownWhen | None = None
    fills: str | None = None
    """Where the answer goes in a filing, such as "incident.narrative"."""
    is_identifying: Flag = False
    """Refused in an anonymous filing."""


class Page(Named):
    """One page of the form."""

    lead: LocalText | None = None
    shown_when: ShownWhen | None = None
    repeats: Flag = False
    """Whether its questions can be answered several times, as for several officers."""
    at_most: Positive | None = None
    is_check: Flag = False
    """The last page, which shows every answer before sending."""
    is_consent: Flag = False
    """Its opening words say what people agree to, or what is promised them."""
    notice: Names = ()
    shows_services: Flag = False
    """Whether other doors that fit what was said are named on it."""
    fields: Keyed[Question] = ()

    def visible_fields(self, answers: Mapping[str, Any]) -> tuple[Question, ...]:
        return tuple(f for f in self.fields if f.shown_when is None or f.shown_when.holds(answers))

    @property
    def asks_language_alone(self) -> bool:
        """Such a first page stands on the page on which the form begins."""
        return not self.repeats and [field.type for field in self.fields] == [FieldType.LANGUAGE]


class Form(Block):
    """The pages a resident walks through."""

    title: LocalText
    lead: LocalText
    before_you_start: tuple[LocalText, ...] = ()
    minutes: Positive | None = None
    send_label: LocalText
    sent_title: LocalText
    sent_text: LocalText
    pages: Keyed[Page]

    def page(self, code: str) -> Page | None:
        return next((page for page in self.pages if page.code == code), None)

    def field(self, code: str) -> Question | None:
        return next((f for page in self.pages for f in page.fields if f.code == code), None)

    def standing(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers that count: those to questions that this person was asked, by answers that count themselves."""
        found: dict[str, Any] = {}
        for page in self.pages:
            if page.shown_when is None or page.shown_when.holds(found):
                asked = [field.code for field in page.visible_fields(found)]
                found |= {code: answers[code] for code in asked if code in answers}
        return found

    def visible_pages(self, answers: Mapping[str, Any]) -> tuple[Page, ...]:
        """The pages for this person, in order."""
        standing = self.standing(answers)
        return tuple(p for p in self.pages if p.shown_when is None or p.shown_when.holds(standing))

    def asked(self, page: Page, answers: Mapping[str, Any]) -> tuple[Question, ...]:
        """The questions of one page for this person."""
        return page.visible_fields(self.standing(answers))

    def page_after(self, code: str | None, answers: Mapping[str, Any]) -> Page | None:
        """The next page; the first one after nothing."""
        return _neighbour(self.visible_pages(answers), code, 1)

    def page_before(self, code: str, answers: Mapping[str, Any]) -> Page | None:
        return _neighbour(self.visible_pages(answers), code, -1)


def _neighbour(pages: Sequence[Page], code: str | None, step: int) -> Page | None:
    codes = [page.code for page in pages]
    place = codes.index(code) + step if code in codes else 0 if code is None else -1
    return pages[place] if 0 <= place < len(pages) else None
