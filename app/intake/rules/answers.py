"""What a filing says beside its words, in the rulebook's own, for the office to read and to heed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.policy.model import Rulebook
from app.policy.model.base import Named
from app.policy.model.door import Service
from app.policy.model.intake import FieldType, Question

UNTOLD = "Not told: whoever filed is protected"
_YES_NO = {"yes": "Yes", "no": "No"}


def other_answers(
    book: Rulebook, relationship: str, answers: Mapping[str, Any], *, is_hidden: bool = False
) -> list[tuple[str, str]]:
    """What else was answered. Who is protected is to everybody else somebody who said nothing of their part."""
    affected = answers.get("affected", {})
    asked: list[tuple[str, Any, Sequence[Named]]] = [
        ("Kind", answers.get("kind"), book.intake.contact_kinds),
        ("Part in it", UNTOLD if is_hidden else relationship, book.intake.relationships),
        ("Which police", answers.get("department"), book.departments),
        ("What happened", answers.get("matters"), book.intake.matters),
        ("Injuries", answers.get("injuries"), ()),
        ("Medical care", answers.get("medical_care"), ()),
        ("Whom it happened to knows of it", _YES_NO.get(affected.get("knows", "")), ()),
        ("Whom it happened to is under 18", _YES_NO.get(affected.get("age", "")), ()),
        ("Needs", answers.get("accommodation"), book.intake.accommodations),
        ("Would talk it over", answers.get("mediation"), _choices(book, "mediation")),
        ("Sworn", "Yes" if answers.get("sworn") else "", ()),
        ("Heard of us", answers.get("heard_of_us"), book.intake.heard_of_us),
    ]
    said = [(label, in_words(answer, listed)) for label, answer, listed in asked if answer]
    return [*said, *_own_questions(book, answers.get("more", {}))]


def safe_contact(book: Rulebook, way: str, rules: Sequence[str], times: str, safe: str = "") -> list[tuple[str, str]]:
    """What everybody must see before they reach a filer."""
    asked: list[tuple[str, Any, Sequence[Named]]] = [
        ("Safe to reach by", way, book.intake.contact_preferences),
        ("Never", rules, book.intake.contact_rules),
        ("Safe times", times, ()),
        ("To be safe", safe, ()),
    ]
    return [(label, in_words(answer, listed)) for label, answer, listed in asked if answer]


def other_doors(book: Rulebook, answers: Mapping[str, Any]) -> list[Service]:
    """The rulebook's services, those first that fit what was said."""
    said = {answers.get("kind", ""), *answers.get("matters", ())}
    return sorted(book.intake.services, key=lambda service: not (service.fits and service.suits(said)))


def in_words(answer: str | Sequence[str], known: Iterable[Named]) -> str:
    labels = {each.code: str(each.label) for each in known}
    return ", ".join(labels.get(code, code) for code in ([answer] if isinstance(answer, str) else answer))


def _choices(book: Rulebook, place: str) -> Sequence[Named]:
    return next((book.choices(question) for question in _questions(book) if question.fills == place), ())


def _questions(book: Rulebook) -> Iterator[Question]:
    return (question for page in book.form.pages for question in page.fields)


def _own_questions(book: Rulebook, more: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What only this city's rulebook asks; an older one may have asked what this one does not know."""
    asked = {question.code: question for question in _questions(book)}
    for code, text in more.items():
        question = asked.get(code)
        yield (str(question.label), _answer(book, question, text)) if question else (code, text)


def _answer(book: Rulebook, question: Question, text: str) -> str:
    if question.type is FieldType.YES_NO:
        return _YES_NO.get(text, text)
    if question.type in (FieldType.CHOICE, FieldType.CHOICES):
        return in_words(text.split(", "), book.choices(question))
    return text
