"""The clocks of a scenario: started, stopped and run again by the rules of their stage, and read as it shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from app.cases.rules.reviews import clocks_to_begin
from app.clocks import rules
from app.clocks.rules import Dated, Ran, Round, Start, Subject
from app.kernel import deadlines
from app.kernel.deadlines import Elapsed, Explanation
from app.operations.scenarios import reviews
from app.operations.scenarios.story import Clock, Story, Untold
from app.policy.model.process import Clock as ClockRule


def reached(story: Story, event: str, on: date, *, officer: str | None = None) -> None:
    """The case came to an event; as `clocks.actions.reached`."""
    if officer is None:
        story.gone_through.append((event, on))
    concerned = [clock for clock in running(story) if officer is None or clock.officer == officer]
    stopped = [clock for clock in concerned if rules.is_stopped_by(story.law, clock.rule, event)]
    for clock in stopped:
        _stop(story, clock, event, on)
    for clock in concerned:
        if clock.stopped_on is None and rules.has_another_start(story.law, clock.rule, event):
            _note_more(story, clock, event, on)
    story.clocks += [_next(story, clock, event, on) for clock in stopped if _is_done(story, clock, event)]
    for subject in _subjects(story, event, officer):
        _begin(story, event, on, subject)


def _subjects(story: Story, event: str, officer: str | None) -> list[str | None]:
    """Whose clocks begin: the one officer's, or the case's and those of each officer who has a name in it."""
    if officer is not None:
        return [officer]
    known = {each.officer for each in story.standing if not each.is_unknown}
    return [None, *sorted(known if rules.starts_for_officers(story.law, event) else ())]


def _begin(story: Story, event: str, on: date, officer: str | None) -> None:
    begun = {clock.rule for clock in story.clocks if clock.officer == officer}
    found = rules.started_by(story.law, event, Subject(is_officer=officer is not None), begun)
    held = reviews.held(story, event, on) if rules.are_of_reviews(story.law, found) else set()
    if story.kind and not any(each.has_joined for each in story.filings):
        held |= {rule.code for rule in found if rules.waits_for_a_letter(rule)}
    story.clocks += [_started(story, rule, event, on, officer) for rule in found if rule.code not in held]


def _started(story: Story, rule: ClockRule, event: str, on: date, officer: str | None) -> Clock:
    clock = Clock(rule.code, officer, event, on, story.law.due_on(rule.code, on), is_least=rule.is_least)
    clock.waits_for_choice = rules.must_be_chosen(rule)
    clock.starts = [Start(uuid4(), event, on)]
    return clock


def begin_letters(story: Story, on: date) -> None:
    """As `clocks.actions.begin_letters`."""
    begun = {clock.rule for clock in story.clocks}
    late = [rule for rule in rules.begun_by_a_filer(story.law) if rule.code not in begun]
    story.clocks += [_started(story, rule, "filing_received", on, None) for rule in late]


def begin_reviews(story: Story) -> None:
    """As `cases.actions.begin_review_clocks`: what was alleged or found now may demand a review counted from before."""
    begun = {clock.rule for clock in story.clocks}
    late = [each for each in clocks_to_begin(story.law, reviews.reviewable(story)) if each[0] not in begun]
    story.clocks += [_started(story, story.law.clock(rule), event, on, None) for rule, event, on in late]


def _note_more(story: Story, clock: Clock, event: str, on: date) -> None:
    """As `clocks.actions.starts.note_more`."""
    if (event, on) in {(each.event, each.day) for each in clock.starts}:
        return
    clock.starts.append(Start(uuid4(), event, on))
    if not clock.is_chosen:
        take(story, clock, rules.taken(story.law.clock(clock.rule), clock.starts))


def take(story: Story, clock: Clock, start: Start) -> None:
    """The clock counts from this day."""
    clock.started_by, clock.started_on, clock.party = start.event, start.day, start.party
    clock.due_on = counted(story, clock)


def _is_done(story: Story, clock: Clock, event: str) -> bool:
    return rules.is_done_by(story.law.clock(clock.rule), event)


def _next(story: Story, clock: Clock, event: str, on: date) -> Clock:
    """As `clocks.actions.rounds.begin_next`."""
    now = Round(clock.round, clock.laps, clock.started_on, clock.started_by)
    then = rules.following(
        story.law.clock(clock.rule),
        now,
        event=event,
        done_on=on,
        due_on=clock.due_on or on,
        stood_still=bool(clock.pauses),
    )
    following = Clock(clock.rule, clock.officer, then.started_by, then.started_on, None)
    following.round, following.laps = then.number, then.laps
    following.due_on = counted(story, following)
    return following


def _stop(story: Story, clock: Clock, event: str, on: date) -> None:
    """The date it had come to that night stands."""
    clock.due_on = due_now(story, clock)
    clock.stopped_on, clock.stopped_by = on, event
    clock.ended_early = rules.ends_early(story.law.clock(clock.rule), event)


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
        clock.stopped_on, clock.stopped_by, clock.ended_early = None, "", False


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


def explained(story: Story, clock: Clock) -> Explanation | Elapsed:
    """Why the date is what it is, today; of a duty without a number, how many days have passed."""
    found = story.law.clock(clock.rule)
    rule = rules.rule_of(found, clock.round, clock.laps)
    begun = rules.beginning(found, clock.started_by, party=clock.party)
    if rule is None:
        until = max(clock.stopped_on or story.today, clock.started_on)
        return deadlines.elapsed(
            clock.started_on,
            until,
            story.law.calendar,
            _pauses(story, clock),
            authority=found.authority,
            beginning=begun,
            wording=str(found.wording or ""),
        )
    return deadlines.explain(
        rule,
        clock.started_on,
        story.law.calendar,
        _pauses(story, clock),
        today=story.today,
        extended=clock.extensions,
        beginning=begun,
    )


def _pauses(story: Story, clock: Clock) -> list[deadlines.Pause]:
    """With the days on which no clock runs, by the law of the day."""
    return [*clock.pauses, *rules.standstills(story.in_force)]


def due_now(story: Story, clock: Clock) -> date | None:
    """As a page shows it: while a pause is open the date moves every day."""
    still = rules.standstills(story.in_force)
    moves = clock.stopped_on is None and (bool(still) or any(each.to_on is None for each in clock.pauses))
    return counted(story, clock) if moves else clock.due_on


def counted(story: Story, clock: Clock) -> date | None:
    """The date by everything that is known of the clock today; none where the law has no number."""
    rule = rules.rule_of(story.law.clock(clock.rule), clock.round, clock.laps)
    if rule is None:
        return None
    days, still = story.law.calendar, _pauses(story, clock)
    return deadlines.due_on(rule, clock.started_on, days, still, today=story.today, extended=clock.extensions)


def is_paused(story: Story, clock: Clock) -> bool:
    return rules.is_paused_on([(each.from_on, each.to_on) for each in _pauses(story, clock)], story.today)


def state_of(story: Story, clock: Clock) -> str:
    """How a clock stands; one that runs after its day has lapsed."""
    due_on = due_now(story, clock)
    dated = Dated(due_on, clock.stopped_on, clock.is_least, clock.ended_early)
    state = rules.state_of(dated, story.today, is_paused=is_paused(story, clock))
    return "lapsed" if state == "running" and due_on is not None and due_on < story.today else state
