"""What the law of today does not let be done is refused, in the words that say why; the history stays and is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.kernel.errors import Refused
from app.kernel.text import DEFAULT_LANGUAGE, LocalText
from app.policy.model import Rulebook
from app.policy.model.agency import Status
from app.policy.model.powers import Act, Stopped

WORDS: Mapping[Act, str] = {
    Act.FILINGS: "Complaints are not taken here now.",
    Act.CASES: "No case can be opened now.",
    Act.MOVES: "Cases stand still here now.",
    Act.CLOCKS: "Clocks stand still here now.",
    Act.DEMANDS: "Nothing can be asked of the department now.",
    Act.SUBPOENAS: "No subpoena can be issued now.",
    Act.DEPARTMENT_FILES: "What the department handed over cannot be opened now.",
    Act.INTERVIEWS: "No interview can be held now.",
    Act.FINDINGS: "No finding can be made now.",
    Act.VOTES: "Nothing can be voted on now.",
    Act.DISCIPLINE: "No discipline can be recommended now.",
    Act.RECOMMENDATIONS: "No recommendation can be sent now.",
    Act.MEDIATION: "No mediation can be offered now.",
    Act.PUBLICATION: "Nothing can be published now.",
    Act.LETTERS: "Nobody here writes or answers letters now.",
    Act.CASEWORK: "Nothing can be added to a case now.",
}
# What an agency that has ended still lets be done: its history is read.
READING = frozenset({Act.DEPARTMENT_FILES})
ENDED = "This office has ended, and opens no case."
UNSETTLED = "This rulebook is not settled yet: no case can be opened under it before its open questions are answered."
NOT_YET = "This office takes no complaints here yet."
KEPT = "What was done before stays and can be read."


@dataclass(frozen=True)
class Stop:
    """Why an act cannot be done today: who ended it, for what reason, by which law, since when, and who took over."""

    act: Act
    why: Stopped
    successor: LocalText | None = None
    own_words: str = ""
    """Instead of the words of the act."""

    @property
    def head(self) -> str:
        """What cannot be done."""
        return self.own_words or WORDS[self.act]

    @property
    def since(self) -> date | None:
        """The first day without it."""
        return self.why.since

    def reason(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Who and why, with the law, in the rulebook's words; empty where it says nothing."""
        return self.why.sentence(language)

    def follower(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Who took over, in the rulebook's words."""
        return self.successor.to(language) if self.successor else ""

    @property
    def words(self) -> str:
        """All of it in one line, as a refusal says it."""
        since = f"Since {self.since:%B} {self.since.day}, {self.since.year}." if self.since else ""
        return " ".join(part for part in (self.head, self.reason(), since) if part)


class ActStopped(Refused):
    """Today's law does not let this be done; the stop says why."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.words)
        self.stop = stop


def has_ended(book: Rulebook, on: date) -> bool:
    """True from the first day without the agency: everything is read, nothing is changed."""
    return book.meta.to_on is not None and on >= book.meta.to_on


def stop_of(book: Rulebook, act: Act, on: date) -> Stop | None:
    """Why this cannot be done on this day, by the rulebook then in force; nothing where it can.

    A power that was lost says why; else the end of the whole agency, which stops every act that changes something.
    """
    lost = book.stopped(act, on)
    if lost is not None:
        return Stop(act, lost, _follower(book, lost, on))
    if not has_ended(book, on) or act in READING:
        return None
    gone = Stopped(None, book.meta.to_on, None, book.meta.public_notice, None)
    words = ENDED if act is Act.CASES else ""
    return Stop(act, gone, book.meta.successor, words)


def _follower(book: Rulebook, lost: Stopped, on: date) -> LocalText | None:
    """The body that took over from the one that held the power, else from the agency."""
    holder = lost.power.holder if lost.power else ""
    ended = next((body for body in book.bodies if body.code == holder and not body.exists(on)), None)
    return (ended.successor if ended else None) or book.meta.successor


def stop_in_house(book: Rulebook, act: Act, on: date) -> Stop | None:
    """The same for an installation: under a rulebook that is not settled it also takes no complaint and opens no case.

    Whether it is settled is a fact about its text, not about the day that a scenario tells of.
    """
    found = stop_of(book, act, on)
    if found is not None:
        return found
    nothing = Stopped(None, None, None, None, None)
    if act is Act.CASES and not book.opens_cases:
        return Stop(act, nothing, own_words=UNSETTLED)
    if act is Act.FILINGS and book.status is Status.DRAFT:
        return Stop(act, nothing, own_words=NOT_YET)
    return None


def check_may(book: Rulebook, act: Act, on: date) -> None:
    """Refuses what a lost power carried; `book` is the rulebook in force today, whatever a case is pinned to."""
    found = stop_of(book, act, on)
    if found is not None:
        raise ActStopped(found)
