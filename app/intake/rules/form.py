"""The rulebook's form: what is wrong with an answer, and what the answers are as a filing."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.intake.rules.draft import Answer, Answers, Draft, is_anonymous, is_empty
from app.kernel.dates import ImpreciseDate
from app.kernel.text import clean_text
from app.policy.model import Rulebook
from app.policy.model.intake import FieldType, Page, Question

ANSWER = "Please answer this."
CHOOSE = "Choose one of the answers."
TOO_LONG = "This is too long. Make it shorter."
UNFIT = "This holds a character that cannot be kept. Type it again."
ONE_LINE = "Write this on one line."
EMAIL = "An email address has an @ in it. Check it, or leave it empty."
DATE_DIGITS = "Write the month, the day and the year in numbers. The year has four digits."
DATE_MONTH = "Add the month, or leave out the day."
DATE_YEAR = "Add the year, or leave the date empty."
NO_SUCH_DATE = "There is no such day. Check the date."
NOT_YET = "This day has not come yet. Check the date, or leave it empty if you are not sure."

_ONE_LINE = {FieldType.LINE, FieldType.EMAIL, FieldType.PHONE, FieldType.TIME}
_ONE_OF = {FieldType.CHOICE, FieldType.LANGUAGE, FieldType.YES_NO, FieldType.AGREE}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
YES_NO = ("yes", "no")
AGREED = "yes"
# Where the answer of a question goes that is asked only for the pages it opens.
NOWHERE = "nothing"
# What the command takes at most where the rulebook asks for no less.
LONGEST = {FieldType.TEXT: 2000}
LONGEST_LINE = 200


def problems(book: Rulebook, draft: Draft, page: Page, at: int, today: date) -> dict[str, str]:
    """What is wrong on one page, or in one entry of it, by question; empty where one may go on."""
    answers = draft.entry(page, at)
    found = {
        question.code: _problem(book, question, answers.get(question.code, ""), today, draft.language)
        for question in book.form.asked(page, draft.answers)
    }
    return {code: words for code, words in found.items() if words}


def first_problem(book: Rulebook, draft: Draft, today: date) -> tuple[Page, int] | None:
    """The first page of the whole form that needs another look, and which of its entries."""
    for page in book.form.visible_pages(draft.answers):
        for at in range(len(draft.entries.get(page.code, [])) if page.repeats else 1):
            if problems(book, draft, page, at, today):
                return page, at
    return None


def _problem(book: Rulebook, question: Question, answer: Answer, today: date, language: str) -> str:
    if question.type is FieldType.FILE:
        return ""
    if is_empty(answer):
        missing = question.missing.to(language) if question.missing else ANSWER
        return missing if question.required else ""
    return _checked(book, question, answer, today)


def _checked(book: Rulebook, question: Question, answer: Answer, today: date) -> str:
    if isinstance(answer, dict):
        return _date_problem(answer, today)
    if isinstance(answer, list):
        return "" if set(answer) <= _offered(book, question) else CHOOSE
    return _text_problem(book, question, answer)


def _text_problem(book: Rulebook, question: Question, answer: str) -> str:
    if question.type in _ONE_OF:
        return "" if answer in _offered(book, question) else CHOOSE
    if question.type in _ONE_LINE and "\n" in answer.strip():
        return ONE_LINE
    try:
        clean = clean_text(answer)
    except ValueError:
        return UNFIT
    if len(clean) > longest(question):
        return TOO_LONG
    return EMAIL if question.type is FieldType.EMAIL and not _EMAIL.fullmatch(clean.strip()) else ""


def longest(question: Question) -> int:
    """How many characters the answer may have."""
    return question.max_length or LONGEST.get(question.type, LONGEST_LINE)


def _offered(book: Rulebook, question: Question) -> set[str]:
    if question.type is FieldType.AGREE:
        return {AGREED}
    return set(YES_NO) if question.type is FieldType.YES_NO else {choice.code for choice in book.choices(question)}


def _date_problem(typed: Mapping[str, str], today: date) -> str:
    wrong = _date_shape(typed)
    if wrong:
        return wrong
    try:
        found = ImpreciseDate.parse(iso_of(typed))
    except ValueError:
        return NO_SUCH_DATE
    return NOT_YET if found.is_surely_after(today) else ""


def _date_shape(typed: Mapping[str, str]) -> str:
    day, month, year = (typed.get(part, "") for part in ("day", "month", "year"))
    if any(part and not (part.isascii() and part.isdigit()) for part in (day, month, year)):
        return DATE_DIGITS
    if not year:
        return DATE_YEAR
    if day and not month:
        return DATE_MONTH
    return "" if len(year) == 4 and len(month) <= 2 and len(day) <= 2 else DATE_DIGITS


def iso_of(typed: Mapping[str, str]) -> str | None:
    """`2026-03-05`, `2026-03` or `2026`, as far as it was answered."""
    parts = [typed.get("year", ""), typed.get("month", "").rjust(2, "0"), typed.get("day", "").rjust(2, "0")]
    known = [part for part, given in zip(parts, ("year", "month", "day"), strict=True) if typed.get(given)]
    return "-".join(known) or None


def filing_of(book: Rulebook, draft: Draft) -> dict[str, Any]:
    """The answers of the pages that this person was shown, each where the rulebook says that it goes."""
    filing: dict[str, Any] = {
        "language": draft.language,
        "filer": {},
        "incident": {"date": None, "location": ""},
        "officers": [],
        "more": {},
    }
    for page in book.form.visible_pages(draft.answers):
        if page.repeats:
            for entry in draft.entries.get(page.code, []):
                _put_entry(book, draft, page, entry, filing)
        else:
            for question, value in _given(book, draft, page, draft.answers):
                _place(place_of(question), value, filing)
    return filing


def _put_entry(book: Rulebook, draft: Draft, page: Page, entry: Answers, filing: dict[str, Any]) -> None:
    """One officer or witness more: the list that the page's questions fill gets an entry."""
    given = {place_of(question): value for question, value in _given(book, draft, page, entry)}
    for group in dict.fromkeys(place.partition(".")[0] for place in given):
        filing.setdefault(group, []).append({place.partition(".")[2]: value for place, value in given.items()})


def _given(book: Rulebook, draft: Draft, page: Page, answers: Answers) -> Iterator[tuple[Question, object]]:
    """What was answered to the questions that this person was asked, as a command takes it."""
    for question in book.form.asked(page, draft.answers):
        answer = answers.get(question.code, "")
        is_withheld = question.is_identifying and is_anonymous(book, draft)
        if not (is_empty(answer) or is_withheld or question.fills == NOWHERE):
            yield question, value_of(question, answer)


def place_of(question: Question) -> str:
    """Where the answer goes in a filing: what only this rulebook asks stands under the question's own name."""
    return question.fills or f"more.{question.code}"


def _place(place: str, value: object, filing: dict[str, Any]) -> None:
    group, _, name = place.rpartition(".")
    into = filing.setdefault(group, {}) if group else filing
    into[name] = ", ".join(value) if group == "more" and isinstance(value, list) else value


def value_of(question: Question, answer: Answer) -> object:
    """As a command takes it."""
    if isinstance(answer, dict):
        return iso_of(answer)
    return answer == AGREED if question.type is FieldType.AGREE else answer


def question_filling(book: Rulebook, place: str) -> tuple[Page, Question] | None:
    """Which question an error of the filing belongs to."""
    for page in book.form.pages:
        for question in page.fields:
            if question.fills == place:
                return page, question
    return None
