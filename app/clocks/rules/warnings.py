"""When somebody must take notice of a clock, who that is, and to whom it rises while nobody does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.kernel.calendar import Calendar
from app.kernel.errors import NotAllowed
from app.policy.model.process import Clock as ClockRule

HOLDER = "holder"
LAPSED = 0
# Where a rulebook says nothing: the steps and the ladder of the product, no city's law.
STEPS = (90, 60, 30, 14, 7)
LADDER = ("supervisor", "director")
# For a clock that has no step of its own the ladder is climbed a day at a time once it has lapsed.
SHORTEST_WINDOW = 3
# How many nights ahead it is asked when a warning rises: further than any step lies from the one before.
FURTHEST = 400


@dataclass(frozen=True)
class Watched:
    """What there is to know of a running clock before its warnings can be settled."""

    rule: ClockRule
    calendar: Calendar
    started_on: date
    due_on: date
    is_paused: bool
    has_holder: bool


@dataclass(frozen=True)
class Told:
    """A warning that stands: the step it was given at (0: the clock has lapsed), with whom it is, and since when."""

    step: int
    raised_on: date
    level: str
    is_answered: bool = False


def steps_of(rule: ClockRule) -> tuple[int, ...]:
    """Days before the end at which somebody must take notice, the earliest first."""
    return tuple(sorted(set(rule.warnings or STEPS), reverse=True))


def ladder_of(rule: ClockRule) -> tuple[str, ...]:
    """Who has to take notice, one after the other."""
    return (HOLDER, *(rule.rises_to or LADDER))


def step_today(watched: Watched, today: date) -> int | None:
    """The step that this day has come to; none before the first. A step as long as the clock itself is no warning."""
    if watched.rule.is_least:
        return None
    left = (watched.due_on - today).days
    if left < 0:
        return LAPSED
    length = (watched.due_on - watched.started_on).days
    return min((step for step in watched.rule.warnings or STEPS if left <= step < length), default=None)


def warned(watched: Watched, told: Told | None, today: date) -> Told | None:
    """The warning that should stand today: the same, risen, another one, or none. A clock that stands still waits."""
    step = step_today(watched, today)
    if watched.is_paused:
        return None if told is not None and told.step == LAPSED and step != LAPSED else told
    if step is None:
        return None
    if told is None or told.step != step:
        return Told(step, today, _first_level(watched, told, step))
    return told if told.is_answered else replace(told, level=_level_today(watched, told, today))


def _first_level(watched: Watched, before: Told | None, step: int) -> str:
    """Whoever holds the file; where nobody does, or where it had risen without an answer, whoever comes next."""
    if before is not None and not before.is_answered and step < before.step:
        return before.level
    ladder = ladder_of(watched.rule)
    return ladder[0] if watched.has_holder else ladder[1]


def _level_today(watched: Watched, told: Told, today: date) -> str:
    ladder = ladder_of(watched.rule)
    now = ladder.index(told.level) if told.level in ladder else 0
    return ladder[min(max(now, _rungs(watched, told, len(ladder), today)), len(ladder) - 1)]


def _rungs(watched: Watched, told: Told, height: int, today: date) -> int:
    """How far it has risen: by the rulebook's own business days, else by equal shares of the time to the next step."""
    after = watched.rule.rises_after
    if after is not None:
        return watched.calendar.open_days(told.raised_on.toordinal() + 1, today.toordinal()) // after
    return (today - told.raised_on).days * height // _window(watched, told)


@dataclass(frozen=True)
class Rise:
    """When a warning that stays unanswered goes to somebody else, and to whom."""

    day: date
    level: str


def next_rise(watched: Watched, told: Told, today: date) -> Rise | None:
    """The first night after today that gives it to another; nothing at the top of the ladder, or while it waits."""
    if watched.is_paused or told.level == ladder_of(watched.rule)[-1]:
        return None
    now: Told | None = told
    for ahead in range(1, FURTHEST):
        day = today + ahead * timedelta(days=1)
        now = warned(watched, now, day)
        if now is not None and now.level != told.level:
            return Rise(day, now.level)
    return None


def _window(watched: Watched, told: Told) -> int:
    """Days from the warning to the next step, or to the end; after a lapse, as long as the last step was."""
    steps = steps_of(watched.rule)
    if told.step == LAPSED:
        return max(steps[-1], SHORTEST_WINDOW)
    following = max((step for step in steps if step < told.step), default=LAPSED)
    end = watched.due_on - timedelta(days=following)
    return max((end - told.raised_on).days, 1)


def may_answer(level: str, ladder: Sequence[str], *, holds_it: bool, roles: Iterable[str]) -> bool:
    """Whoever it is with answers, or somebody above; the holder no longer once it has risen."""
    above = ladder[ladder.index(level) :] if level in ladder else ladder[1:]
    return (HOLDER in above and holds_it) or bool(set(above) & set(roles))


def check_answer(level: str, ladder: Sequence[str], *, holds_it: bool, roles: Iterable[str]) -> None:
    """The same, in words for whoever may not."""
    if not may_answer(level, ladder, holds_it=holds_it, roles=roles):
        raise NotAllowed(f"This is for {said_level(level)} to answer now.")


def said_level(level: str) -> str:
    """With whom it is, in words."""
    return "whoever holds the file" if level == HOLDER else f"the {level}"
