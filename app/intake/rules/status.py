"""Where a complaint stands, in the plain words of its rulebook; and what each stage of the process adds to that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.policy.acting import Stop
from app.policy.model import Rulebook
from app.policy.model.powers import Act

ARRIVAL = "filing_received"


@dataclass(frozen=True)
class Standing:
    """What the case says of itself to its filer."""

    number: str
    stage: str
    policy_id: str
    lead_title: str = ""
    closed_on: date | None = None


@dataclass(frozen=True)
class Asked:
    """Something asked of the department, by the rulebook's word for it."""

    what: str
    sent_on: date
    due_on: date | None
    answered_on: date | None


@dataclass(frozen=True)
class Found:
    """What was found on one thing that was alleged, with the one sentence that says what the word means."""

    about: str
    word: str
    meaning: str
    by: str = ""
    officer: str = ""


@dataclass(frozen=True)
class MadeFormal:
    """The day on which a complaint became formal."""

    on: date


@dataclass(frozen=True)
class FormalStanding:
    """Where a complaint is informal at first: since when it is formal, or what is still needed."""

    on: date | None
    is_never: bool
    needed: str


@dataclass(frozen=True)
class FilerStatus:
    """All of it together."""

    number: str
    stage: str
    text: str
    next: str | None
    next_by: date | None
    is_over: bool
    closed_on: date | None = None
    policy_id: str = ""
    case_number: str = ""
    lead_title: str = ""
    asked: tuple[Asked, ...] = ()
    found: tuple[Found, ...] = ()
    formal: FormalStanding | None = None
    halted: Stop | None = None
    """Why nothing happens with the complaint now, by the law of today."""


def formal_standing(book: Rulebook, anonymity: str, on: date | None, language: str) -> FormalStanding | None:
    """How far the complaint is formal; nothing where every complaint is from the first day."""
    sworn = book.intake.sworn_statement
    if sworn is None or sworn.milestone is None:
        return None
    is_never = anonymity in sworn.never_formal
    needed = sworn.needed_later.to(language) if sworn.needed_later else ""
    return FormalStanding(None if is_never else on, is_never, needed)


def halting(*, has_case: bool) -> Act:
    """What must be possible for a complaint to go on: its case moves, or one is opened for it."""
    return Act.MOVES if has_case else Act.CASES


def another_way(book: Rulebook, code: str, language: str) -> str:
    """What the rulebook tells somebody whose complaint is against one past whom it may not go."""
    return next((route.public_text.to(language) for route in book.special_routes if route.code == code), "")


def first_date(book: Rulebook, received_on: date) -> date | None:
    """By when the filer hears of a complaint that is no case yet."""
    return min(
        (
            due
            for clock in book.clocks_started_by(ARRIVAL)
            if clock.is_public and (due := book.due_on(clock.code, received_on))
        ),
        default=None,
    )


def next_date(book: Rulebook, running: Iterable[tuple[str, date]]) -> date | None:
    """The earliest running date that the rulebook lets the filer know."""
    return min((due for rule, due in running if book.has_clock(rule) and book.clock(rule).is_public), default=None)


def arrival_dates(book: Rulebook, received_on: date) -> list[tuple[str, date]]:
    """What the office owes a new complaint, and by when, the nearest first."""
    owed = [(clock, book.due_on(clock.code, received_on)) for clock in book.clocks_started_by(ARRIVAL)]
    dated = [(clock.label.to("en"), due) for clock, due in owed if due is not None and clock.owner == "agency"]
    return sorted(dated, key=lambda each: each[1])
