"""What is done with clocks: an event starts and stops them, a granted pause moves their date."""

from datetime import date
from uuid import UUID, uuid4

from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.commands import EndPause, PauseClock, TryPause
from app.clocks.events import ClockPaused, ClockRunsAgain, ClockStarted, ClockStopped, PauseEnded
from app.clocks.records import Clock, Pause
from app.clocks.rules import Ran, Subject
from app.kernel import deadlines
from app.kernel.deadlines import Explanation
from app.kernel.errors import Invalid, Refused


def reached(
    work: Work, case_id: UUID, policy_id: str, event: str, on: date, *, officer_id: UUID | None = None
) -> date | None:
    """The case came to `event`: stops and starts the clocks that the rulebook ties to it.

    Returns the earliest date that still runs, which is the case's place in the queue.
    """
    # What an earlier event of this same action started or stopped must be seen by this one.
    work.flush()
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
    clock.stopped_on, clock.stopped_by = on, event
    work.happened(ClockStopped(case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, stopped_on=on, reason=event))


def pause_clock(work: Work, clock_id: UUID, ask: PauseClock) -> Clock:
    """Lets a clock stand still for a reason the rulebook gives, and moves its date."""
    clock = queries.get_clock(work, clock_id, for_update=True)
    book = work.policies.named(clock.policy_id)
    _check_pause(work, clock, ask)

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


def _check_pause(work: Work, clock: Clock, ask: PauseClock | TryPause) -> None:
    if clock.stopped_on is not None:
        raise Refused("This clock has stopped already.")
    if ask.until_on is not None and ask.until_on < ask.from_on:
        raise Invalid({"until_on": "The pause ends before it begins."})
    if ask.from_on > work.today:
        raise Invalid({"from_on": "A pause begins today or earlier: nobody knows yet what happens later."})
    if ask.from_on < clock.started_on:
        raise Invalid({"from_on": "The clock had not started on that day."})
    rules.check_pause(work.policies.named(clock.policy_id), clock.rule, ask.kind, work.actor.roles)


def try_pause(work: Work, clock_id: UUID, ask: TryPause) -> Explanation | None:
    """What the date would be with this pause; checked as the real one is, and nothing is changed."""
    clock = queries.get_clock(work, clock_id)
    _check_pause(work, clock, ask)
    reason = work.policies.named(clock.policy_id).toll(ask.kind).label.to("en")
    return queries.what_if(work, clock, deadlines.Pause(ask.kind, reason, ask.from_on, ask.until_on))


def end_pause(work: Work, clock_id: UUID, ask: EndPause) -> Clock:
    """Gives an open pause its last day; from the next day the clock runs again."""
    clock = queries.get_clock(work, clock_id, for_update=True)
    pauses = queries.pauses_of(work, [clock.id]).get(clock.id, [])
    pause = next((each for each in pauses if each.until_on is None), None)
    if pause is None:
        raise Refused("No pause of this clock is open.")
    if not pause.from_on <= ask.until_on <= work.today:
        raise Invalid({"until_on": "Choose a day between the beginning of the pause and today."})
    book = work.policies.named(clock.policy_id)
    rules.check_pause(book, clock.rule, pause.kind, work.actor.roles)

    pause.until_on = ask.until_on
    tolled = queries.intervals(work, clock, pauses)
    clock.due_on = book.due_on(clock.rule, clock.started_on, tolled, today=work.today) or clock.due_on
    work.happened(
        PauseEnded(
            case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, until_on=ask.until_on, due_on=clock.due_on
        )
    )
    return clock


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
