"""What was answered: a value, with the section of law it stands in; or that there is none; or that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# How somebody says it, in a dialog and in a file of answers.
UNKNOWN_WORDS = frozenset({"?", "unknown", "not known", "i do not know", "i don't know", "don't know"})
NONE_WORDS = frozenset({"none", "no limit", "nothing"})

Typed = str | list[str]


class BadAnswer(ValueError):
    """An answer that cannot be used, and why, in a sentence for whoever typed it."""


@dataclass(frozen=True)
class Answer:
    """One answer as it is understood."""

    value: Any = None
    section: str = ""
    is_unknown: bool = False

    @property
    def is_given(self) -> bool:
        return self.value is not None


UNKNOWN = Answer(is_unknown=True)
NONE = Answer()


@dataclass(frozen=True)
class Answers:
    """Everything so far: as it was typed, by key, and as it is understood."""

    typed: Mapping[str, Typed] = field(default_factory=dict)
    read: Mapping[str, Answer] = field(default_factory=dict)

    def with_(self, key: str, typed: Typed, read: Answer) -> Answers:
        return Answers({**self.typed, key: typed}, {**self.read, key: read})

    def without(self, key: str) -> Answers:
        left = {name: typed for name, typed in self.typed.items() if name != key}
        return Answers(left, {name: read for name, read in self.read.items() if name != key})

    def __getitem__(self, key: str) -> Answer:
        """What was never asked is not there."""
        return self.read.get(key, NONE)

    def __contains__(self, key: str) -> bool:
        return key in self.read

    def value(self, key: str) -> Any:
        return self[key].value

    def says_yes(self, key: str) -> bool:
        return self.value(key) is True
