"""The text of a letter, with named places for its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.kernel.translations import APPROVED

_PLACE = re.compile(r"\{([^{}]*)\}")
_FACT = re.compile(r"[a-z][a-z_]*")


class MissingFact(LookupError):
    """A letter names a fact that was not given."""


@dataclass(frozen=True)
class FilledLetter:
    """Ready to send."""

    subject: str
    body: str


@dataclass(frozen=True)
class Letter:
    """Its first line is `Subject: ...`; the rest is the body."""

    kind: str
    language: str
    subject: str
    body: str
    # Of a machine's translation: what a person has to approve before it is sent.
    waits_for: str = ""

    @property
    def whole(self) -> str:
        """Subject and body as one text."""
        return f"{self.subject}\n{self.body}"

    @property
    def is_sent(self) -> bool:
        """A letter is what the office is held to: a machine's translation of it goes to nobody unread."""
        return not self.waits_for or self.waits_for in APPROVED

    @classmethod
    def read(cls, kind: str, language: str, text: str) -> Letter:
        head, _, body = text.replace("\r\n", "\n").partition("\n")
        if not head.startswith("Subject:") or not body.strip():
            raise ValueError('The first line must be "Subject: ..." and the body must follow it.')
        letter = cls(kind, language, head.removeprefix("Subject:").strip(), body.strip() + "\n")
        strange = sorted(place for place in letter.places if not _FACT.fullmatch(place))
        if strange:
            raise ValueError(f"{{{strange[0]}}} is not the name of a fact.")
        if letter._has_loose_brace:
            raise ValueError("A brace { or } stands alone; write facts as {name}.")
        return letter

    @cached_property
    def places(self) -> frozenset[str]:
        """The facts it needs."""
        return frozenset(_PLACE.findall(self.subject + "\n" + self.body))

    def fill(self, facts: Mapping[str, str]) -> FilledLetter:
        missing = sorted(self.places - facts.keys())
        if missing:
            raise MissingFact(f"The letter {self.kind} in {self.language} needs {', '.join(missing)}.")
        return FilledLetter(_fill(self.subject, facts), _fill(self.body, facts))

    @property
    def _has_loose_brace(self) -> bool:
        rest = _PLACE.sub("", self.subject + self.body)
        return "{" in rest or "}" in rest


def _fill(text: str, facts: Mapping[str, str]) -> str:
    """One pass, so that braces in a fact stay what they are."""
    return _PLACE.sub(lambda place: facts[place[1]], text)
