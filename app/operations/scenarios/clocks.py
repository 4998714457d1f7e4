"""The clocks of a scenario: started, stopped and run again by the rules of their stage, and read as it shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.clocks import rules
from app.clocks.rules import Ran, Subject
from app.kernel import deadlines
from app.kernel.deadlines import Explanation
from app.kernel.errors import Refused
from app.operations.scenarios.story import Clock, Story, Untold


def reached(story: Story, event: str, on: date, *, officer: str | None = None) -> None:
    """The case came to an event; as `clocks.actions.reached`."""
    begun = {clock.rule for clock in story.clocks if clock.officer == officer}
    for clock in running(story):
        is_concerned = officer is None or clock.officer == officer
        if is_concerned and rules.is_stopped_by(story.law, clock.rule, event, on, clock.started_on):
            _stop(story, clock, event, on)
            begun -= {clock.rule} if event in story.law.clock(clock.rule).starts else set()
    for rule in rules.started_by(story.law, event, Subject(is_officer=officer is not None), begun):
        due_on = story.law.due_on(rule.code, on)
        if due_on is None:
            raise Refused(f"The rulebook gives no date for {rule.code}.")
        story.clocks.append(Clock(rule.code, officer, event, on, due_on))


def _stop(story: Story, clock: Clock, event: str, on: date) -> None:
    """The date it had come to that night stands."""
    clock.due_on = due_now(story, clock)
    clock.stopped_on, clock.stopped_by = on, event


def run_again(story: Story, undone: Iterable[str], begins: str | None) -> None:
    """The case went back; as `clocks.actions.run_again`."""
    undone = tuple(undone)
    going = {(clock.rule, clock.officer) for clock in running(story)}
    # The latest that stopped comes first, as the stage reads them.
    stopped = [clock for clock in story.clocks if clock.stopped_on is not None]
    for clock in sorted(stopped, key=lambda each: each.stopped_on or date.min, reverse=True):
        ran = Ran(clock.rule, clock.started_by, clock.stopped_by)
        again = rules.runs_again(story.law, ran, undone=undone, begins=begins)
        if (clock.rule, clock.officer) in going or not again:
            continue
        going.add((clock.rule, clock.officer))
        clock.stopped_on, clock.stopped_by = None, ""


def running(story: Story) -> list[Clock]:
    return [clock for clock in story.clocks if clock.stopped_on is None]


def find(story: Story, rule: str, officer: str | None) -> Clock | None:
    """The clock of this rule that started last; of this officer, or of any where none is named."""
    found = [each for each in story.clocks if each.rule == rule and (officer is None or each.officer == officer)]
    return next((each for each in reversed(found) if each.stopped_on is None), found[-1] if found else None)


def latest(story: Story, rule: str, officer: str | None) -> Clock:
    story.law.clock(rule)
    clock = find(story, rule, officer)
    if clock is None:
        raise Untold(f"The clock {rule} has not started in this scenario.")
    return clock


def explained(story: Story, clock: Clock) -> Explanation:
    """Why the date is what it is, today."""
    found = story.law.clock(clock.rule)
    if found.rule is None:
        raise Untold(f"The rulebook gives no number of days for {clock.rule}.")
    return deadlines.explain(
        found.rule,
        clock.started_on,
        story.law.calendar,
        clock.pauses,
        today=story.today,
        extended=clock.extensions,
        beginning=rules.beginning(found, clock.started_by),
    )


def due_now(story: Story, clock: Clock) -> date:
    """As a page shows it: while a pause is open the date moves every day."""
    moves = clock.stopped_on is None and any(each.to_on is None for each in clock.pauses)
    return counted(story, clock) if moves else clock.due_on


def counted(story: Story, clock: Clock) -> date:
    """The date by everything that is known of the clock today."""
    rule = story.law.clock(clock.rule).rule
    if rule is None:
        raise Untold(f"The rulebook gives no number of days for {clock.rule}.")
    days = story.law.calendar
    return deadlines.due_on(rule, clock.started_on, days, clock.pauses, today=story.today, extended=clock.extensions)


def is_paused(story: Story, clock: Clock) -> bool:
    return rules.is_paused_on([(each.from_on, each.to_on) for each in clock.pauses], story.today)


def state_of(story: Story, clock: Clock) -> str:
    """How a clock stands; one that runs after its day has lapsed."""
    due_on = due_now(story, clock)
    state = rules.state_of(due_on, clock.stopped_on, is_paused=is_paused(story, clock))
    return "lapsed" if state == "running" and due_on < story.today else state
