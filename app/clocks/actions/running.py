"""An event starts and stops clocks; a case that goes back takes up what had ended."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.actions import lapses
from app.clocks.events import ClockRunsAgain, ClockStarted, ClockStopped
from app.clocks.records import Clock
from app.clocks.rules import Ran, Subject
from app.kernel.errors import Refused


@never_stopped("the machinery follows what was done")
def reached(
    work: Work, case_id: UUID, policy_id: str, event: str, on: date, *, officer_id: UUID | None = None
) -> date | None:
    """The case came to `event`: stops and starts the clocks that the rulebook ties to it.

    Returns the earliest date that still runs, which is the case's place in the queue.
    """
    # What an earlier event of this same action started or stopped must be seen by this one.
    work.flush()
    book = rules.as_corrected(work.policies, policy_id)
    running = queries.running_clocks(work, case_id)
    concerned = [clock for clock in running if officer_id is None or clock.officer_id == officer_id]
    stopped = [clock for clock in concerned if _is_stopped_by(work, clock, event, on)]
    _stop(work, stopped, event, on)
    asks = rules.asks_what_has_begun(book, event)
    begun = _begun(work, case_id, event, officer_id, replaced={clock.id for clock in stopped}) if asks else set()
    for rule in rules.started_by(book, event, Subject(is_officer=officer_id is not None), begun):
        running.append(_start(work, case_id, book.policy_id, rule.code, event, on, officer_id))
    return rules.earliest(clock.due_on for clock in running if clock.stopped_on is None)


def _is_stopped_by(work: Work, clock: Clock, event: str, on: date) -> bool:
    return rules.is_stopped_by(work.policies.named(clock.policy_id), clock.rule, event, on, clock.started_on)


def _begun(work: Work, case_id: UUID, event: str, officer_id: UUID | None, replaced: set[UUID]) -> set[str]:
    """The clocks that count from another start already, or have; less those whose start this event replaces."""
    known = queries.clocks_of(work, case_id)
    return {
        clock.rule
        for clock in known
        if clock.officer_id == officer_id and not (clock.id in replaced and _is_start(work, clock, event))
    }


def _is_start(work: Work, clock: Clock, event: str) -> bool:
    return event in work.policies.named(clock.policy_id).clock(clock.rule).starts


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


def _stop(work: Work, clocks: Sequence[Clock], event: str, on: date) -> None:
    lapses.settle_stopped(work, clocks, on)
    for clock in clocks:
        clock.stopped_on, clock.stopped_by = on, event
        work.happened(
            ClockStopped(case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, stopped_on=on, reason=event)
        )


@never_stopped("the machinery follows what was done")
def run_again(work: Work, case_id: UUID, policy_id: str, undone: tuple[str, ...], begins: str | None) -> None:
    """The case went back: clocks that one of these events had ended run on as if it had not come."""
    book = work.policies.named(policy_id)
    found = queries.clocks_of(work, case_id)
    running = {(clock.rule, clock.officer_id) for clock in found if clock.stopped_on is None}
    for clock in found:
        ran = Ran(clock.rule, clock.started_by, clock.stopped_by)
        again = rules.runs_again(book, ran, undone=undone, begins=begins)
        if (clock.rule, clock.officer_id) in running or not again:
            continue
        running.add((clock.rule, clock.officer_id))
        clock.stopped_on, clock.stopped_by = None, ""
        work.happened(ClockRunsAgain(case_id=case_id, clock_id=clock.id, rule=clock.rule, due_on=clock.due_on))
