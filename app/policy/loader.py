"""Reads `policies/` into rulebooks, strictly, and finds the one in force."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.kernel.text import DEFAULT_LANGUAGE
from app.kernel.translations import fingerprint
from app.policy.documents import Document, read_document, say
from app.policy.lint import lint
from app.policy.model import Rulebook
from app.policy.model.agency import Status
from app.policy.model.book import policy_id_of
from app.policy.model.law import PinnedBy
from app.policy.model.letters import Letter
from app.policy.problems import Problem, RulebookError, Severity
from app.policy.translating import is_checked
from app.policy.vocabulary import Vocabulary
from app.policy.wording import reason_for, with_words

RULEBOOK, FORM = "rulebook.yaml", "form.yaml"
# Today and the days that open cases were pinned by: asked in every request, and the answer never changes.
ANSWERS_REMEMBERED = 4096
_LETTER = re.compile(r"letters/([a-z][a-z0-9_]*)\.([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.txt")
_WORDS = re.compile(r"words/([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.yaml")
_AGENCY = re.compile(r"[a-z][a-z0-9-]*")


class NoRulebook(LookupError):
    """No rulebook of that agency, day or id."""


def from_files(agency: str, effective_from: date, files: Mapping[str, bytes], folder: str = "") -> Rulebook:
    """One rulebook from its files, such as those a case was pinned to and the database kept."""
    where = folder or f"{agency}/{effective_from.isoformat()}"
    _refuse_strange_files(where, files)
    book, form = (_document(where, name, files) for name in (RULEBOOK, FORM))
    identity = {
        "id": agency,
        "effective_from": effective_from,
        "digest": digest_of(files),
        "files": dict(files),
        "letter_texts": _letters(where, files, book.data),
    }
    english = {"rulebook": book.data, "form": form.data}
    try:
        texts = _translated(english, where, files)
    except RulebookError:
        # What is wrong in English is said first: a translation of it cannot be right either.
        _read(book, form, english, identity)
        raise
    return _read(book, form, texts, identity)


def _translated(texts: dict[str, Any], where: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    for name in sorted(files):
        if match := _WORDS.fullmatch(name):
            texts = with_words(texts, _document(where, name, files), match[1])
    return texts


def _read(book: Document, form: Document, texts: Mapping[str, Any], identity: Mapping[str, Any]) -> Rulebook:
    content = {**_mapping(book, texts["rulebook"]), "form": _mapping(form, texts["form"]), **identity}
    try:
        return Rulebook.model_validate(content)
    except ValidationError as error:
        raise RulebookError(_problems(error, book, form)) from error


def digest_of(files: Mapping[str, bytes]) -> str:
    """Over names, lengths and bytes, so that no two folders share one by moving a byte between files."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode())
        whole.update(files[name])
    return whole.hexdigest()


def read_folder(folder: Path) -> dict[str, bytes]:
    """Everything a rulebook is made of; its scenarios are tests of it and no part of it."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = ((path.relative_to(folder).as_posix(), path) for path in paths)
    return {name: path.read_bytes() for name, path in named if not name.startswith(("scenarios/", "."))}


def load_folder(folder: Path, vocabulary: Vocabulary | None = None) -> Rulebook:
    """One rulebook of `policies/<agency>/<effective-date>`, refused if the lint finds an error."""
    return _sound(folder, vocabulary, read_folder(folder))


def _sound(folder: Path, vocabulary: Vocabulary | None, files: Mapping[str, bytes]) -> Rulebook:
    shown = f"{folder.parent.parent.name}/{folder.parent.name}/{folder.name}"
    book = from_files(folder.parent.name, _date_of(folder), files, shown)
    errors = [p for p in lint(book, vocabulary, shown) if p.severity is Severity.ERROR]
    if errors:
        raise RulebookError(errors)
    return book


def examine(
    folder: Path, vocabulary: Vocabulary | None = None, read: Callable[[Path], Rulebook] | None = None
) -> list[Problem]:
    """Everything that is wrong with a folder, wherever it lies; its name need not be a date yet."""
    try:
        book = (read or read_rulebook)(folder)
    except RulebookError as error:
        return list(error.problems)
    return lint(book, vocabulary, os.path.relpath(folder))


def read_rulebook(folder: Path) -> Rulebook:
    """One rulebook without its lint, wherever it lies; its name need not be a date yet."""
    return from_files(folder.parent.name, _date_or_first(folder), read_folder(folder), os.path.relpath(folder))


def folders(policies: Path) -> list[Path]:
    """Every rulebook folder, by agency and date."""
    agencies = sorted(p for p in policies.iterdir() if p.is_dir() and _AGENCY.fullmatch(p.name))
    return [folder for agency in agencies for folder in sorted(agency.iterdir()) if folder.is_dir()]


def demonstration_in(policies: Path) -> str:
    """The agency whose rulebook says that it is only a demonstration; nothing where there is none."""
    return next((folder.parent.name for folder in folders(policies) if _is_demonstration(folder)), "")


def _is_demonstration(folder: Path) -> bool:
    """Only a look: a rulebook that cannot be read is somebody else's, and is refused when it is asked for."""
    try:
        data = read_document(RULEBOOK, (folder / RULEBOOK).read_bytes()).data
    except (OSError, RulebookError):
        return False
    meta = data.get("meta") if isinstance(data, Mapping) else None
    return isinstance(meta, Mapping) and meta.get("is_demonstration") is True


@dataclass(frozen=True)
class Volume:
    """One rulebook on the shelf: its name is known from its bytes, and it is read when somebody first asks for it."""

    agency: str
    effective_from: date
    find: Callable[[], Mapping[str, bytes]]
    read: Callable[[Mapping[str, bytes]], Rulebook]

    @classmethod
    def of(cls, book: Rulebook) -> Volume:
        return cls(book.id, book.effective_from, lambda: book.files, lambda _: book)

    @classmethod
    def at(cls, folder: Path, vocabulary: Vocabulary | None) -> Volume:
        return cls(
            folder.parent.name, _date_of(folder), partial(read_folder, folder), partial(_sound, folder, vocabulary)
        )

    @classmethod
    def kept(cls, agency: str, effective_from: date, find: Callable[[], Mapping[str, bytes]]) -> Volume:
        """One that the database keeps: it was checked before its first case, and is not checked again."""
        return cls(agency, effective_from, find, partial(from_files, agency, effective_from))

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        return self.find()

    @cached_property
    def book(self) -> Rulebook:
        return self.read(self.files)

    @cached_property
    def policy_id(self) -> str:
        return policy_id_of(self.agency, self.effective_from, digest_of(self.files))


class Rulebooks:
    """All rulebooks of an installation: those in the folder, and older ones that cases are pinned to."""

    def __init__(self, books: Iterable[Rulebook | Volume], stored: Iterable[Rulebook | Volume] = ()) -> None:
        self.volumes = tuple(sorted(map(_volume, books), key=lambda volume: (volume.agency, volume.effective_from)))
        self.stored = tuple(map(_volume, stored))
        self._by_name: dict[str, Rulebook] = {}
        self._last = lru_cache(maxsize=ANSWERS_REMEMBERED)(self._last_found)

    @classmethod
    def load(cls, policies: Path, vocabulary: Vocabulary | None = None) -> Rulebooks:
        """Reads none of them yet; each is refused when it is first asked for, if the lint finds an error."""
        return cls(Volume.at(folder, vocabulary) for folder in folders(policies))

    def including(self, stored: Iterable[Rulebook | Volume]) -> Rulebooks:
        """With rulebooks from the database: found by name, never in force."""
        return Rulebooks(self.volumes, (*self.stored, *map(_volume, stored)))

    @property
    def books(self) -> tuple[Rulebook, ...]:
        """Every one in the folder, read."""
        return tuple(volume.book for volume in self.volumes)

    def agencies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(volume.agency for volume in self.volumes))

    def versions(self, agency: str) -> tuple[Volume, ...]:
        """Every version of one agency, the oldest first, none of them read for it."""
        return tuple(volume for volume in self.volumes if volume.agency == agency)

    def of(self, agency: str) -> tuple[Rulebook, ...]:
        """Every version of one agency, the oldest first."""
        return tuple(volume.book for volume in self.versions(agency))

    def newest(self, agency: str) -> Rulebook:
        """The last version that is no proposal, in force already or not yet."""
        return self._last(agency, date.max)

    def in_force(self, agency: str, on: date) -> Rulebook:
        """The latest one that had taken effect; a proposal never does."""
        return self._last(agency, on)

    def for_case(
        self, agency: str, opened_on: date, *, filed_on: date | None = None, incident_on: date | None = None
    ) -> Rulebook:
        """The version a case has: the one in force when it is opened says which day decides.

        Where that day is not known the next later one decides; before the first version, the first one holds.
        """
        now = self.in_force(agency, opened_on)
        days = {
            PinnedBy.INCIDENT: incident_on or filed_on or opened_on,
            PinnedBy.FILING: filed_on or opened_on,
            PinnedBy.OPENING: opened_on,
        }
        return self._last(agency, min(days[now.pinning.by], opened_on), or_first=True)

    def _last_found(self, agency: str, on: date, *, or_first: bool = False) -> Rulebook:
        versions = self.versions(agency)
        begun = [volume for volume in reversed(versions) if volume.effective_from <= on]
        later = [volume for volume in versions if volume.effective_from > on] if or_first else []
        for volume in (*begun, *later):
            if volume.book.status is not Status.PROPOSAL:
                return volume.book
        raise NoRulebook(f"No rulebook of {agency} is in force on {on.isoformat()}.")

    def begun(self, agency: str, on: date) -> Iterator[Rulebook]:
        """Every version that had taken effect, the latest first, each read only when the one after it did not do."""
        for volume in reversed(self.versions(agency)):
            if volume.effective_from <= on and volume.book.status is not Status.PROPOSAL:
                yield volume.book

    def named(self, policy_id: str) -> Rulebook:
        """The one a case was opened under."""
        if policy_id not in self._by_name:
            self._by_name[policy_id] = self._find(policy_id)
        return self._by_name[policy_id]

    def _find(self, policy_id: str) -> Rulebook:
        for volume in (*self.volumes, *self.stored):
            if policy_id.startswith(f"{volume.agency}@{volume.effective_from}#") and volume.policy_id == policy_id:
                return volume.book
        raise NoRulebook(f"There is no rulebook {policy_id}.")


def _volume(book: Rulebook | Volume) -> Volume:
    return book if isinstance(book, Volume) else Volume.of(book)


def _date_of(folder: Path) -> date:
    try:
        return date.fromisoformat(folder.name)
    except ValueError as error:
        reason = "the folder of a rulebook is named after the day it takes effect, such as 2026-01-01"
        raise RulebookError([Problem(str(folder.name), 1, "", reason)]) from error


def _date_or_first(folder: Path) -> date:
    try:
        return date.fromisoformat(folder.name)
    except ValueError:
        return date.min


def _refuse_strange_files(where: str, files: Mapping[str, bytes]) -> None:
    missing = [name for name in (RULEBOOK, FORM) if name not in files]
    strange = [n for n in files if n not in (RULEBOOK, FORM) and not _LETTER.fullmatch(n) and not _WORDS.fullmatch(n)]
    problems = [Problem(f"{where}/{name}", 1, "", "this file is missing") for name in missing]
    mend = "a rulebook holds rulebook.yaml, form.yaml, letters/<kind>.<language>.txt and words/<language>.yaml"
    problems += [Problem(f"{where}/{name}", 1, "", "this file does not belong here", mend) for name in sorted(strange)]
    if problems:
        raise RulebookError(problems)


def _document(where: str, name: str, files: Mapping[str, bytes]) -> Document:
    return read_document(f"{where}/{name}", files[name])


def _mapping(document: Document, data: object) -> dict[str, object]:
    if isinstance(data, dict):
        return data
    raise RulebookError([Problem(document.file, 1, "", "this file must hold keys and values")])


def _letters(where: str, files: Mapping[str, bytes], rulebook: object) -> tuple[Letter, ...]:
    matches = ((name, _LETTER.fullmatch(name)) for name in sorted(files))
    read = [_letter(f"{where}/{name}", match[1], match[2], files[name]) for name, match in matches if match]
    english = {letter.kind: letter for letter in read if letter.language == DEFAULT_LANGUAGE}
    return tuple(_waiting(letter, english.get(letter.kind), rulebook) for letter in read)


def _waiting(letter: Letter, english: Letter | None, rulebook: object) -> Letter:
    """A machine's translation names what has to be approved of it."""
    if english is None or letter.language == DEFAULT_LANGUAGE or is_checked(rulebook, letter.language):
        return letter
    return replace(letter, waits_for=fingerprint(letter.language, english.whole, letter.whole))


def _letter(file: str, kind: str, language: str, content: bytes) -> Letter:
    try:
        return Letter.read(kind, language, content.decode("utf-8"))
    except ValueError as error:
        raise RulebookError([Problem(file, 1, "", str(error))]) from error


def _problems(error: ValidationError, book: Document, form: Document) -> list[Problem]:
    return sorted(_problem(detail["loc"], reason_for(detail), book, form) for detail in error.errors())


def _problem(loc: tuple[str | int, ...], reason: str, book: Document, form: Document) -> Problem:
    document, place = (form, loc[1:]) if loc[:1] == ("form",) else (book, loc)
    nearest = document.nearest(place)
    return Problem(document.file, document.line_of(nearest), say(nearest), reason)
