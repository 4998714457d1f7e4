"""Which clocks an event starts and stops, which rulebook counts them, and how they are shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel.calendar import Calendar
from app.kernel.deadlines import Pause, merged
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import Per, StartBy

OWNERS = {
    "agency": "This office",
    "department": "The department",
    "chief": "The head of the department",
    "board": "The commission",
    "officer": "The officer",
    "filer": "The person who filed",
    "external": "Somebody outside",
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


def started_by(book: Rulebook, event: str, subject: Subject, begun: Collection[str] = ()) -> tuple[ClockRule, ...]:
    """The clocks that begin with this event; one without a number of days in law has no date and is not started.

    `begun` are those that count from another event already, or have: only a rule that begins anew begins again.
    """
    found = (rule for rule in book.clocks_started_by(event) if rule.is_known and subject.takes(rule))
    return tuple(rule for rule in found if rule.start_by is StartBy.ANEW or rule.code not in begun)


def asks_what_has_begun(book: Rulebook, event: str) -> bool:
    """True where a clock that this event starts has one start, and what began before must be known."""
    return any(rule.start_by is not StartBy.ANEW for rule in book.clocks_started_by(event))


def is_stopped_by(book: Rulebook, rule: str, event: str, on: date, started_on: date) -> bool:
    """True where the event is what the clock waits for, or a start that takes the place of the one it counts from."""
    found = book.clock(rule)
    return event in found.stops or (event in found.starts and is_begun_anew(found, on, started_on))


def is_begun_anew(rule: ClockRule, on: date, started_on: date) -> bool:
    """Of several starts each counts anew, or the last; else the first, until somebody has chosen another."""
    if rule.start_by is StartBy.ANEW:
        return True
    return on >= started_on if rule.start_by is StartBy.LAST else on < started_on


def as_corrected(policies: Rulebooks, policy_id: str) -> Rulebook:
    """The rulebook a clock is counted by: the same version as it reads today, where it was corrected since.

    A new version is another law and leaves open clocks alone; a holiday added to this one, or a rule put right, moves
    them.
    """
    version, _, _ = policy_id.partition("#")
    same = (volume for volume in policies.volumes if f"{volume.agency}@{volume.effective_from}" == version)
    found = next(same, None)
    return found.book if found is not None else policies.named(policy_id)


def book_of(policies: Rulebooks, policy_id: str, rule: str) -> Rulebook:
    """The same for one running clock; a correction that no longer knows the clock leaves it as it was."""
    book = as_corrected(policies, policy_id)
    return book if book.has_clock(rule) else policies.named(policy_id)


def earliest(dates: Iterable[date]) -> date | None:
    """The date that comes first, which puts a case in its place in the queue."""
    return min(dates, default=None)


def state_of(due_on: date, stopped_on: date | None, *, is_paused: bool) -> str:
    """How a clock is shown: running, standing still, met in time, or stopped after its day."""
    if stopped_on is not None:
        return "met" if stopped_on <= due_on else "stopped"
    return "paused" if is_paused else "running"


def is_paused_on(pauses: Iterable[tuple[date, date | None]], day: date) -> bool:
    """True where one of the pauses holds this day; both of its ends are paused too."""
    return any(start <= day and (end is None or day <= end) for start, end in pauses)


def stands_still(tolled: Iterable[Pause], day: date, calendar: Calendar) -> bool:
    """The same, where a pause may be longer than the law lets it last."""
    return is_paused_on(merged(tolled, day, calendar=calendar), day)


def runs_again(book: Rulebook, ran: Ran, *, undone: Iterable[str], begins: str | None) -> bool:
    """True for a clock whose ending is taken back; not where its beginning is too, or the return begins it anew."""
    taken_back = set(undone)
    is_undone = ran.stopped_by in taken_back and ran.started_by not in taken_back
    return is_undone and begins not in book.clock(ran.rule).starts
