"""More time, and time that does not count: what the rulebook allows, who may ask, and who may grant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.clocks.rules.reckoning import OWNERS, extension_named
from app.kernel.deadlines import Unit, in_words
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.model import Rulebook
from app.policy.model.process import Extension

NOT_SET_BY_LAW = "The rulebook gives no number of days here: say how many."


@dataclass(frozen=True)
class Grant:
    """How much more time: what the rulebook says, or what was asked where it says nothing."""

    amount: int
    unit: Unit


def limits_of(extension: Extension) -> str:
    """How much, how often, when and by whom, in one line."""
    known = extension.amount is not None and extension.unit is not None
    parts = [
        in_words(extension.amount or 0, extension.unit or Unit.DAYS) if known else "as long as is granted",
        "once" if extension.times == 1 else f"up to {extension.times} times",
        "before the end" if extension.before_lapse else "also after the end",
        *([f"granted by {' or '.join(extension.granted_by)}"] if extension.granted_by else []),
        *([f"or agreed by {_all_of(extension)}"] if extension.granted_by and extension.agreed_by else []),
        *([f"agreed by {_all_of(extension)}"] if extension.agreed_by and not extension.granted_by else []),
        *([extension.authority] if extension.authority else []),
    ]
    return "; ".join(parts)


def _all_of(extension: Extension) -> str:
    return " and ".join(OWNERS[each].lower() for each in extension.agreed_by)


def check_may_grant(extension: Extension, roles: Iterable[str]) -> None:
    """More time is granted by whom the rulebook names; where it names nobody, by agreement alone."""
    if extension.agreed_by and not extension.granted_by:
        raise Refused(f"Nobody grants this: {_all_of(extension)} agree on it, and each agreement is recorded.")
    check_grantor(extension.granted_by, roles, "extension")


def check_agreement(extension: Extension, party: str, agreed_on: date, started_on: date, today: date) -> None:
    """Agreed by a party that the rulebook names, on a day that has come."""
    if party not in {str(each) for each in extension.agreed_by}:
        raise Invalid({"party": "The rulebook does not name them among those who agree."})
    if not started_on <= agreed_on <= today:
        raise Invalid({"agreed_on": "Choose a day between the start of the clock and today."})


def have_all_agreed(extension: Extension, parties: Iterable[str]) -> bool:
    """True once nobody is missing."""
    return bool(extension.agreed_by) and {str(each) for each in extension.agreed_by} <= set(parties)


def check_span(from_on: date, until_on: date | None, started_on: date, today: date) -> None:
    """A pause lies within the clock, and begins no later than today."""
    if until_on is not None and until_on < from_on:
        raise Invalid({"until_on": "The pause ends before it begins."})
    if from_on > today:
        raise Invalid({"from_on": "A pause begins today or earlier: nobody knows yet what happens later."})
    if from_on < started_on:
        raise Invalid({"from_on": "The clock had not started on that day."})


def check_kind(book: Rulebook, rule: str, kind: str) -> None:
    """A clock stands still only for a reason the rulebook gives it."""
    if kind not in book.clock(rule).tolling:
        raise Refused("The rulebook does not let this clock stand still for that reason.")


def check_grantor(allowed: Sequence[str], roles: Iterable[str], what: str) -> None:
    """Granted by whom the rulebook names."""
    if not set(allowed) & set(roles):
        raise Refused(f"Only {' or '.join(allowed) or 'nobody here'} may grant this {what}.")


def check_pause(book: Rulebook, rule: str, kind: str, roles: Iterable[str]) -> None:
    """A clock stands still only for a reason the rulebook gives it, granted by whom the rulebook names."""
    check_kind(book, rule, kind)
    check_grantor(book.toll(kind).approved_by, roles, "pause")


def wants_two(book: Rulebook, step: str) -> bool:
    """True where the rulebook has one person ask and another one decide."""
    return any(entry.code == step for entry in book.second_persons)


def check_direct(book: Rulebook, step: str) -> None:
    """Where two are wanted, nobody grants what nobody else has asked for."""
    if wants_two(book, step):
        raise Refused("The rulebook wants two people here: one asks, and another one decides.")


def check_decider(book: Rulebook, step: str, *, asked_by_decider: bool, roles: Iterable[str]) -> None:
    """Nobody is both halves of one step, and the second is one of those whom the rulebook names."""
    named = book.second_persons_for(step)
    if asked_by_decider:
        who = f" It is for {' or '.join(named)}." if named else ""
        raise NotAllowed(f"You asked for this yourself: somebody else decides.{who}")
    if named and not set(named) & set(roles):
        raise NotAllowed(f"The second person here is {' or '.join(named)}.")


def may_decide(
    book: Rulebook, step: str, allowed: Sequence[str], *, asked_by_decider: bool, roles: Iterable[str]
) -> bool:
    """True for somebody else than the one who asked, of those whom the rulebook names."""
    held = set(roles)
    named = book.second_persons_for(step)
    return not asked_by_decider and bool(set(allowed) & held) and (not named or bool(set(named) & held))


def extension_of(book: Rulebook, rule: str, kind: str) -> Extension:
    """The extension of that name; the first one has none."""
    found = extension_named(book.clock(rule), kind)
    if found is None:
        raise Refused("The rulebook gives no more time on this clock.")
    return found


def check_extension(
    extension: Extension, *, granted: int, due_on: date, asked_on: date, days: int | None, reason: str
) -> Grant:
    """More time within the rulebook's limits: how often, asked for before the end, with a reason; says how much."""
    if granted >= extension.times:
        times = "once" if extension.times == 1 else f"{extension.times} times"
        raise Refused(f"The rulebook gives more time on this clock {times}, and that was granted already.")
    if extension.before_lapse and asked_on > due_on:
        raise Refused("This clock has lapsed: more time must be asked for before its end.")
    if extension.needs_reason and not reason.strip():
        raise Invalid({"why": "Say why: the rulebook asks for a reason here."})
    if extension.amount is not None and extension.unit is not None:
        return Grant(extension.amount, extension.unit)
    if days is None:
        raise Invalid({"days": NOT_SET_BY_LAW})
    return Grant(days, Unit.DAYS)
