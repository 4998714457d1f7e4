"""A duty that comes back: what fulfils one round, and when the next is due."""

from dataclasses import dataclass, replace
from datetime import date

from app.kernel.deadlines import Rule
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import CountedFrom

# What a round is said to begin with that counts from the day on which the one before was due.
ROUND_DUE = "round_due"


@dataclass(frozen=True)
class Round:
    """One time of a duty: its number, and so many rounds counted from the day on which it is taken to begin."""

    number: int
    laps: int
    started_on: date
    started_by: str


def is_done_by(rule: ClockRule, event: str) -> bool:
    """True where this event fulfils a round, and the next begins."""
    return rule.repeat is not None and event in rule.repeat.done_by


def rule_of(rule: ClockRule, number: int = 1, laps: int = 1) -> Rule | None:
    """The arithmetic of one round; nothing while the law's number is not known.

    Rounds are counted from the first day of all, so that a short month or a closed day moves one of them and not all
    that follow. Where that day no longer serves (`laps` is less than the number), so many rounds follow from a later.
    """
    first = rule.rule
    if first is None or rule.repeat is None or number == 1:
        return first
    every = replace(first, amount=rule.repeat.amount, unit=rule.repeat.unit)
    if laps < number:
        return replace(every, amount=every.amount * laps)
    return replace(first, amount=first.amount + every.amount * (number - 1))


def following(rule: ClockRule, now: Round, *, event: str, done_on: date, due_on: date, stood_still: bool) -> Round:
    """The round after this one: counted from the day it was done, or from the day it was due.

    A pause shifts what follows too, and two units cannot be added: the next round then begins on the day this was due.
    """
    if rule.repeat is None:
        raise ValueError(f"{rule.code} does not come back.")
    number = now.number + 1
    if rule.repeat.counted_from is CountedFrom.DONE:
        return Round(number, 1, done_on, event)
    if stood_still or (now.number == 1 and rule.repeat.unit is not rule.unit):
        return Round(number, 1, due_on, ROUND_DUE)
    return Round(number, now.laps + 1, now.started_on, now.started_by)
