"""Which words may stand in a translation: what a machine wrote about rights waits until a person has approved it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


class English(str):
    """Words of ours that stand in English for a reader of another language: pages mark them so."""

    __slots__ = ()


class Unchecked(str):
    """A machine's translation of protected words."""

    __slots__ = ()


def fingerprint(language: str, english: str, words: str) -> str:
    """What is approved: these words for this English; a change of either is another text."""
    return hashlib.sha256("\0".join((language, english, words)).encode()).hexdigest()


class Approved:
    """The fingerprints of what people approved, as this process last read them."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()

    def replace(self, known: Iterable[str]) -> None:
        """What was read just now; readers of the old set are not disturbed."""
        self._known = frozenset(known)

    def __contains__(self, text: str) -> bool:
        return text in self._known


@dataclass
class Freshness:
    """Until when what was read once may be used without asking again; the clock is the process's own."""

    read_again_at: float = 0.0


# One for the process: a text is approved or not, whoever asks, and every page asks many times.
APPROVED = Approved()
