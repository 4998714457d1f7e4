"""Which of several days a clock counts from, and by whose record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.errors import Invalid, Refused
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import Owner, StartBy

OFFICE = "office"


@dataclass(frozen=True)
class Start:
    """A day from which a clock may count: of an event, as the office has it, or as a party holds it."""

    id: UUID
    event: str
    day: date
    party: str = ""


def keeps_starts(rule: ClockRule) -> bool:
    """True where a clock may count from several days, and each is kept."""
    return rule.start_by is not StartBy.ANEW or bool(rule.dated_by)


def must_be_chosen(rule: ClockRule) -> bool:
    """True where somebody says from which event it counts."""
    return rule.start_by is StartBy.CHOSEN


def taken(rule: ClockRule, starts: Sequence[Start]) -> Start:
    """The one that counts while nobody has chosen, of those of the office, as they came.

    Where somebody has to choose, the careful one: the earliest end, or of a least time the latest.
    """
    own = [each for each in starts if not each.party]
    if _takes_the_last(rule):
        return max(enumerate(own), key=lambda each: (each[1].day, each[0]))[1]
    return min(own, key=lambda each: each.day)


def _takes_the_last(rule: ClockRule) -> bool:
    return rule.start_by is StartBy.LAST or (must_be_chosen(rule) and rule.is_least)


def other_parties(rule: ClockRule) -> tuple[Owner, ...]:
    """Those who may hold another day than the office."""
    return tuple(each for each in rule.dated_by if each is not Owner.AGENCY)


def check_party(rule: ClockRule, party: str, day: date, today: date) -> None:
    """Only a party that the rulebook names holds a day of its own, and none that is still to come."""
    if party not in {str(each) for each in other_parties(rule)}:
        raise Invalid({"party": "The rulebook does not say that they may hold another day."})
    if day > today:
        raise Invalid({"day": "This day is still to come."})


def check_choice(rule: ClockRule, *, holds_already: bool) -> None:
    """Somebody chooses where the rulebook lets them, and something else than what holds."""
    if not must_be_chosen(rule) and not rule.dated_by:
        raise Refused("The rulebook says itself from which day this clock counts.")
    if holds_already:
        raise Refused("The clock counts from this day already.")


def whose(party: str) -> str:
    """As the clock's own row says whose day it is."""
    return party or OFFICE
