"""A complaint arrives, grows, and is screened: as the actions of intake and of opening a case."""

from __future__ import annotations

from app.cases import rules as roads
from app.intake.rules import filing as rules
from app.kernel.errors import Refused
from app.operations.scenarios import clocks
from app.operations.scenarios.acts import letters
from app.operations.scenarios.happenings import Added, Filed, Named, Screened, Translated, Written
from app.operations.scenarios.story import Filing, Story, Untold
from app.policy.acting import check_may
from app.policy.model import Rulebook
from app.policy.model.powers import Act


def file(story: Story, told: Filed) -> None:
    """As `intake.actions.submit_filing`: it is pinned to the rulebook in force on the day it comes."""
    book = story.in_force
    check_may(book, Act.FILINGS, story.today)
    kind = rules.AnonymityKind(told.anonymity)
    rules.check_taken(book, kind)
    rules.check_anonymous(kind, {"filer": dict.fromkeys(told.gives, "given")})
    rules.check_not_in_future(told.incident, story.today)
    for media_type in told.files:
        rules.check_file_type(book, media_type)
    _known([each.code for each in book.intake.channels], told.channel, "channel")
    _known(book.language_codes, told.language, "language")
    if told.as_ in [each.code for each in story.filings]:
        raise Untold(f"There are two filings {told.as_}: name the second with `as`.")
    filing = Filing(told.as_, story.today, book, told.anonymity, told.language, told.incident)
    story.filings.append(filing)
    letters.receipt(story, filing)


def add(story: Story, told: Added) -> None:
    """As `intake.actions.add_file_to_filing`; words may always be added."""
    filing = story.filing(told.filing)
    if told.file is not None:
        rules.check_file_type(filing.book, told.file)


def name(story: Story, told: Named) -> None:
    """As `intake.actions.name_filer`."""
    filing = story.filing(told.filing)
    rules.check_named_later(filing.book, filing.anonymity, rules.AnonymityKind(told.as_), told.gives)
    filing.anonymity = told.as_
    if filing.has_joined and not story.filings.index(filing):
        story.anonymity = told.as_


def translate(story: Story, told: Translated) -> None:
    """As `intake.actions.add_translation`; the words themselves stay the record."""
    filing = story.filing(told.filing)
    rules.check_translation(filing.language, told.into, told.made_on or story.today, filing.on, story.today)


def screen(story: Story, told: Screened) -> None:
    """As `intake.actions.screen_filing`, and what follows from it at once."""
    filing = story.filing(told.filing)
    rules.check_unscreened(is_screened=filing.is_screened)
    if not told.joins:
        # Whether the rulebook is settled is a fact about its text, not about the day that the story tells of.
        check_may(story.in_force, Act.CASES, story.today)
    book = story.shelf.for_case(story.today, filing.on, filing.incident)
    department = told.department or book.departments[0].code
    rules.check_classification(book, told.as_, story.reason, [story.by])
    rules.check_department(book, department)
    rules.check_category(book, told.category or "")
    filing.is_screened = True
    if told.joins:
        story.law  # noqa: B018 - there must be a case to join
        _join(story, filing)
    else:
        story.category = told.category or ""
        _open(story, filing, book, told.as_, department)


def _open(story: Story, filing: Filing, book: Rulebook, classification: str, department: str) -> None:
    """As `cases.actions.open_case`."""
    if story.book is not None:
        raise Untold("A scenario has one case: a second filing joins it (joins: true).")
    found = book.classified(classification)
    formal = roads.formality(book, roads.FROM_A_FILING, filing.anonymity, filing.on, ())
    story.book, story.stage, story.anonymity = book, roads.first_stage(book, found, formal), filing.anonymity
    story.classification, story.department, story.closure = found.code, department, found.closure or ""
    story.received_on, story.opened_on, story.incident = filing.on, story.today, filing.incident
    _join(story, filing)
    clocks.reached(story, "filing_received", filing.on)
    for event in ("case_classified", "case_opened"):
        clocks.reached(story, event, story.today)
    if story.law.stage(story.stage).final:
        close(story, refers=found.refer_to is not None)
    elif (begun := roads.clock_event(story.law, story.stage)) is not None:
        clocks.reached(story, begun, story.today)
    letters.acknowledgement(story, filing)


def _join(story: Story, filing: Filing) -> None:
    if story.kind and not any(each.has_joined for each in story.filings) and story.closed_on is None:
        clocks.begin_letters(story, filing.on)
    filing.has_joined = True
    if story.stage and story.filings.index(filing):
        letters.acknowledgement(story, filing)


def close(story: Story, *, refers: bool) -> None:
    """As `cases.actions._close`, and the closing letters that follow."""
    story.closed_on = story.today
    event = roads.closed_how(story.law, story.stage, story.closure, refers=refers)
    clocks.reached(story, event, story.today)
    letters.closing(story)


def write(story: Story, told: Written) -> None:
    """As `intake.letters.write_update`."""
    filing = story.filing(told.filing)
    kind = next((each.code for each in filing.book.letters if each.on == "filer_updated"), None)
    if kind is None:
        raise Refused("The rulebook has no letter for an update. Write a message instead.")
    letters.send(story, filing, kind)


def _known(codes: object, code: str, what: str) -> None:
    if code not in list(codes):  # type: ignore[call-overload]
        raise Untold(f"The rulebook has no {what} {code}.")
