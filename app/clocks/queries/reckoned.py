"""The date of a clock worked out, and why it is what it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.access.work import Work
from app.clocks import rules
from app.clocks.queries.starts import NOTHING_BEGUN, Begun
from app.clocks.queries.told import extensions_of, extras_by, pauses_of, tolled
from app.clocks.records import Clock, Extension, Pause
from app.kernel import deadlines
from app.kernel.calendar import Calendar
from app.kernel.deadlines import Beginning, Elapsed, Explanation, Rule, WhatIf
from app.policy.model import Rulebook


@dataclass(frozen=True)
class Reckoned:
    """One clock as the arithmetic takes it."""

    rule: Rule
    start: date
    calendar: Calendar
    tolled: list[deadlines.Pause]
    extended: list[deadlines.Extension]
    beginning: Beginning


def reckoned(
    work: Work,
    book: Rulebook,
    clock: Clock,
    pauses: Iterable[Pause],
    extensions: Iterable[Extension],
    begun: Begun = NOTHING_BEGUN,
) -> Reckoned | None:
    """Nothing where the law has no number, or nobody knows it."""
    found = book.clock(clock.rule)
    rule = rules.rule_of(found, clock.round, clock.laps)
    if rule is None:
        return None
    extras = extras_by(book, clock.rule, extensions)
    beginning = begun.of(book, clock)
    return Reckoned(rule, clock.started_on, book.calendar, tolled(work, book, pauses), extras, beginning)


def due_now(work: Work, clock: Clock, pauses: Iterable[Pause], extensions: Iterable[Extension]) -> date | None:
    """The day it has come to, by everything that was granted so far."""
    one = reckoned(work, work.policies.named(clock.policy_id), clock, pauses, extensions)
    if one is None:
        return clock.due_on
    return deadlines.due_on(one.rule, one.start, one.calendar, one.tolled, today=work.today, extended=one.extended)


def why_this_date(
    work: Work,
    clock: Clock,
    pauses: Iterable[Pause],
    extensions: Iterable[Extension] = (),
    begun: Begun = NOTHING_BEGUN,
) -> Explanation | None:
    """Start, every counted stretch, each pause, extension and holiday, the roll, the law."""
    one = reckoned(work, work.policies.named(clock.policy_id), clock, pauses, extensions, begun)
    if one is None:
        return None
    return deadlines.explain(
        one.rule,
        one.start,
        one.calendar,
        one.tolled,
        today=work.today,
        extended=one.extended,
        beginning=one.beginning,
    )


def passed(work: Work, clock: Clock, pauses: Sequence[Pause], begun: Begun = NOTHING_BEGUN) -> Elapsed | None:
    """Of a duty without a number: the days that have passed since it began, or until it was done."""
    book = work.policies.named(clock.policy_id)
    rule = book.clock(clock.rule)
    if not rule.counts_up:
        return None
    until = max(clock.stopped_on or work.today, clock.started_on)
    return deadlines.elapsed(
        clock.started_on,
        until,
        book.calendar,
        tolled(work, book, pauses),
        authority=rule.authority,
        beginning=begun.of(book, clock),
        wording=str(rule.wording or ""),
    )


def what_if(work: Work, clock: Clock, more: deadlines.Pause) -> WhatIf | None:
    """The same beside what it would be with one more pause; nothing is changed."""
    pauses, extensions = pauses_of(work, [clock.id]), extensions_of(work, [clock.id])
    book = work.policies.named(clock.policy_id)
    one = reckoned(work, book, clock, pauses.get(clock.id, []), extensions.get(clock.id, []))
    if one is None:
        return None
    return deadlines.what_if(
        one.rule,
        one.start,
        one.calendar,
        one.tolled,
        pauses=[more],
        today=work.today,
        extended=one.extended,
        beginning=one.beginning,
    )
