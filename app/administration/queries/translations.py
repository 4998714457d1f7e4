"""Every text that residents read, in one language: what is missing, what a machine made, what a person approved."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access.records import Account, TranslationApproval
from app.access.work import Work
from app.kernel.errors import NotFound
from app.kernel.text import DEFAULT_LANGUAGE
from app.kernel.translations import fingerprint
from app.policy.model import Rulebook
from app.policy.model.duties import LetterTo
from app.policy.plain.places import about
from app.policy.translating import is_protected, resident_texts
from app.web.words import catalogue

PAGE = 50
# Complete, or the build fails: what stands in it is what there is to translate.
FIRST = "es"
# Of our own words: on which pages they stand, by their folder.
OUR_PAGES = {
    "_kit": "What frames every page",
    "correspondence": "Messages and letters",
    "discipline": "What the department answered",
    "intake": "Complaining, and following a complaint",
    "public": "The first page, and published figures",
}


@dataclass(frozen=True)
class Translated:
    """One text; without words where it is missing."""

    where: str
    english: str
    words: str
    is_machine: bool
    is_protected: bool
    known_as: str


@dataclass(frozen=True)
class Approval:
    """Who stands for a translation, since when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """One text with where it stands."""

    text: Translated
    approval: Approval | None

    @property
    def state(self) -> str:
        """Missing, waiting (in English until approved), a machine's, approved, or a person's from the first."""
        if not self.text.words:
            return "missing"
        if not self.text.is_machine:
            return "person"
        if self.approval is not None:
            return "approved"
        return "waiting" if self.text.is_protected else "machine"


@dataclass(frozen=True)
class Counts:
    """One language in figures."""

    code: str
    name: str
    texts: int
    by_state: Mapping[str, int]


def counts(work: Work) -> list[Counts]:
    """Every language but English."""
    codes = [each for each in work.book.languages if each.code != DEFAULT_LANGUAGE]
    return [_counts(each.code, each.own_name, lines(work, each.code)) for each in codes]


def _counts(code: str, name: str, found: list[Line]) -> Counts:
    return Counts(code, name, len(found), Counter(line.state for line in found))


def lines(work: Work, language: str) -> list[Line]:
    """Every text of one language, protected ones first."""
    if language not in work.book.language_codes or language == DEFAULT_LANGUAGE:
        raise NotFound()
    approved = _approvals(work, language)
    found = [Line(text, approved.get(text.known_as)) for text in texts(work.book, language)]
    return sorted(found, key=lambda line: not line.text.is_protected)


def _approvals(work: Work, language: str) -> dict[str, Approval]:
    standing = (
        select(TranslationApproval.text_hash, Account.display_name, TranslationApproval.approved_at)
        .join(Account, Account.id == TranslationApproval.approved_by_id)
        .where(TranslationApproval.language == language, TranslationApproval.withdrawn_at.is_(None))
    )
    return {known_as: Approval(name, at) for known_as, name, at in work.session.execute(standing)}


def standing_approval(work: Work, language: str, known_as: str) -> TranslationApproval:
    """The approval of one text that stands."""
    found = work.session.scalar(
        select(TranslationApproval).where(
            TranslationApproval.language == language,
            TranslationApproval.text_hash == known_as,
            TranslationApproval.withdrawn_at.is_(None),
        )
    )
    if found is None:
        raise NotFound()
    return found


def texts(book: Rulebook, language: str) -> Iterator[Translated]:
    """Of the rulebook, of its letters, and of our own pages."""
    checked = next((each.checked_by for each in book.languages if each.code == language), None)
    yield from _of_rulebook(book, language, is_machine=not checked)
    yield from _of_letters(book, language, is_machine=not checked)
    yield from _of_pages(language)


def places(book: Rulebook, found: Iterable[Line]) -> dict[str, str]:
    """Where these texts stand, in words."""
    return {where: OUR_PAGES.get(where) or about(book, where) for where in {line.text.where for line in found}}


def _of_rulebook(book: Rulebook, language: str, *, is_machine: bool) -> Iterator[Translated]:
    consents = [page.code for page in book.form.pages if page.is_consent]
    for place, text in resident_texts(book):
        words = text.texts.get(language, "")
        where = ".".join(map(str, place))
        known_as = fingerprint(language, str(text), words)
        yield Translated(where, str(text), words, is_machine, is_protected(place, consents), known_as)


def _of_letters(book: Rulebook, language: str, *, is_machine: bool) -> Iterator[Translated]:
    written = {(letter.kind, letter.language): letter for letter in book.letter_texts}
    for kind in book.letters:
        if kind.to is not LetterTo.FILER:
            continue
        english = written[kind.code, DEFAULT_LANGUAGE]
        theirs = written.get((kind.code, language))
        words = theirs.whole if theirs else ""
        known_as = fingerprint(language, english.whole, words)
        yield Translated(f"letters.{kind.code}", english.whole, words, is_machine, is_protected=True, known_as=known_as)


def _of_pages(language: str) -> Iterator[Translated]:
    heard = {(entry.context, entry.english): entry for entry in catalogue(language).entries}
    for wanted in catalogue(FIRST).entries:
        entry = heard.get((wanted.context, wanted.english))
        where = wanted.folder
        if entry is None:
            yield Translated(where, wanted.english, "", is_machine=True, is_protected=wanted.is_protected, known_as="")
        else:
            words = "\n".join(entry.words)
            yield Translated(where, entry.english, words, entry.is_machine, entry.is_protected, entry.fingerprint)
