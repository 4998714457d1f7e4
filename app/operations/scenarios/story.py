"""The case of a scenario while it is told: plain values, and no rule of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from app.cases.rules import OnFile
from app.clocks.rules import Start, Told
from app.commission.rules.voting import Reckoning, Room
from app.kernel.dates import UNKNOWN, ImpreciseDate, Precision
from app.kernel.deadlines import Extension, Pause
from app.operations.scenarios.kept import Access
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.agency import Status

T = TypeVar("T")


class Untold(LookupError):
    """The scenario speaks of something that it never told."""


@dataclass(frozen=True)
class Shelf:
    """The rulebook beside which the scenario lies, and every version of the same agency."""

    own: Rulebook
    books: Rulebooks

    def on(self, day: date) -> Rulebook:
        """The one in force; a proposal is told as if it were."""
        return self.own if self.own.status is Status.PROPOSAL else self.books.in_force(self.own.id, day)

    def for_case(self, opened_on: date, filed_on: date, incident: ImpreciseDate) -> Rulebook:
        """The version a case has, by the rulebook's own rule of which day decides."""
        if self.own.status is Status.PROPOSAL:
            return self.own
        incident_on = incident.first_day if incident.precision == Precision.DAY else None
        return self.books.for_case(self.own.id, opened_on, filed_on=filed_on, incident_on=incident_on)


@dataclass
class Filing:
    """A complaint, with the letters its filer got."""

    code: str
    on: date
    book: Rulebook
    anonymity: str
    language: str
    incident: ImpreciseDate = UNKNOWN
    is_screened: bool = False
    has_joined: bool = False
    letters: list[tuple[str, date]] = field(default_factory=list)


@dataclass
class Allegation:
    """What one officer is said to have done, and what each life says of it."""

    code: str
    category: str
    officer: str
    is_unknown: bool = False
    is_withdrawn: bool = False
    lives: dict[str, str] = field(default_factory=dict)


@dataclass
class Clock:
    """A clock that runs or ran."""

    rule: str
    officer: str | None
    started_by: str
    started_on: date
    due_on: date | None
    """None of a duty without a number of days."""
    stopped_on: date | None = None
    stopped_by: str = ""
    ended_early: bool = False
    is_least: bool = False
    starts: list[Start] = field(default_factory=list)
    """The days from which it may count, where there are several."""
    waits_for_choice: bool = False
    is_chosen: bool = False
    party: str = ""
    round: int = 1
    laps: int = 1
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    extended: list[str] = field(default_factory=list)
    """The kinds of extension that were granted; the first has no name."""
    warning: Told | None = None


@dataclass
class Demand:
    """Something asked of the department."""

    code: str
    kind: str
    department: str
    sent_on: date
    due_on: date
    answered_on: date | None = None


@dataclass
class Dispute:
    """An answer that went before somebody else."""

    code: str
    opened_on: date
    outcome: str = ""
    decided_on: date | None = None


@dataclass
class Recommendation:
    """Discipline recommended on one allegation."""

    allegation: str
    measure: str
    department: str
    sent_on: date | None = None
    due_on: date | None = None
    answered_on: date | None = None
    answer: str = ""
    imposed: str = ""
    dispute: Dispute | None = None


@dataclass
class Session:
    """A part of a meeting without the public: its ground, and what the officers were told and said, by the hour."""

    ground: str
    words: dict[tuple[str, str], datetime] = field(default_factory=dict)
    began: bool = False
    ended: bool = False


@dataclass
class Docket:
    """The case's place on one docket, and the motions that carried there: (kind, allegation)."""

    body: str
    meets_on: date
    meets_at: str = "18:00"
    is_over: bool = False
    carried: set[tuple[str, str]] = field(default_factory=set)
    sent_to: str | None = None
    sessions: list[Session] = field(default_factory=list)

    @property
    def session(self) -> Session | None:
        """The closed session that was planned last."""
        return self.sessions[-1] if self.sessions else None


@dataclass(frozen=True)
class Other:
    """Another case: whom it names, and before whom a wall stands."""

    officer: str | None
    walled_from: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A file or note that is kept, and the compartments."""

    what: str
    marks: tuple[str, ...]


@dataclass
class Sums:
    """The arithmetic of the last meeting and vote."""

    quorum: Reckoning
    vote: Reckoning | None = None


@dataclass
class Story:
    """Everything that was told so far."""

    shelf: Shelf
    today: date
    access: Access | None = None
    by: str = ""
    reason: str = ""
    filings: list[Filing] = field(default_factory=list)

    book: Rulebook | None = None
    kind: str = ""
    """The kind of a case that nobody complained of."""
    stage: str = ""
    classification: str = ""
    category: str = ""
    """What it was screened as, or the kind of its first allegation."""
    department: str = ""
    closure: str = ""
    received_on: date | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    incident: ImpreciseDate = UNKNOWN
    lead: str = ""
    result: str = ""
    attempts: int = 0
    anonymity: str = ""
    on_file: list[OnFile] = field(default_factory=list)
    """The milestones, with their days."""
    returns: list[date] = field(default_factory=list)
    """When the case went back to an earlier stage."""

    gone_through: list[tuple[str, date]] = field(default_factory=list)
    """What the case itself came to, with the days: an officer named later has clocks that count from before."""
    allegations: list[Allegation] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    dockets: list[Docket] = field(default_factory=list)
    reports: dict[str, tuple[str, date]] = field(default_factory=dict)
    """How each report to others was met, and on which day."""
    others: dict[str, Other] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    """Other case and relation."""
    items: dict[str, Item] = field(default_factory=dict)
    """Files and notes that are kept."""
    people: dict[str, str] = field(default_factory=dict)
    """The role of each who was named on a side."""
    sides: list[tuple[str, str]] = field(default_factory=list)
    read: dict[tuple[str, str], date] = field(default_factory=dict)
    """By who and compartment, when they first read what is kept in it."""
    tried: list[tuple[str, str]] = field(default_factory=list)
    """Who tried to open which file from the side it is kept from."""
    room: Room | None = None
    sums: Sums | None = None
    officers: dict[str, str] = field(default_factory=dict)
    """The department of each officer."""
    department_letters: list[tuple[str, str]] = field(default_factory=list)
    """The kind of each letter to a department, and to which."""
    sent: list[str] = field(default_factory=list)
    """The letters of this step."""

    @property
    def law(self) -> Rulebook:
        """The rulebook the case is pinned to."""
        if self.book is None:
            raise Untold("There is no case yet: no filing was screened.")
        return self.book

    @property
    def in_force(self) -> Rulebook:
        """The rulebook in force today."""
        return self.shelf.on(self.today)

    @property
    def standing(self) -> list[Allegation]:
        return [each for each in self.allegations if not each.is_withdrawn]

    @property
    def docket(self) -> Docket | None:
        """The latest docket of the case."""
        return self.dockets[-1] if self.dockets else None

    def filing(self, code: str) -> Filing:
        return _one((each for each in self.filings if each.code == code), f"filing {code}")

    def allegation(self, code: str) -> Allegation:
        return _one((each for each in self.allegations if each.code == code), f"allegation {code}")

    def chosen(self, code: str | None) -> list[Allegation]:
        """One allegation by name, or every standing one."""
        found = [self.allegation(code)] if code else self.standing
        if not found:
            raise Untold("No allegation was stated.")
        return found


def _one(found: Iterator[T], what: str) -> T:
    one = next(found, None)
    if one is None:
        raise Untold(f"There is no {what} in this scenario.")
    return one
