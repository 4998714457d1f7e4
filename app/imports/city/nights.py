"""The last weeks of the year by night: all clocks are counted, warnings are given, and most are answered by day."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from app.access.permissions import Role
from app.access.work import Work
from app.clocks import actions, queries
from app.clocks.commands import Acknowledge, ExplainLapse
from app.clocks.queries import CaseLine, ShownClock
from app.imports.city.diary import Life, Turn
from app.imports.city.people import dice
from app.imports.city.town import Town

# Before that everything would have been answered long ago; each night in between would look the same.
WEEKS = 5
NIGHT = time(0, 20)
ANSWERED, EXPLAINED = 0.75, 0.6
# More than waits for anybody: the first night finds a whole year of them.
ALL = 1000
ANSWERING = (Role.INVESTIGATOR, Role.SUPERVISOR, Role.DIRECTOR)


def weeks(town: Town) -> Life:
    """One night a week, the last one before the anchor; and the working days after it."""
    rng = dice(town.year.seed, "nights")
    for night in _days(town):
        # The night itself belongs to nobody: whoever works late that day has it in the diary.
        work = yield Turn(town.one(Role.SUPERVISOR), night)
        town.diary.by_the_clock("begin_night", work.now)
        for role in ANSWERING:
            for who in town.people(role):
                town.diary.begin(_morning(town, who, work.now, rng))


def _morning(town: Town, who: str, night: datetime, rng: Random) -> Life:
    """The next working day of one person."""
    work = yield town.pace.turn(who, night, 1)
    _answer(town, work, rng)


def _days(town: Town) -> Iterator[datetime]:
    for week in reversed(range(WEEKS)):
        day = town.book.calendar.previous_open(town.year.anchor - timedelta(days=3 + 7 * week))
        yield datetime.combine(day, NIGHT, tzinfo=town.pace.zone)


def _answer(town: Town, work: Work, rng: Random) -> None:
    """What waits for this person and is theirs to answer; some of it stays lying."""
    for each, line in queries.waiting_clocks(work, most=ALL):
        warning = each.warning
        if warning is None or rng.random() > (EXPLAINED if warning.is_lapse else ANSWERED):
            continue
        if warning.is_lapse:
            _explain(town, work, each, line, rng)
        else:
            plan = town.say(rng, "warning_plans")
            actions.acknowledge(work, each.clock.id, warning.warning.id, Acknowledge(plan=plan))


def _explain(town: Town, work: Work, each: ShownClock, line: CaseLine, rng: Random) -> None:
    held_by = each.warning.warning.held_by_id if each.warning else None
    cause = rng.choice([reason.code for reason in town.book.deadline_defaults.lapse_reasons] or [""])
    ask = ExplainLapse(plan=town.say(rng, "lapses"), cause=cause, held_by=held_by or line.lead_id or work.actor.id)
    if each.warning is not None:
        actions.explain_lapse(work, each.clock.id, each.warning.warning.id, ask)
