"""What happens at night: warnings are given, rise while nobody answers, and end when their date is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.clocks import rules
from app.clocks.rules import Watched
from app.operations.scenarios import clocks
from app.operations.scenarios.story import Clock, Story

ONE_DAY = timedelta(days=1)


def until(story: Story, day: date) -> None:
    """Every night from the day of the last step to this one; the night comes before the day's own work."""
    if story.book is None:
        story.today = day
        return
    while story.today < day:
        story.today += ONE_DAY
        for clock in clocks.running(story):
            _count(story, clock)


def _count(story: Story, clock: Clock) -> None:
    clock.due_on = clocks.due_now(story, clock)
    if clock.due_on is not None:
        clock.warning = rules.warned(watched(story, clock, clock.due_on), clock.warning, story.today)


def watched(story: Story, clock: Clock, due_on: date) -> Watched:
    return Watched(
        story.law.clock(clock.rule),
        story.law.calendar,
        clock.started_on,
        due_on,
        is_paused=clocks.is_paused(story, clock),
        has_holder=bool(story.lead),
    )


def moved(story: Story, clock: Clock) -> None:
    """A clock's date moved: the warning that no longer fits is over."""
    clock.due_on = clocks.counted(story, clock)
    if clock.warning is None or clock.due_on is None:
        return
    now = replace(watched(story, clock, clock.due_on), is_paused=False)
    if rules.step_today(now, story.today) != clock.warning.step:
        clock.warning = None


def answered(clock: Clock) -> None:
    if clock.warning is not None:
        clock.warning = replace(clock.warning, is_answered=True)
