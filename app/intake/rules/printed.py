"""The rulebook's form as it stands on paper: what is asked, the boxes to tick and to write in, and for whom it is."""

from collections.abc import Callable
from dataclasses import dataclass

from app.policy.model import Rulebook
from app.policy.model.intake import FieldType, NoticeWhen, Page, Question, ShownWhen

Say = Callable[[str], str]
ONLY = "Only if you answered “%(answers)s” to “%(question)s”."
SKIP = "Skip this if you answered “%(answers)s” to “%(question)s”."
# How many times a part stands on paper that may be filled in more than once, and how many lines an answer has.
COPIES = 2
LINES = {"long": 16, "text": 4}
LONG = 5000


@dataclass(frozen=True)
class Line:
    """One question on paper."""

    label: str
    say: str
    hint: str
    kind: str
    options: list[tuple[str, str]]
    rows: int
    only: str


@dataclass(frozen=True)
class Part:
    """One page of the form on paper."""

    label: str
    lead: str
    only: str
    copies: int
    lines: list[Line]
    notices: list[tuple[str, str]]


def pages(book: Rulebook, language: str, say: Say) -> list[Part]:
    """Everything that may be asked, in the order of the form; each part says for whom it is."""
    return [_part(book, page, language, say) for page in book.form.pages if page.fields]


def _part(book: Rulebook, page: Page, language: str, say: Say) -> Part:
    # What the form says before its first question is not said again.
    listed = [each for each in book.intake.notices if each.when is not NoticeWhen.BEFORE_FILING]
    notices = [each for code in page.notice for each in listed if each.code == code]
    return Part(
        label=page.label.to(language),
        lead=page.lead.to(language) if page.lead else "",
        only=_only(book, page.shown_when, language, say),
        copies=COPIES if page.repeats else 1,
        lines=[_line(book, question, language, say) for question in page.fields],
        notices=[(each.label.to(language), each.text.to(language)) for each in notices],
    )


def _line(book: Rulebook, question: Question, language: str, say: Say) -> Line:
    is_text = question.type is FieldType.TEXT
    size = "long" if (question.max_length or 0) >= LONG else "text"
    return Line(
        label=question.label.to(language),
        say=question.say.to(language) if question.say else "",
        hint=question.hint.to(language) if question.hint else "",
        kind=question.type.value,
        options=_options(book, question, language, say),
        rows=LINES[size] if is_text else 1,
        only=_only(book, question.shown_when, language, say),
    )


def _options(book: Rulebook, question: Question, language: str, say: Say) -> list[tuple[str, str]]:
    if question.type is FieldType.YES_NO:
        return [(say("Yes"), ""), (say("No"), "")]
    if question.type is FieldType.LANGUAGE:
        return [(getattr(each, "own_name", each.code), "") for each in book.choices(question)]
    if question.type not in {FieldType.CHOICE, FieldType.CHOICES}:
        return []
    return [(each.label.to(language), _meaning(each, language)) for each in book.choices(question)]


def _meaning(choice: object, language: str) -> str:
    meaning = getattr(choice, "meaning", None)
    return meaning.to(language) if meaning else ""


def _only(book: Rulebook, when: ShownWhen | None, language: str, say: Say) -> str:
    """For whom it is, by the answer to an earlier question."""
    asked = book.form.field(when.field) if when else None
    if when is None or asked is None:
        return ""
    codes, words = (when.is_one_of, ONLY) if when.is_one_of else (when.is_none_of, SKIP)
    labels = [each.label.to(language) for each in book.choices(asked) if each.code in codes]
    answers = "”, “".join(labels or [say("Yes")])
    return say(words) % {"answers": answers, "question": asked.label.to(language)}
