"""Puts a drafted rulebook into its folder, whole or not at all, and says what is still open and where."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.kernel.errors import Refused
from app.operations.new_rulebook.answers import Answers
from app.operations.new_rulebook.drafting import draft
from app.operations.new_rulebook.files import as_file
from app.operations.new_rulebook.translating import translation_sheet
from app.policy.documents import Document, read_document
from app.policy.loader import from_files
from app.policy.model import Rulebook
from app.policy.model.law import OpenQuestion

RULEBOOK = "rulebook.yaml"


@dataclass(frozen=True)
class StillOpen:
    """A question nobody could answer yet, and the line on which its answer belongs."""

    line: int
    question: OpenQuestion


@dataclass(frozen=True)
class Written:
    """What was made."""

    folder: Path
    files: tuple[str, ...]
    answers: Path
    status_line: int
    open: tuple[StillOpen, ...]

    @property
    def stopping(self) -> tuple[StillOpen, ...]:
        return tuple(each for each in self.open if each.question.stops_cases)


def folder_for(answers: Answers, into: Path) -> Path:
    return into / str(answers.value("folder")) / str(answers.value("takes_effect"))


def answers_file_of(folder: Path) -> Path:
    """Beside the folder: the answers are no part of the rulebook, and are kept with it."""
    return folder.with_name(f"{folder.name}.answers.yaml")


def write_rulebook(answers: Answers, into: Path) -> Written:
    """Writes a new folder; one that is there already is never touched."""
    folder = folder_for(answers, into)
    check_is_free(folder)
    files = draft(answers, os.path.relpath(folder))
    book = _read(answers, files)
    files |= {f"words/{code}.yaml": translation_sheet(book, code) for code, _ in _languages(answers)}
    _place(folder, files)
    kept = answers_file_of(folder)
    kept.write_text(as_file(answers), "utf-8")
    return Written(folder, tuple(files), kept, *_what_is_open(book, files[RULEBOOK]))


def check_is_free(folder: Path) -> None:
    for taken in (folder, answers_file_of(folder)):
        if taken.exists():
            raise Refused(f"{os.path.relpath(taken)} is there already, and nothing is overwritten: choose another.")


def _read(answers: Answers, files: Mapping[str, str]) -> Rulebook:
    """As every start reads it: nothing is written that could not be read again."""
    parts = {name: text.encode() for name, text in files.items() if not name.startswith("scenarios/")}
    return from_files(str(answers.value("folder")), answers.value("takes_effect"), parts)


def _languages(answers: Answers) -> tuple[tuple[str, str], ...]:
    return tuple(answers.value("languages") or ())


def _place(folder: Path, files: Mapping[str, str]) -> None:
    """Beside its place first, then moved there at once: what was cut off leaves no half rulebook."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent.parent))
    try:
        for name, text in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        beside.chmod(0o755)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _what_is_open(book: Rulebook, text: str) -> tuple[int, tuple[StillOpen, ...]]:
    document = read_document(RULEBOOK, text.encode())
    questions = enumerate(book.meta.open_questions)
    found = (StillOpen(_line_for(document, text, question.place, n), question) for n, question in questions)
    return document.line_of(("meta", "status")), tuple(found)


def _line_for(document: Document, text: str, place: str, n: int) -> int:
    """Where the answer belongs: at its place, where that is prepared as a comment, or else beside its question."""
    parts = tuple(place.split("."))
    prepared = re.search(rf"^ *# {re.escape(parts[-1])}:$", text, re.MULTILINE)
    if document.nearest(parts) == parts or not prepared:
        return document.line_of(parts) if document.nearest(parts) else document.line_of(("meta", "open_questions", n))
    return text.count("\n", 0, prepared.start()) + 1
