"""What is said of a rulebook: sentences with their law, gathered in entries and sections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from app.policy.model.base import Evidence


@dataclass(frozen=True)
class Said:
    """One whole sentence, or a few, with where it is written and how that is known."""

    text: str
    law: str = ""
    basis: str = ""
    """The kind of law, in words."""
    source: str = ""
    """A code of the rulebook's sources."""
    mark: Evidence = Evidence.GENERAL
    is_item: bool = False
    """One of a list, which stands on a line of its own."""
    is_doubt: bool = False
    """It says itself how it is known."""

    @property
    def ground(self) -> tuple[str, str, str, Evidence]:
        """What it rests on: sentences that share it need to say it once."""
        return (self.law, self.basis, self.source, self.mark)


@dataclass(frozen=True)
class Run:
    """Sentences one after the other that rest on the same law; it is said once, after the last of them."""

    text: str
    law: Said | None


@dataclass(frozen=True)
class Entry:
    """What is said of one thing; without a name, of the block as a whole."""

    name: str
    place: str
    said: tuple[Said, ...]
    notes: tuple[str, ...] = ()
    """For the reader of the rulebook in the office, never for the public."""

    @property
    def text(self) -> str:
        return " ".join(each.text for each in self.said)

    @property
    def runs(self) -> tuple[Run, ...]:
        numbered = enumerate(self.said)
        grouped = groupby(numbered, key=lambda each: (each[1].ground, each[0] if each[1].is_item else -1))
        groups = [tuple(said for _, said in group) for _, group in grouped]
        following = [*(group[0].ground for group in groups[1:]), None]
        return tuple(
            Run(" ".join(each.text for each in group), _told_after(group[0], after))
            for group, after in zip(groups, following, strict=True)
        )


def _told_after(said: Said, following: object) -> Said | None:
    return None if said.is_doubt or said.ground == following else said


@dataclass(frozen=True)
class Section:
    """One block, or several that belong together."""

    code: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Question:
    """What is not known, what it is about, and what cannot be done until it is answered."""

    question: str
    about: str
    stops: str
    stops_cases: bool


@dataclass(frozen=True)
class Undone:
    """Something that the rulebook says and no stage does yet, how often more, and what is not done."""

    about: str
    more: int
    says: str


@dataclass(frozen=True)
class SourceLine:
    """One source: its number among those of this rulebook, and what is known of the text."""

    number: int
    code: str
    title: str
    address: str
    text: str


def section(code: str, title: str, entries: Iterable[Entry | None]) -> Section:
    return Section(code, title, tuple(entry for entry in entries if entry is not None and entry.said))
