"""Clocks at random: how fast they are computed, and whether a second implementation comes to the same dates."""

import importlib
import importlib.util
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.kernel.calendar import Calendar
from app.kernel.deadlines import Extension, Pause, Roll, Rule, Unit, due_on, explain
from app.operations.bench.figures import quantile

NAIVE = "tests.kernel.naive"
FIRST, LAST = date(1999, 12, 28), date(2060, 12, 31)
BATCH = 10_000
SHOWN = 5
MICRO = 1_000_000
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One clock with all that it is given; its number brings it back."""

    number: int
    rule: Rule
    start: date
    calendar: Calendar
    pauses: tuple[Pause, ...]
    extended: tuple[Extension, ...]
    today: date


# -- at random ------------------------------------------------------------------------------------


def _offices() -> tuple[Calendar, ...]:
    """Places whose holidays fall differently, with days of their own, and one whose working days are others."""
    own = {date(year, 12, day): "Closed for the year" for year in range(1999, 2070) for day in (24, 26, 27, 28, 29)}
    fridays = frozenset(date(2000, 1, 1) + timedelta(days=7 * week) for week in range(3600) if week % 9 == 0)
    ignored = frozenset({"Columbus Day", "Veterans Day", "Juneteenth National Independence Day"})
    return (
        Calendar("US", "NY", ignored=frozenset({"Susan B. Anthony Day", "Washington's Birthday", "Election Day"})),
        Calendar("US", "LA", ignored=ignored),
        Calendar("US", closed=own, opened=fridays, working=Calendar("US", weekend=frozenset({6}))),
        Calendar("US", "CA", closed=own, ignored=ignored),
        Calendar(),
    )


OFFICES = _offices()
# For each unit how often it comes, and up to how many of it.
_UNITS: Mapping[Unit, tuple[int, int]] = {
    Unit.DAYS: (8, 400),
    Unit.BUSINESS_DAYS: (8, 130),
    Unit.WORKING_DAYS: (3, 60),
    Unit.WEEKS: (2, 30),
    Unit.MONTHS: (4, 20),
    Unit.YEARS: (1, 3),
    Unit.YEARS_AND_A_DAY: (2, 2),
}
_PAUSES = (0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 5, 10)
_EXTENSIONS = (0, 0, 0, 0, 0, 0, 1, 1, 2, 3)
# Days on which months, years and holidays are hard to count.
_HARD = ((2, 28), (2, 27), (3, 1), (12, 31), (12, 30), (1, 1), (1, 31), (8, 31), (7, 3), (11, 10))


def case(number: int, pauses: int | None = None) -> Case:
    """The case of this number, always the same; with so many pauses where that is said."""
    rng = random.Random(number)  # noqa: S311 - nothing is kept secret with it
    rule, start, calendar = _rule(rng), _start(rng), rng.choice(OFFICES)
    today = start + timedelta(days=rng.randint(-20, 500))
    tolled = _pauses(rng, start, rng.choice(_PAUSES) if pauses is None else pauses)
    due = due_on(rule, start, calendar, tolled, today=today)
    return Case(number, rule, start, calendar, tolled, _extended(rng, start, due), today)


def _start(rng: random.Random) -> date:
    if rng.random() < 0.2:
        month, day = rng.choice(_HARD)
        return date(rng.randint(2000, 2060), month, day)
    if rng.random() < 0.05:
        return date(rng.choice(range(2000, 2061, 4)), 2, 29)
    return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))


def _rule(rng: random.Random, most: int = 1) -> Rule:
    units = list(_UNITS)
    unit = rng.choices(units, [_UNITS[each][0] for each in units])[0]
    return Rule(rng.randint(0, _UNITS[unit][1] // most), unit, rng.choice(tuple(Roll)))


def _pauses(rng: random.Random, start: date, count: int) -> tuple[Pause, ...]:
    found: list[Pause] = []
    for _ in range(count):
        beside = found and rng.random() < 0.3
        first = _beside(rng, found[-1]) if beside else start + timedelta(days=rng.randint(-30, 300))
        length = timedelta(days=rng.choice((0, 0, 1, 2, 6, 13, 30, 60)))
        is_open = rng.random() < 0.08
        longest = Rule(rng.randint(1, 40), rng.choice((Unit.DAYS, Unit.BUSINESS_DAYS))) if rng.random() < 0.1 else None
        found.append(Pause("pause", "an order", first, None if is_open else first + length, longest=longest))
    return tuple(found)


def _beside(rng: random.Random, other: Pause) -> date:
    """Where it overlaps the other pause, touches it or just misses it."""
    return (other.to_on or other.from_on) + timedelta(days=rng.randint(-2, 2))


def _extended(rng: random.Random, start: date, due: date) -> tuple[Extension, ...]:
    """Many are asked for within days of the end, where it matters whether that was in time."""
    found: list[Extension] = []
    for _ in range(rng.choice(_EXTENSIONS)):
        days = rng.randint(-2, 3) if rng.random() < 0.4 else -rng.randint(0, (due - start).days)
        granted_on = due + timedelta(days=days + rng.randint(0, 20)) if rng.random() < 0.8 else None
        asked_on = due + timedelta(days=days)
        found.append(Extension(_rule(rng, 4), asked_on, granted_on, may_be_late=rng.random() < 0.3))
    return tuple(found)


# -- how fast -------------------------------------------------------------------------------------


def compute(each: Case) -> date:
    return due_on(each.rule, each.start, each.calendar, each.pauses, today=each.today, extended=each.extended)


@contextmanager
def one_core() -> Iterator[None]:
    """Where the system can, everything in between runs on one processor."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def many(count: int, progress: Progress) -> dict[str, Any]:
    """The time of the computing alone: each batch lies in memory before its clocks are computed."""
    wall = processor = 0.0
    pauses = extensions = 0
    for first in range(0, count, BATCH):
        batch = [case(number) for number in range(first, min(first + BATCH, count))]
        pauses += sum(len(each.pauses) for each in batch)
        extensions += sum(len(each.extended) for each in batch)
        began, busy = time.perf_counter(), time.process_time()
        for each in batch:
            compute(each)
        wall += time.perf_counter() - began
        processor += time.process_time() - busy
        if first % (BATCH * 10) == 0:
            progress(f"clocks: {first + len(batch)} of {count} computed, {wall:.1f} s so far")
    return {
        "clocks": count,
        "seconds": round(wall, 2),
        "processor_seconds": round(processor, 2),
        "microseconds_each": round(wall / count * MICRO, 1),
        "pauses_each": round(pauses / count, 2),
        "extensions_each": round(extensions / count, 2),
    }


def one_with_ten(count: int) -> dict[str, Any]:
    """Each clock timed by itself, every one with pauses of its own: the date, and the whole explanation."""
    cases = [case(number, pauses=10) for number in range(count)]
    dated = [_micros(compute, each) for each in cases]
    explained = [_micros(_explained, each) for each in cases]
    return {
        "ten_pauses_median_us": round(quantile(dated, 0.5), 1),
        "ten_pauses_p99_us": round(quantile(dated, 0.99), 1),
        "ten_pauses_explained_median_us": round(quantile(explained, 0.5), 1),
        "ten_pauses_explained_p99_us": round(quantile(explained, 0.99), 1),
    }


def _explained(each: Case) -> object:
    return explain(each.rule, each.start, each.calendar, each.pauses, today=each.today, extended=each.extended)


def _micros(run: Callable[[Case], object], each: Case) -> float:
    began = time.perf_counter()
    run(each)
    return (time.perf_counter() - began) * MICRO


# -- whether it is right --------------------------------------------------------------------------

Walk = Callable[[Case], date]


@dataclass
class Agreement:
    """How many cases were compared, and the first few that differ: number, ours, theirs."""

    compared: int = 0
    differing: int = 0
    shown: list[str] = field(default_factory=list)

    def compare(self, each: Case, walk: Walk) -> None:
        ours, theirs = compute(each), walk(each)
        self.compared += 1
        if ours != theirs:
            self.differing += 1
            if len(self.shown) < SHOWN:
                self.shown.append(f"{each.number}: {ours}, but {theirs} by walking")


def naive() -> Walk | None:
    """The second implementation, which walks from day to day; it lives with the tests, where it is not shipped."""
    if importlib.util.find_spec(NAIVE.split(".", maxsplit=1)[0]) is None or importlib.util.find_spec(NAIVE) is None:
        return None
    walk: Walk = importlib.import_module(NAIVE).due_on
    return walk


def agree(walk: Walk, numbers: Sequence[int], seconds: float, progress: Progress) -> Agreement:
    """Compares until all are done or the time is over."""
    found, until = Agreement(), time.monotonic() + seconds
    for number in numbers:
        if found.compared % (BATCH * 5) == 0 and found.compared:
            progress(f"clocks: {found.compared} of {len(numbers)} compared, {found.differing} differ")
        if found.compared % BATCH == 0 and time.monotonic() > until:
            break
        found.compare(case(number), walk)
    return found
