"""A complaint that is being written: its answers so far, and the way through the rulebook's form."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict

from app.policy.model import Rulebook
from app.policy.model.intake import FieldType, Page, Question

Answer: TypeAlias = str | list[str] | dict[str, str]
Answers: TypeAlias = dict[str, Answer]
DATE_PARTS = ("month", "day", "year")
# A page left open over a weekend still sends, and what was saved is there as long after the last page that was sent.
# A file lives as long, counted from when it came: no row names it yet.
LIFE = timedelta(days=7)
# Characters of a whole draft: more than any form asks for, and packed it still travels in a page.
MOST_WRITTEN = 400_000


class Kept(BaseModel):
    """A file that was stored already; only who holds this draft can name it."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    id: str
    name: str
    media_type: str
    size: int
    sha256: bytes
    object_name: str
    wrapped_key: bytes
    kept_at: int = 0


class Draft(BaseModel):
    """Everything typed so far. It travels in the page, sealed, and is saved under its own words after each page."""

    # What an older or newer version wrote is opened as far as it is known.
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    # The digits of the passphrase that opens it again, and later the complaint; none before the first page is saved.
    secret: str = ""
    language: str
    answers: Answers = {}
    entries: dict[str, list[Answers]] = {}
    files: tuple[Kept, ...] = ()
    seen: tuple[str, ...] = ()
    is_checking: bool = False
    # False where too many were begun from one network: each page asks again whether it may be saved.
    is_saved: bool = True

    def with_(self, **changed: Any) -> "Draft":
        """The same with something changed."""
        return self.model_copy(update=changed)

    @property
    def is_too_long(self) -> bool:
        """True where nobody typed so much: packed it may be small, and opening it would be work each time."""
        return len(self.model_dump_json()) > MOST_WRITTEN

    def young_files(self, now: int) -> tuple[Kept, ...]:
        """The files that have not waited for so long that they may be swept away."""
        return tuple(file for file in self.files if file.kept_at + LIFE.total_seconds() > now)

    def with_file(self, file: Kept) -> "Draft":
        """The same with one more file; the same file twice is one."""
        return self if any(file.id == each.id for each in self.files) else self.with_(files=(*self.files, file))

    def without_file(self, file_id: str) -> "Draft":
        """The same with one file less."""
        return self.with_(files=tuple(each for each in self.files if each.id != file_id))

    def entry(self, page: Page, at: int) -> Answers:
        """The answers of one page, or of one entry of a page that repeats."""
        if not page.repeats:
            return self.answers
        entries = self.entries.get(page.code, [])
        return entries[at] if 0 <= at < len(entries) else {}


def taken(
    book: Rulebook, draft: Draft, page: Page, values: Mapping[str, str], lists: Mapping[str, Sequence[str]], at: int
) -> Draft:
    """The draft with what was typed on this page, right or wrong: nothing typed is ever dropped."""
    typed = {
        question.code: _typed(question, values, lists)
        for question in page.fields
        if question.type is not FieldType.FILE
    }
    draft = draft.with_(seen=tuple(dict.fromkeys((*draft.seen, page.code))))
    if page.repeats:
        return draft.with_(entries=draft.entries | {page.code: _placed(draft.entries.get(page.code, []), typed, at)})
    draft = draft.with_(answers=draft.answers | typed)
    return _without_names(book, _in_its_language(book, draft))


def _typed(question: Question, values: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Answer:
    code = question.code
    if question.type is FieldType.IMPRECISE_DATE:
        return {part: values.get(f"{code}_{part}", "").strip() for part in DATE_PARTS}
    if question.type is FieldType.CHOICES:
        return list(lists.get(code, ()))
    return values.get(code, "")


def _placed(entries: list[Answers], typed: Answers, at: int) -> list[Answers]:
    """An entry with nothing in it is no entry."""
    placed = [*entries[:at], typed, *entries[at + 1 :]]
    return [entry for entry in placed if not all(is_empty(answer) for answer in entry.values())]


def is_empty(answer: Answer) -> bool:
    """True where nothing was answered."""
    if isinstance(answer, dict):
        return not any(answer.values())
    return not (answer.strip() if isinstance(answer, str) else answer)


def _in_its_language(book: Rulebook, draft: Draft) -> Draft:
    """The form goes on in the language that was chosen on it."""
    chosen = next((str(answer) for fills, answer in _filled(book, draft) if fills == "language"), "")
    return draft.with_(language=chosen) if chosen in book.language_codes else draft


def _without_names(book: Rulebook, draft: Draft) -> Draft:
    """Who chooses not to say a name has not said one, also not before."""
    if not is_anonymous(book, draft):
        return draft
    identifying = {question.code for page in book.form.pages for question in page.fields if question.is_identifying}
    return draft.with_(answers={code: answer for code, answer in draft.answers.items() if code not in identifying})


def is_anonymous(book: Rulebook, draft: Draft) -> bool:
    """True where the answer so far asks for no identity."""
    chosen = next((answer for fills, answer in _filled(book, draft) if fills == "anonymity"), "")
    return any(way.code == chosen and not way.asks_identity for way in book.intake.anonymity)


def _filled(book: Rulebook, draft: Draft) -> list[tuple[str | None, Answer]]:
    return [
        (question.fills, draft.answers[question.code])
        for page in book.form.pages
        for question in page.fields
        if question.code in draft.answers
    ]


def without_entry(draft: Draft, page: Page, at: int) -> Draft:
    """The draft without one officer."""
    entries = draft.entries.get(page.code, [])
    return draft.with_(entries=draft.entries | {page.code: [*entries[:at], *entries[at + 1 :]]})


def after(book: Rulebook, draft: Draft, page: Page) -> Page:
    """The page that follows. Who came from the check goes back to it, past any page that a new answer opened."""
    pages = book.form.visible_pages(draft.answers)
    if draft.is_checking:
        return next((p for p in pages if p.is_check or p.code not in draft.seen), pages[-1])
    return book.form.page_after(page.code, draft.answers) or pages[-1]


def left_off(book: Rulebook, draft: Draft) -> Page:
    """Where whoever comes back goes on: the first page that was not seen yet, or the check."""
    pages = book.form.visible_pages(draft.answers)
    return next((page for page in pages if page.is_check or page.code not in draft.seen), pages[-1])


def before(book: Rulebook, draft: Draft, page: Page) -> Page | None:
    """The page before; none before the first."""
    return book.form.page_before(page.code, draft.answers)
