"""Which clocks an event starts and stops, and how near their end is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel.errors import Refused
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import Per

OWNERS = {
    "agency": "This office",
    "department": "The department",
    "chief": "The head of the department",
    "board": "The commission",
    "officer": "The officer",
    "filer": "The person who filed",
}


@dataclass(frozen=True)
class Subject:
    """What a clock belongs to: the case itself, or one officer in it."""

    is_officer: bool

    def takes(self, rule: ClockRule) -> bool:
        """True where the rule counts for this kind of subject."""
        return rule.per is (Per.OFFICER if self.is_officer else Per.CASE)


@dataclass(frozen=True)
class Ran:
    """A clock that ran: its rule, and the events that began and ended it."""

    rule: str
    started_by: str
    stopped_by: str


def started_by(book: Rulebook, event: str, subject: Subject) -> tuple[ClockRule, ...]:
    """The clocks that begin with this event; one without a number of days in law has no date and is not started."""
    return tuple(rule for rule in book.clocks_started_by(event) if rule.is_known and subject.takes(rule))


def is_stopped_by(book: Rulebook, rule: str, event: str) -> bool:
    """True where the event is what the clock waits for, or what begins it anew."""
    found = book.clock(rule)
    return event in found.stops or event in found.starts


def earliest(dates: Iterable[date]) -> date | None:
    """The date that comes first, which puts a case in its place in the queue."""
    return min(dates, default=None)


def check_pause(book: Rulebook, rule: str, kind: str, roles: Iterable[str]) -> None:
    """A clock stands still only for a reason the rulebook gives it, granted by whom the rulebook names."""
    if kind not in book.clock(rule).tolling:
        raise Refused("The rulebook does not let this clock stand still for that reason.")
    allowed = book.toll(kind).approved_by
    if not set(allowed) & set(roles):
        raise Refused(f"Only {' or '.join(allowed)} may grant this pause.")


def state_of(due_on: date, stopped_on: date | None, *, is_paused: bool) -> str:
    """How a clock is shown: running, standing still, met in time, or stopped after its day."""
    if stopped_on is not None:
        return "met" if stopped_on <= due_on else "stopped"
    return "paused" if is_paused else "running"


def is_paused_on(pauses: Iterable[tuple[date, date | None]], day: date) -> bool:
    """True where one of the pauses holds this day; both of its ends are paused too."""
    return any(start <= day and (end is None or day <= end) for start, end in pauses)


def runs_again(book: Rulebook, ran: Ran, *, undone: Iterable[str], begins: str | None) -> bool:
    """True for a clock whose ending is taken back; not where its beginning is too, or the return begins it anew."""
    taken_back = set(undone)
    is_undone = ran.stopped_by in taken_back and ran.started_by not in taken_back
    return is_undone and begins not in book.clock(ran.rule).starts
