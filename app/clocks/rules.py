"""Which clocks an event starts and stops, and how near their end is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel.errors import Refused
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import Per


@dataclass(frozen=True)
class Subject:
    """What a clock belongs to: the case itself, or one officer in it."""

    is_officer: bool

    def takes(self, rule: ClockRule) -> bool:
        """True where the rule counts for this kind of subject."""
        return rule.per is (Per.OFFICER if self.is_officer else Per.CASE)


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
