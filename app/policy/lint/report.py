"""Where the checks write what they find, with the line it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from app.policy.documents import Document, Path, read_document, say
from app.policy.lint.walking import walk
from app.policy.model import Rulebook
from app.policy.model.agency import Status
from app.policy.model.base import Cited
from app.policy.problems import Problem, Severity
from app.policy.vocabulary import Vocabulary


class Report:
    """The rulebook under examination, what the code knows, and the problems so far."""

    def __init__(self, book: Rulebook, vocabulary: Vocabulary, folder: str) -> None:
        self.book, self.vocabulary = book, vocabulary
        self.folder = folder or f"{book.id}/{book.effective_from.isoformat()}"
        self.problems: list[Problem] = []
        self._documents: dict[str, Document] = {}

    @property
    def roles(self) -> frozenset[str]:
        return self.vocabulary.roles

    @cached_property
    def values(self) -> tuple[tuple[Path, Any], ...]:
        """Every value of the rulebook with its place; walked once for all checks."""
        return tuple(walk(self.book))

    @cached_property
    def facts(self) -> tuple[tuple[Path, Cited], ...]:
        """Every legal fact with its place."""
        return tuple((place, value) for place, value in self.values if isinstance(value, Cited))

    @cached_property
    def happenings(self) -> frozenset[str]:
        """What can start or stop a clock: what the system tells, and what is put on file by hand."""
        return self.vocabulary.events | {milestone.code for milestone in self.book.milestones}

    @cached_property
    def people(self) -> frozenset[str]:
        """Who may decide something: roles of the office, and people or bodies outside it."""
        outside = (*self.book.outsiders, *self.book.external_bodies)
        return self.roles | {each.code for each in outside}

    def error(self, place: Path, reason: str, mend: str) -> None:
        """A place whose first part is `form` is in form.yaml."""
        self._add(place, reason, mend, Severity.ERROR)

    def warn(self, place: Path, reason: str, mend: str) -> None:
        self._add(place, reason, mend, Severity.WARNING)

    def error_if_active(self, place: Path, reason: str, mend: str) -> None:
        """What an active rulebook must have and a draft may still be looking for."""
        self._add(place, reason, mend, Severity.ERROR if self.book.status is Status.ACTIVE else Severity.WARNING)

    def error_in(self, file: str, line: int, reason: str, mend: str) -> None:
        self.problems.append(Problem(f"{self.folder}/{file}", line, "", reason, mend))

    def known(self, place: Path, names: Iterable[str | None], allowed: Iterable[str], what: str) -> None:
        """Refuses each name that is not one of those allowed."""
        choices = sorted(allowed)
        for name in names:
            if name is not None and name not in choices:
                self.error(place, f"there is no {what} {name}", _instead(name, choices))

    def _add(self, place: Path, reason: str, mend: str, severity: Severity) -> None:
        name, inside = ("form.yaml", place[1:]) if place[:1] == ("form",) else ("rulebook.yaml", place)
        document = self._document(name)
        problem = Problem(document.file, document.line_of(inside), say(inside), reason, mend, severity)
        self.problems.append(problem)

    def _document(self, name: str) -> Document:
        """Read again only when there is something to say: a sound rulebook costs nothing."""
        if name not in self._documents:
            self._documents[name] = read_document(f"{self.folder}/{name}", self.book.files[name])
        return self._documents[name]


def _instead(name: str, choices: list[str]) -> str:
    close = get_close_matches(name, choices, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"use one of: {', '.join(choices)}" if choices else "none is defined yet: add it, or take this out"
