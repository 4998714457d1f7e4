"""The clocks of a scenario: started, stopped, paused and run again by the rules of the stage of clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.clocks import rules
from app.clocks.rules import Ran, Subject
from app.kernel import deadlines
from app.kernel.deadlines import Explanation
from app.kernel.errors import Invalid, Refused
from app.operations.scenarios.happenings import Paused, PauseEnded
from app.operations.scenarios.story import Clock, Story, Untold


def reached(story: Story, event: str, on: date, *, officer: str | None = None) -> None:
    """The case came to an event; as `clocks.actions.reached`."""
    for clock in running(story):
        is_concerned = officer is None or clock.officer == officer
        if is_concerned and rules.is_stopped_by(story.law, clock.rule, event):
            clock.stopped_on, clock.stopped_by = on, event
    for rule in rules.started_by(story.law, event, Subject(is_officer=officer is not None)):
        due_on = story.law.due_on(rule.code, on)
        if due_on is None:
            raise Refused(f"The rulebook gives no date for {rule.code}.")
        story.clocks.append(Clock(rule.code, officer, event, on, due_on))


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


def pause(story: Story, told: Paused) -> None:
    """A clock stands still from a day on; as `clocks.actions.pause_clock`."""
    clock = latest(story, told.clock, told.officer)
    from_on = told.from_ or story.today
    if clock.stopped_on is not None:
        raise Refused("This clock has stopped already.")
    if told.until is not None and told.until < from_on:
        raise Invalid({"until_on": "The pause ends before it begins."})
    if from_on > story.today:
        raise Invalid({"from_on": "A pause begins today or earlier: nobody knows yet what happens later."})
    if from_on < clock.started_on:
        raise Invalid({"from_on": "The clock had not started on that day."})
    rules.check_pause(story.law, clock.rule, told.reason, [story.by])
    clock.pauses.append(
        deadlines.Pause(told.reason, story.law.toll(told.reason).label.to("en"), from_on, told.until),
    )
    _count_again(story, clock)


def end_pause(story: Story, told: PauseEnded) -> None:
    """An open pause gets its last day; as `clocks.actions.end_pause`."""
    clock = latest(story, told.clock, told.officer)
    until = told.until or story.today
    found = next((each for each in clock.pauses if each.to_on is None), None)
    if found is None:
        raise Refused("No pause of this clock is open.")
    if not found.from_on <= until <= story.today:
        raise Invalid({"until_on": "Choose a day between the beginning of the pause and today."})
    rules.check_pause(story.law, clock.rule, found.kind, [story.by])
    clock.pauses[clock.pauses.index(found)] = deadlines.Pause(found.kind, found.reason, found.from_on, until)
    _count_again(story, clock)


def _count_again(story: Story, clock: Clock) -> None:
    due_on = story.law.due_on(clock.rule, clock.started_on, clock.pauses, today=story.today)
    clock.due_on = due_on or clock.due_on


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
    why = story.law.explain(clock.rule, clock.started_on, clock.pauses, today=story.today)
    if why is None:
        raise Untold(f"The rulebook gives no number of days for {clock.rule}.")
    return why


def due_now(story: Story, clock: Clock) -> date:
    """As a page shows it: while a pause is open the date moves every day."""
    return explained(story, clock).due_on if clock.stopped_on is None else clock.due_on


def state_of(story: Story, clock: Clock) -> str:
    """How a clock stands; one that runs after its day has lapsed."""
    due_on = due_now(story, clock)
    is_paused = rules.is_paused_on([(each.from_on, each.to_on) for each in clock.pauses], story.today)
    state = rules.state_of(due_on, clock.stopped_on, is_paused=is_paused)
    return "lapsed" if state == "running" and due_on < story.today else state
