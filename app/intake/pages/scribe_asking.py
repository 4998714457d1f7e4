"""What the scribe's page shows: every question that stands, in English to read and in the filer's words to say."""

from dataclasses import dataclass, replace

from app.intake.pages import asking
from app.intake.pages.asking import Ask
from app.intake.rules import scribing
from app.intake.rules.draft import Draft
from app.intake.rules.told import Told, entry_name
from app.policy.model import Rulebook
from app.policy.model.intake import FieldType, Notice, Page, Question


@dataclass(frozen=True)
class Asked:
    """One question with the words to say it in, and whether others hang on its answer."""

    ask: Ask
    say: str
    is_branching: bool


@dataclass(frozen=True)
class Section:
    """One page of the form on the scribe's page, once for each officer or witness."""

    page: Page
    title: str
    key: str
    notices: list[Notice]
    groups: list[list[Asked]]


def sections(book: Rulebook, told: Told, errors: dict[str, str]) -> list[Section]:
    """Everything that is asked now, in the order of the form."""
    pages = [page for page in book.form.visible_pages(told.draft.answers) if page.fields]
    branching = branches(book)
    shown = [_section(book, told, page, at, errors, branching) for at, page in enumerate(pages, 2)]
    return [section for section in shown if section.groups[0]]


def branches(book: Rulebook) -> set[str]:
    """The questions on whose answers others hang."""
    shown = [page.shown_when for page in book.form.pages]
    shown += [question.shown_when for page in book.form.pages for question in page.fields]
    languages = {question.code for page in book.form.pages for question in page.fields if question.fills == "language"}
    return {when.field for when in shown if when is not None} | languages


def _section(book: Rulebook, told: Told, page: Page, at: int, errors: dict[str, str], branching: set[str]) -> Section:
    draft = told.draft
    room = len(draft.entries.get(page.code, [])) + 1 if page.repeats else 1
    groups = [_group(book, draft, page, each, errors, branching) for each in range(min(room, page.at_most or room))]
    key = str(at) if at <= 9 else ""
    return Section(page, page.label.to("en"), key, asking.notices_on(book, draft, page), groups)


def _group(
    book: Rulebook, draft: Draft, page: Page, at: int, errors: dict[str, str], branching: set[str]
) -> list[Asked]:
    name = entry_name(page, at) if page.repeats else ""
    own = {place.removeprefix(name): words for place, words in errors.items() if place.startswith(name)}
    # The scribe reads English, whatever is spoken.
    asks = asking.asks(book, draft.with_(language="en"), page, at, own)
    by_code = {question.code: question for question in page.fields}
    return [
        Asked(
            replace(ask, name=name + ask.name, is_heading=False),
            _say(by_code[ask.name], draft.language),
            ask.name in branching,
        )
        for ask in asks
        # Scans are taken with how it came, whatever was answered.
        if ask.kind != FieldType.FILE
    ]


def file_code(book: Rulebook) -> str:
    """The question that takes files; empty where the form has none."""
    asked = (question for page in book.form.pages for question in page.fields)
    return next((question.code for question in asked if question.type is FieldType.FILE), "")


def _say(question: Question, language: str) -> str:
    """How it is read out: the rulebook's own words for that, else what stands in the form."""
    if question.say is not None:
        return question.say.to(language)
    if language == "en":
        return ""
    parts = (question.label, question.hint)
    return " ".join(part.to(language) for part in parts if part is not None)


def channel_options(book: Rulebook) -> list[tuple[str, str]]:
    """The ways in of whoever does not type for themselves."""
    return [(each.code, each.label.to("en")) for each in scribing.channels(book)]
