"""Time that does not count, and more time: as the actions of clocks, with two people where the rulebook wants two."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from app.clocks import rules
from app.clocks.rules import Start, extra
from app.kernel.errors import Invalid, Refused
from app.operations.scenarios import clocks, nights
from app.operations.scenarios.happenings import Acknowledged, Chosen, Dated, Extended, Paused, PauseEnded
from app.operations.scenarios.story import Clock, Story, Untold
from app.policy.model.process import Extension

PAUSE, EXTENSION = "pause", "extension"


def pause(story: Story, told: Paused) -> None:
    """A clock stands still from a day on; as `pause_clock`, or `ask_pause` and `decide_pause`."""
    clock, book = _running(story, told.clock, told.officer), story.law
    from_on = told.from_ or story.today
    rules.check_span(from_on, told.until, clock.started_on, story.today)
    rules.check_kind(book, clock.rule, told.reason)
    _check_second(story, PAUSE, told.asked_by)
    rules.check_grantor(book.toll(told.reason).approved_by, [story.by], PAUSE)
    clock.pauses.append(rules.interval(book.toll(told.reason), from_on, told.until))
    nights.moved(story, clock)


def end_pause(story: Story, told: PauseEnded) -> None:
    """An open pause gets its last day; as `end_pause`."""
    clock, book = clocks.latest(story, told.clock, told.officer), story.law
    until = told.until or story.today
    found = next((each for each in clock.pauses if each.to_on is None), None)
    if found is None:
        raise Refused("No pause of this clock is open.")
    if not found.from_on <= until <= story.today:
        raise Invalid({"until_on": "Choose a day between the beginning of the pause and today."})
    toll = book.toll(found.kind)
    rules.check_grantor(toll.approved_by, [story.by], PAUSE)
    clock.pauses[clock.pauses.index(found)] = rules.interval(toll, found.from_on, until)
    nights.moved(story, clock)


def extend(story: Story, told: Extended) -> None:
    """More time is given; as `extend_clock`, or `ask_extension` and `decide_extension`."""
    clock, book = _running(story, told.clock, told.officer), story.law
    rule = rules.extension_of(book, clock.rule, told.kind or "")
    granted = sum(kind == (told.kind or "") for kind in clock.extended)
    due_on = clocks.due_now(story, clock)
    if due_on is None:
        raise Refused("The law gives no number of days here: there is nothing to add to.")
    asked_on = told.asked_on or story.today
    grant = rules.check_extension(
        rule, granted=granted, due_on=due_on, asked_on=asked_on, days=told.days, reason=story.reason
    )
    if told.agreed_by:
        _check_agreed(story, clock, rule, told.agreed_by)
    else:
        _check_second(story, EXTENSION, told.asked_by)
        rules.check_may_grant(rule, [story.by])
    extension = extra(book.clock(clock.rule), rule, grant.amount, grant.unit, asked_on, story.today)
    clock.extensions.append(extension)
    clock.extended.append(told.kind or "")
    nights.moved(story, clock)


def _check_agreed(story: Story, clock: Clock, rule: Extension, parties: Sequence[str]) -> None:
    """As `note_agreement`, once for each of them."""
    for party in parties:
        rules.check_agreement(rule, party, story.today, clock.started_on, story.today)
    if not rules.have_all_agreed(rule, parties):
        raise Refused("Not all of those have agreed whom the rulebook names.")


def choose(story: Story, told: Chosen) -> None:
    """As `choose_start`."""
    clock = _running(story, told.clock, told.officer)
    party = "" if told.party in (None, rules.OFFICE) else str(told.party)
    found = [each for each in clock.starts if each.party == party and told.start in (None, each.event)]
    if not found:
        raise Untold(f"The clock {told.clock} has no such start.")
    chosen = found[-1]
    now = (clock.started_by, clock.started_on, clock.party) == (chosen.event, chosen.day, chosen.party)
    rules.check_choice(story.law.clock(clock.rule), holds_already=now and not clock.waits_for_choice)
    clock.waits_for_choice, clock.is_chosen = False, True
    clocks.take(story, clock, chosen)
    nights.moved(story, clock)


def note_day(story: Story, told: Dated) -> None:
    """As `note_start`."""
    clock = _running(story, told.clock, told.officer)
    rules.check_party(story.law.clock(clock.rule), told.party, told.day, story.today)
    clock.starts.append(Start(uuid4(), clock.started_by, told.day, told.party))


def _check_second(story: Story, step: str, asked_by: str | None) -> None:
    """In a scenario each role is one person."""
    if asked_by is None:
        rules.check_direct(story.law, step)
    else:
        rules.check_decider(story.law, step, asked_by_decider=asked_by == story.by, roles=[story.by])


def _running(story: Story, rule: str, officer: str | None) -> Clock:
    clock = clocks.latest(story, rule, officer)
    if clock.stopped_on is not None:
        raise Refused("This clock has stopped already.")
    return clock


def acknowledge(story: Story, told: Acknowledged) -> None:
    """Somebody takes notice of a warning; as `acknowledge` and `explain_lapse`."""
    clock = clocks.latest(story, told.clock, told.officer)
    if clock.warning is None:
        raise Untold(f"No warning stands on the clock {told.clock}.")
    if clock.warning.is_answered:
        raise Refused("Somebody has answered this already.")
    ladder = rules.ladder_of(story.law.clock(clock.rule))
    rules.check_answer(clock.warning.level, ladder, holds_it=story.by == story.lead, roles=[story.by])
    nights.answered(clock)
