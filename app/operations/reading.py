"""How hard the English is that residents read: the grade of school that a text asks for, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from app.operations.languages import said
from app.policy.model import Rulebook
from app.policy.model.duties import LetterTo
from app.policy.translating import resident_texts

# Grade 8 is asked for. The library's syllables come from hyphenation, which finds a few too few: hence one grade less.
HARDEST = 7.0
# Of a few words the measure says nothing.
FEWEST_WORDS = 30


@dataclass(frozen=True)
class Reading:
    """One page with its grade."""

    where: str
    grade: float
    words: int

    @property
    def is_too_hard(self) -> bool:
        """True where a page asks for more school than it may."""
        return self.words >= FEWEST_WORDS and self.grade > HARDEST


@cache
def _grade() -> Callable[[str], float]:
    """Its dictionary would be fetched from elsewhere at first use; without it, it counts by hyphenation."""
    counts = import_module("textstat.backend.counts._count_syllables")
    counts.get_cmudict = lambda lang: None  # type: ignore[attr-defined]
    found: Callable[[str], float] = import_module("textstat").flesch_kincaid_grade
    return found


def grade(text: str) -> float:
    """The Flesch-Kincaid grade."""
    return float(_grade()(text))


def reading(where: str, text: str) -> Reading:
    """The text with its grade."""
    return Reading(where, grade(text), len(text.split()))


def readings(book: Rulebook) -> list[Reading]:
    """Every page of ours, every page of the form and every letter to a filer."""
    return [reading(where, text) for where, text in (*_pages(), *_rulebook(book), *_letters(book))]


def _pages() -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for where, _, text in said():
        found.setdefault(where, []).append(text)
    for where, texts in found.items():
        yield where, together(texts)


def _rulebook(book: Rulebook) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for place, text in resident_texts(book):
        depth = 3 if place[:2] == ("form", "pages") else 2
        found.setdefault(".".join(map(str, place[:depth])), []).append(str(text))
    for where, texts in found.items():
        yield where, together(texts)


def _letters(book: Rulebook) -> Iterator[tuple[str, str]]:
    for kind in book.letters:
        if kind.to is LetterTo.FILER:
            yield f"letters/{kind.code}", together(book.letter(kind.code).whole.split("\n"))


def together(texts: list[str]) -> str:
    """One text of many, in which a heading or a label is a sentence of its own."""
    said_whole = (text.strip() for text in texts if text.strip())
    return "\n".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in said_whole)
