"""A release as it is read: its figures by measure and group, and the words for its codes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_skeleton

from app.kernel.dates import OWN_MONTHS
from app.kernel.text import DEFAULT_LANGUAGE, LocalText
from app.kernel.translations import English, Unchecked
from app.publication.rules.figures import EVERY_GROUP, Figure, in_words, read_figures
from app.publication.rules.manifest import DEFINITIONS, FIGURES, MANIFEST, Manifest, read_manifest
from app.publication.rules.measures import Kind
from app.publication.rules.periods import Period
from app.publication.rules.tables import ALL, BLANK, JOINED, OTHERS

EVERYTHING = Period("all", "all")
# Our words for groups that no dimension names otherwise.
WORDS: Mapping[str, Mapping[str, str]] = {
    BLANK: {"en": "Not stated", "es": "No consta"},
    OTHERS: {"en": "All other groups", "es": "Todos los demás grupos"},
}
# What these say of findings, last days or a name waits for a person's approval, here as on every other page.
PROTECTED = frozenset(
    ("anonymity", "answer", "class", "clock", "department_finding", "disposition", "imposed", "outcome", "penalty")
) | {"recommended"}
# In which context, and what in English: our own word for it in the reader's language.
Say = Callable[[str, str], str]


def context_of(dimension: str) -> str:
    """The context in which our catalogues say the words of this dimension."""
    return "protected" if dimension in PROTECTED else ""


def _in_english(_context: str, text: str) -> str:
    return English(text)


@dataclass(frozen=True)
class MeasureWords:
    """A measure as the release defines it."""

    id: str
    label: str
    definition: str
    numerator: str
    denominator: str
    kind: Kind


class View:
    """The figures of one release in one language."""

    def __init__(self, files: Mapping[str, bytes], language: str = "en", say: Say = _in_english) -> None:
        self.manifest: Manifest = read_manifest(files[MANIFEST])
        self.definitions: Mapping[str, Any] = json.loads(files[DEFINITIONS])
        self.language = language
        self._say = say
        self.measures = {
            words["id"]: MeasureWords(**(words | {"kind": Kind(words["kind"])}))
            for words in self.definitions["measures"]
        }
        self._by: dict[tuple[str, str], list[Figure]] = {}
        for figure in read_figures(files[FIGURES]):
            self._by.setdefault((figure.measure, figure.by), []).append(figure)

    @property
    def agency(self) -> str:
        """The agency's name."""
        return self.text(self.definitions["agency"]["name"])

    @property
    def printed_in(self) -> str:
        """The language of the charts and reports that this reader is shown."""
        return self.language if self.language in self.definitions["languages"] else "en"

    def text(self, texts: Mapping[str, str]) -> str:
        """A text of the rulebook in this language, else in English."""
        return texts.get(self.language) or texts.get("en", "")

    def label(self, dimension: str, value: str) -> str:
        """The rulebook's word for a code, or ours; what a source wrote stands as it is."""
        if dimension == "month":
            return self._month(value)
        texts = self._texts(dimension, value)
        if not texts or dimension == "language":
            return self.in_english(dimension, value)  # languages are named in themselves
        if self.language not in texts:
            return self._say(context_of(dimension), texts[DEFAULT_LANGUAGE])
        return self._checked(dimension, texts)

    def in_english(self, dimension: str, value: str) -> str:
        """The same in English."""
        return self._texts(dimension, value).get(DEFAULT_LANGUAGE, value)

    def _texts(self, dimension: str, value: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.definitions["labels"].get(dimension, {}).get(value) or WORDS.get(value, {})
        return found

    def _checked(self, dimension: str, texts: Mapping[str, str]) -> str:
        """A word that the release has in this language, if a person stands for it."""
        words = texts[self.language]
        waits = dimension in PROTECTED and self.language != self.printed_in
        return LocalText(
            {DEFAULT_LANGUAGE: texts[DEFAULT_LANGUAGE], self.language: Unchecked(words) if waits else words}
        ).to(self.language)

    def _month(self, value: str) -> str:
        year, _, month = value.partition("-")
        if not (year.isdigit() and month.isdigit()):
            return value
        if self.language in OWN_MONTHS:
            return f"{OWN_MONTHS[self.language][int(month) - 1]} {year}"
        return format_skeleton("yMMM", date(int(year), int(month), 1), locale=Locale.parse(self.language, sep="-"))

    def figures(self, measure: str, by: str, period: Period = EVERYTHING) -> dict[str, Figure]:
        """The figures of one breakdown in one period, by group; empty where the release has none."""
        if period.kind == "all":
            return {figure.group: figure for figure in self._by.get((measure, by), ())}
        name = period.kind if by == ALL else f"{period.kind},{by}"
        found = self._by.get((measure, name), ())
        if by == ALL:
            named = [figure for figure in found if figure.group == period.text]
            return {ALL: named[0]} if named else {}
        start = period.text + JOINED
        return {figure.group.removeprefix(start): figure for figure in found if figure.group.startswith(start)}

    def withheld(self, measure: str, by: str) -> str:
        """Why a whole breakdown is withheld; empty where it is not."""
        figure = self.figures(measure, by).get(EVERY_GROUP)
        return figure.withheld if figure else ""

    def reason(self, code: str) -> str:
        """Why something is withheld, in words."""
        return str(self.definitions["reasons"].get(code, code))

    def years(self) -> list[str]:
        """The years in which complaints were received."""
        return sorted(group for group in self.figures("complaints", "year") if group.isdigit())

    def printed(self, figure: Figure, part: str) -> str:
        """One figure as it is printed: its number, what it is a part of, or its share or rate."""
        kind = self.measures[figure.measure].kind
        if part == "number":
            return in_words(figure, Kind.COUNT)
        if part == "of":
            return f"{figure.denominator:,}" if figure.denominator is not None else ""
        return in_words(figure, Kind.RATE if kind is Kind.RATE else Kind.SHARE)
