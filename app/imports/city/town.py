"""What the lives of the demonstration share: who is there, what is planned, and what has come of it so far."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

from app.access.permissions import Role
from app.access.work import Work
from app.imports.city.diary import Cast, Diary, Turn
from app.imports.city.events import RosterKept
from app.imports.city.pace import Pace
from app.imports.city.people import InventedOfficer, Served
from app.imports.city.plan import Complaint, Year
from app.infra.db import hidden_key
from app.people.records import Officer, Posting
from app.people.rules import sort_name
from app.policy.model import Rulebook

ANSWERS = ("agree", "disagree", "agree_less", "agree", "agree", "disagree", "agree")
NOBODY_FOUND = "officer_unidentified"


@dataclass(frozen=True)
class Asked:
    """What one side asks in a message, and what the other answers."""

    ask: str
    answer: str


@dataclass
class Matter:
    """One complaint, and what it became."""

    plan: Complaint
    rng: Random
    at: datetime  # of the latest turn taken in it
    filing_id: UUID | None = None
    passphrase: str = ""
    case_id: UUID | None = None
    lead: str = ""
    supervisor: str = ""
    allegations: dict[int, UUID] = field(default_factory=dict)
    unknown: UUID | None = None
    has_demand: bool = False
    has_video: bool = False
    said: set[str] = field(default_factory=set)
    recommended: dict[UUID, str] = field(default_factory=dict)
    is_over: bool = False

    @property
    def filing(self) -> UUID:
        """The filing, once it is sent."""
        if self.filing_id is None:
            raise LookupError(f"complaint {self.plan.number} is not sent yet")
        return self.filing_id

    @property
    def case(self) -> UUID:
        """The case, once there is one."""
        if self.case_id is None:
            raise LookupError(f"complaint {self.plan.number} is no case yet")
        return self.case_id

    def word(self, number: int, life: str) -> str:
        """What an authority finds; nothing is decided against somebody who was never found."""
        charge = self.plan.charges[number]
        if self.unknown is not None and charge.officer is None:
            return NOBODY_FOUND
        return str(getattr(charge, life))


@dataclass
class Town:
    """Everybody and everything of the demonstration."""

    year: Year
    book: Rulebook
    cast: Cast
    diary: Diary
    pace: Pace
    officers: list[UUID] = field(default_factory=list)
    matters: dict[int, Matter] = field(default_factory=dict)
    waiting: list[Matter] = field(default_factory=list)  # for the commission
    is_somebody_silent: bool = False
    is_somebody_passed_over: bool = False
    answers: Iterator[str] = field(default_factory=lambda: cycle(ANSWERS))

    def say(self, rng: Random, *path: str, language: str = "en") -> str:
        """Something somebody writes, from the list of that name; in the filer's language where there is one."""
        return str(rng.choice(self._words(path, language)))

    def say_anew(self, matter: Matter, *path: str) -> str:
        """The same, but nothing that stands in this matter already; empty where all of it does."""
        return self._anew(matter, self._words(path, "en")) or ""

    def ask_anew(self, matter: Matter, name: str) -> Asked | None:
        """A question that was not asked in this matter yet, with its answer, in the filer's language."""
        pairs = {each["ask"]: Asked(**each) for each in self._words((name,), matter.plan.language)}
        return pairs.get(self._anew(matter, list(pairs)) or "")

    def _words(self, path: Sequence[str], language: str) -> Sequence[Any]:
        words: Any = self.year.words
        names = list(path)
        if language != "en" and f"{names[-1]}_{language}" in words:
            names[-1] = f"{names[-1]}_{language}"
        for name in names:
            words = words[name]
        return list(words)

    def _anew(self, matter: Matter, words: Sequence[str]) -> str | None:
        left = [each for each in words if each not in matter.said]
        if not left:
            return None
        said = matter.rng.choice(left)
        matter.said.add(said)
        return said

    def turn(self, who: str, matter: Matter, days: float = 0) -> Turn:
        """The next turn in a matter; its own time goes on to it."""
        turn = self.pace.turn(who, matter.at, days)
        matter.at = turn.at
        return turn

    def least_busy(self) -> str:
        """The investigator with the fewest open cases."""
        held = Counter(each.lead for each in self.matters.values() if not each.is_over)
        return min(self.people(Role.INVESTIGATOR), key=lambda name: (held[name], name))

    def next_answer(self) -> str:
        """What the head of a department says to the next recommendation: they agree more often than not."""
        return next(self.answers)

    def people(self, role: Role) -> Sequence[str]:
        """The log-ins with this role."""
        return self.cast.names(role)

    def one(self, role: Role) -> str:
        """The log-in named like the role."""
        return self.people(role)[0]

    def liaison_of(self, department_id: str) -> str | None:
        """Who answers for this department; None where the demonstration has no log-in for it."""
        return next(
            (name for name in self.people(Role.LIAISON) if self.cast.actors[name].department_id == department_id), None
        )


def keep_roster(work: Work, book: Rulebook, officers: Sequence[InventedOfficer]) -> list[UUID]:
    """Puts every invented officer on the roster with where they served; one event for all, as with an import."""
    ids = [_keep(work, book.departments[each.department].code, each) for each in officers]
    work.happened(RosterKept(officers=len(ids)))
    return ids


def _keep(work: Work, department_id: str, each: InventedOfficer) -> UUID:
    now = each.served[0]
    officer = work.add(
        Officer(
            id=hidden_key(),
            department_id=department_id,
            last_name=each.last_name,
            first_name=each.first_name,
            sort_name=sort_name(each.last_name, each.first_name),
            badge=now.badge,
            rank=now.rank,
            unit=now.unit,
            race=each.race,
            sex=each.sex,
            status="active",
        )
    )
    for served in each.served:
        work.add(_posting(officer.id, served))
    return officer.id


def _posting(officer_id: UUID, served: Served) -> Posting:
    return Posting(
        id=hidden_key(),
        officer_id=officer_id,
        badge=served.badge,
        rank=served.rank,
        unit=served.unit,
        from_on=served.from_on,
        until_on=served.until_on,
    )
