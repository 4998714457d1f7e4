"""What is done with clocks: an event starts and stops them, a granted pause moves their date."""

from datetime import date
from uuid import UUID, uuid4

from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.commands import PauseClock
from app.clocks.events import ClockPaused, ClockStarted, ClockStopped
from app.clocks.records import Clock, Pause
from app.clocks.rules import Subject
from app.kernel.errors import Refused


def reached(
    work: Work, case_id: UUID, policy_id: str, event: str, on: date, *, officer_id: UUID | None = None
) -> date | None:
    """The case came to `event`: stops and starts the clocks that the rulebook ties to it.

    Returns the earliest date that still runs, which is the case's place in the queue.
    """
    book = work.policies.named(policy_id)
    running = queries.running_clocks(work, case_id)
    concerned = [clock for clock in running if officer_id is None or clock.officer_id == officer_id]
    for clock in concerned:
        if rules.is_stopped_by(book, clock.rule, event):
            _stop(work, clock, event, on)
    for rule in rules.started_by(book, event, Subject(is_officer=officer_id is not None)):
        running.append(_start(work, case_id, policy_id, rule.code, event, on, officer_id))
    return rules.earliest(clock.due_on for clock in running if clock.stopped_on is None)


def _start(
    work: Work, case_id: UUID, policy_id: str, rule: str, event: str, on: date, officer_id: UUID | None
) -> Clock:
    due_on = work.policies.named(policy_id).due_on(rule, on)
    if due_on is None:
        raise Refused(f"The rulebook gives no date for {rule}.")
    clock = work.add(
        Clock(
            id=uuid4(),
            case_id=case_id,
            officer_id=officer_id,
            rule=rule,
            policy_id=policy_id,
            started_by=event,
            started_on=on,
            due_on=due_on,
        )
    )
    work.happened(
        ClockStarted(case_id=case_id, clock_id=clock.id, rule=rule, started_on=on, due_on=due_on, officer_id=officer_id)
    )
    return clock


def _stop(work: Work, clock: Clock, event: str, on: date) -> None:
    clock.stopped_on = on
    work.happened(ClockStopped(case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, stopped_on=on, reason=event))


def pause_clock(work: Work, clock_id: UUID, ask: PauseClock) -> Clock:
    """Lets a clock stand still for a reason the rulebook gives, and moves its date."""
    clock = queries.get_clock(work, clock_id, for_update=True)
    book = work.policies.named(clock.policy_id)
    if clock.stopped_on is not None:
        raise Refused("This clock has stopped already.")
    if ask.until_on is not None and ask.until_on < ask.from_on:
        raise Refused("The pause ends before it begins.")
    rules.check_pause(book, clock.rule, ask.kind, work.actor.roles)

    pauses = queries.pauses_of(work, [clock.id]).get(clock.id, [])
    pause = work.add(
        Pause(
            id=uuid4(),
            clock_id=clock.id,
            kind=ask.kind,
            reason=ask.reason,
            from_on=ask.from_on,
            until_on=ask.until_on,
            granted_by_id=work.actor.id,
        )
    )
    tolled = queries.intervals(work, clock, [*pauses, pause])
    clock.due_on = book.due_on(clock.rule, clock.started_on, tolled, today=work.today) or clock.due_on
    work.happened(
        ClockPaused(
            case_id=clock.case_id,
            clock_id=clock.id,
            rule=clock.rule,
            kind=ask.kind,
            from_on=ask.from_on,
            until_on=ask.until_on,
            due_on=clock.due_on,
        )
    )
    return clock
