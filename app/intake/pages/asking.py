"""What a page of the form shows: the rulebook's questions with what was typed, and the check of all answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.intake.rules import form as rules
from app.intake.rules.draft import Answer, Answers, Draft, is_empty
from app.intake.rules.filing import is_protected
from app.kernel.dates import ImpreciseDate
from app.policy.model import Rulebook
from app.policy.model.door import Service
from app.policy.model.intake import Anonymity, FieldType, Notice, NoticeWhen, Page, Question
from app.web.words import PROTECTED, catalogue

# To whoever types passphrases or codes faster than a person does.
TOO_MANY_TRIES = "Too many tries came from your network. Wait a minute and try again."


@dataclass(frozen=True)
class Ask:
    """One question as the template needs it."""

    name: str
    kind: str
    label: str
    hint: str
    value: Any
    error: str
    options: Sequence[tuple[str, ...]]
    longest: int
    required: bool
    is_heading: bool = False


@dataclass(frozen=True)
class Row:
    """One answer on the check page."""

    label: str
    value: str
    page: str
    seen_by: str = ""
    at: int = 0
    date: ImpreciseDate | None = None


def translate(language: str) -> Callable[[str], str]:
    """Our own words in the reader's language."""
    return catalogue(language).gettext


def asks(book: Rulebook, draft: Draft, page: Page, at: int, errors: dict[str, str]) -> list[Ask]:
    """The questions of one page."""
    answers = draft.entry(page, at)
    heading = next((q.code for q in page.fields if str(q.label) == str(page.label)), "")
    return [
        _ask(book, draft, question, answers.get(question.code, ""), errors, is_heading=question.code == heading)
        for question in book.form.asked(page, draft.answers)
    ]


def _ask(
    book: Rulebook, draft: Draft, question: Question, answer: Answer, errors: dict[str, str], *, is_heading: bool
) -> Ask:
    language = draft.language
    return Ask(
        name=question.code,
        kind=question.type.value,
        label=question.label.to(language),
        hint=question.hint.to(language) if question.hint else "",
        value=answer or (language if question.type is FieldType.LANGUAGE else ""),
        error=translate(language)(errors.get(question.code, "")) if errors.get(question.code) else "",
        options=[each for each in _options(book, question, language) if each[0] not in _unfit(book, draft, question)],
        longest=rules.longest(question),
        required=question.required,
        is_heading=is_heading,
    )


def _unfit(book: Rulebook, draft: Draft, question: Question) -> set[str]:
    """Ways to be known that let the department learn a name are not offered to whom one role alone protects from it."""
    said = (answer for answer in draft.answers.values() if isinstance(answer, str))
    if not any(is_protected(book, each) for each in said):
        return set()
    ways = [each for each in book.choices(question) if isinstance(each, Anonymity)]
    keeps_name = any(way.asks_identity and not way.shows_department for way in ways)
    return {way.code for way in ways if way.shows_department} if keeps_name else set()


def _options(book: Rulebook, question: Question, language: str) -> list[tuple[str, ...]]:
    if question.type is FieldType.YES_NO:
        return [("yes", translate(language)("Yes")), ("no", translate(language)("No"))]
    if question.type not in {FieldType.CHOICE, FieldType.CHOICES, FieldType.LANGUAGE}:
        return []
    # A language is named in itself: who cannot read this page finds it all the same.
    if question.type is FieldType.LANGUAGE:
        return [(each.code, getattr(each, "own_name", each.code)) for each in book.choices(question)]
    return [_option(each, language) for each in book.choices(question)]


def _option(choice: Any, language: str) -> tuple[str, ...]:
    meaning = getattr(choice, "meaning", None)
    label = choice.label.to(language)
    return (choice.code, label, meaning.to(language)) if meaning else (choice.code, label)


def entry_rows(book: Rulebook, draft: Draft, page: Page) -> list[Row]:
    """What was entered on a page that repeats, one line each."""
    return [
        Row(page.label.to(draft.language), _entry_text(page, entry), page.code, at=at)
        for at, entry in enumerate(draft.entries.get(page.code, []))
    ]


def _entry_text(page: Page, entry: Answers) -> str:
    return "\n".join(
        str(entry[question.code]).strip() for question in page.fields if not is_empty(entry.get(question.code, ""))
    )


def check_rows(book: Rulebook, draft: Draft) -> list[tuple[str, str, list[Row]]]:
    """Every answer, page by page; who will see them stands once for a page, and again where one answer differs."""
    pages = [page for page in book.form.visible_pages(draft.answers) if not page.is_check]
    return [_group(page.label.to(draft.language), _rows_of(book, draft, page)) for page in pages]


def written_rows(book: Rulebook, draft: Draft) -> list[Row]:
    """What was written so far, without what was left open."""
    return [row for _, _, rows in check_rows(book, draft) for row in rows if row.value or row.date]


def _group(label: str, rows: list[Row]) -> tuple[str, str, list[Row]]:
    seen = next((row.seen_by for row in rows if row.seen_by), "")
    return label, seen, [replace(row, seen_by="" if row.seen_by == seen else row.seen_by) for row in rows]


def _rows_of(book: Rulebook, draft: Draft, page: Page) -> list[Row]:
    if not page.repeats:
        return [_row(book, draft, page, question) for question in book.form.asked(page, draft.answers)]
    seen = _seen_by(book, draft, is_identifying=False)
    entered = [Row(r.label, r.value, r.page, seen, r.at) for r in entry_rows(book, draft, page)]
    return entered or [Row(page.label.to(draft.language), "", page.code)]


def _row(book: Rulebook, draft: Draft, page: Page, question: Question) -> Row:
    answer = draft.answers.get(question.code, "")
    given = not is_empty(answer) or (question.type is FieldType.FILE and bool(draft.files))
    seen = _seen_by(book, draft, is_identifying=question.is_identifying) if given else ""
    label = question.label.to(draft.language)
    if isinstance(answer, dict):
        known = ImpreciseDate.parse(rules.iso_of(answer)) if not is_empty(answer) else None
        return Row(label, "", page.code, seen, date=known)
    if question.type is FieldType.FILE:
        return Row(label, "\n".join(file.name for file in draft.files), page.code, seen)
    return Row(label, _words(book, question, answer, draft.language), page.code, seen)


def _words(book: Rulebook, question: Question, answer: Answer, language: str) -> str:
    labels = {option[0]: option[1] for option in _options(book, question, language)}
    chosen = answer if isinstance(answer, list) else [str(answer)]
    return "\n".join(labels.get(each, each) for each in chosen)


def _seen_by(book: Rulebook, draft: Draft, *, is_identifying: bool) -> str:
    """Said as the rulebook has it: a name goes to the department only where the chosen way lets it."""
    _ = partial(catalogue(draft.language).pgettext, PROTECTED)
    if not is_identifying:
        return _("Our office and those who decide read this. The police department is told what it must answer.")
    ways = {way.code for way in book.intake.anonymity if way.shows_department}
    if ways & {str(answer) for answer in draft.answers.values() if isinstance(answer, str)}:
        return _("Our office sees this. The police department may learn it if the investigation needs it.")
    return _("Only our office sees this.")


def notices(book: Rulebook, when: NoticeWhen) -> list[Notice]:
    """The rulebook's notices for one moment."""
    return [notice for notice in book.intake.notices if notice.when is when]


def notices_on(book: Rulebook, draft: Draft, page: Page) -> list[Notice]:
    """What stands on this page for this person, in the page's order."""
    standing = book.form.standing(draft.answers)
    listed = [notice for code in page.notice for notice in book.intake.notices if notice.code == code]
    return [notice for notice in listed if notice.shown_when is None or notice.shown_when.holds(standing)]


def services_on(book: Rulebook, draft: Draft, page: Page) -> list[Service]:
    """The other doors that fit what was said so far; none where nothing fits."""
    if not page.shows_services:
        return []
    standing = book.form.standing(draft.answers)
    said = {code for answer in standing.values() for code in (answer if isinstance(answer, list) else [str(answer)])}
    return [service for service in book.intake.services if service.suits(said)]
