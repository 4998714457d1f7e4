"""The house's own words in the reader's language; what is missing, or waits for a person, stands in English."""

import gettext
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.kernel.text import DEFAULT_LANGUAGE
from app.kernel.translations import APPROVED, English, fingerprint

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
# The context of words about rights, deadlines, consent and findings: `pgettext("protected", "...")`.
PROTECTED = "protected"
# The flag of an entry that a machine wrote: `#, machine`.
MACHINE = "machine"


class Entry(NamedTuple):
    """One text of a catalogue; the folder says to which pages it belongs."""

    context: str
    english: str
    many: str
    words: tuple[str, ...]
    is_machine: bool
    fingerprint: str
    folder: str = ""

    @property
    def is_protected(self) -> bool:
        """True where a machine's translation is shown only once it is approved."""
        return self.context == PROTECTED

    @property
    def is_shown(self) -> bool:
        """False for words that stand in English as yet."""
        return not (self.is_protected and self.is_machine) or self.fingerprint in APPROVED


class Words:
    """Every folder's words in one language."""

    def __init__(
        self, language: str, entries: Iterable[Entry] = (), plural: Callable[[int], int] | None = None
    ) -> None:
        self.language = language
        self._entries: Mapping[tuple[str, str], Entry] = {(each.context, each.english): each for each in entries}
        self._plural = plural or (lambda count: int(count != 1))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, as the files have them."""
        return tuple(self._entries.values())

    def gettext(self, text: str) -> str:
        """These words."""
        return self.pgettext("", text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """These words for so many."""
        return self.npgettext("", one, many, count)

    def pgettext(self, context: str, text: str) -> str:
        """These words where they mean this; protected ones only if a person stands for them."""
        found = self._shown(context, text)
        return found.words[0] if found else self._english(text)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """The same for so many."""
        found = self._shown(context, one)
        return found.words[self._plural(count)] if found else self._english(one if count == 1 else many)

    def _shown(self, context: str, text: str) -> Entry | None:
        found = self._entries.get((context, text))
        return found if found is not None and found.is_shown else None

    def _english(self, text: str) -> str:
        return text if self.language == DEFAULT_LANGUAGE else English(text)


@cache
def catalogue(lang: str, root: Path = TEMPLATES) -> Words:
    """`templates/<stage>/locale/<lang>.po`, all together."""
    read = {path.parents[1].name: _read(path) for path in sorted(root.glob(f"*/locale/{lang}.po"))}
    plural = next((gettext.c2py(each.plural_expr) for each in read.values()), None)
    return Words(lang, [each for folder, catalog in read.items() for each in _entries(lang, folder, catalog)], plural)


def _entries(lang: str, folder: str, catalog: Catalog) -> Iterator[Entry]:
    return (_entry(lang, folder, message) for message in catalog if message.id and _is_whole(message))


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.stem.replace("-", "_"))


def _is_whole(message: Message) -> bool:
    return all(_all(message.string))


def _entry(lang: str, folder: str, message: Message) -> Entry:
    english = _all(message.id)
    words, context = _all(message.string), message.context or ""
    known_as = fingerprint(lang, "\4".join((context, *english)), "\4".join(words))
    return Entry(context, english[0], english[-1], words, MACHINE in message.flags, known_as, folder)


def _all(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, (list, tuple)) else (str(text),)


def direction(lang: str) -> str:
    """Which way the language is read."""
    return "rtl" if lang.split("-")[0] in RIGHT_TO_LEFT else "ltr"
