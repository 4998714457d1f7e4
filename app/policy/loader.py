"""Reads `policies/` into rulebooks, strictly, and finds the one in force."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.policy.documents import Document, read_document, say
from app.policy.lint import lint
from app.policy.model import Rulebook
from app.policy.model.agency import Status
from app.policy.model.letters import Letter
from app.policy.problems import Problem, RulebookError, Severity
from app.policy.vocabulary import Vocabulary
from app.policy.wording import reason_for, with_words

RULEBOOK, FORM = "rulebook.yaml", "form.yaml"
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
        "letter_texts": _letters(where, files),
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
    shown = f"{folder.parent.parent.name}/{folder.parent.name}/{folder.name}"
    book = from_files(folder.parent.name, _date_of(folder), read_folder(folder), shown)
    errors = [p for p in lint(book, vocabulary, shown) if p.severity is Severity.ERROR]
    if errors:
        raise RulebookError(errors)
    return book


def examine(folder: Path, vocabulary: Vocabulary | None = None) -> list[Problem]:
    """Everything that is wrong with a folder, wherever it lies; its name need not be a date yet."""
    try:
        book = read_rulebook(folder)
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


@dataclass(frozen=True)
class Rulebooks:
    """All rulebooks of an installation: those in the folder, and older ones that cases are pinned to."""

    books: tuple[Rulebook, ...]
    stored: tuple[Rulebook, ...] = ()

    @classmethod
    def load(cls, policies: Path, vocabulary: Vocabulary | None = None) -> Rulebooks:
        return cls(tuple(load_folder(folder, vocabulary) for folder in folders(policies)))

    def including(self, stored: Iterable[Rulebook]) -> Rulebooks:
        """With rulebooks from the database: found by name, never in force."""
        return Rulebooks(self.books, (*self.stored, *stored))

    def agencies(self) -> tuple[str, ...]:
        return tuple(sorted({book.id for book in self.books}))

    def of(self, agency: str) -> tuple[Rulebook, ...]:
        """Every version of one agency, the oldest first."""
        return tuple(sorted((b for b in self.books if b.id == agency), key=lambda b: b.effective_from))

    def in_force(self, agency: str, on: date) -> Rulebook:
        """The latest one that had taken effect; a proposal never does."""
        versions = [b for b in self.of(agency) if b.effective_from <= on and b.status is not Status.PROPOSAL]
        if not versions:
            raise NoRulebook(f"No rulebook of {agency} is in force on {on.isoformat()}.")
        return versions[-1]

    def named(self, policy_id: str) -> Rulebook:
        """The one a case was opened under."""
        for book in (*self.books, *self.stored):
            if book.policy_id == policy_id:
                return book
        raise NoRulebook(f"There is no rulebook {policy_id}.")


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


def _letters(where: str, files: Mapping[str, bytes]) -> tuple[Letter, ...]:
    matches = ((name, _LETTER.fullmatch(name)) for name in sorted(files))
    return tuple(_letter(f"{where}/{name}", match[1], match[2], files[name]) for name, match in matches if match)


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
