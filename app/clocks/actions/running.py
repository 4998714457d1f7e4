"""An event starts and stops clocks; a case that goes back takes up what had ended."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.actions import lapses, rounds, starts
from app.clocks.events import ClockRunsAgain, ClockStarted, ClockStopped, CountBegan, EventHeard
from app.clocks.records import Clock
from app.clocks.rules import Ran, Subject
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule

FILED = "filing_received"


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
    stopped = [clock for clock in concerned if _is_stopped_by(work, clock, event)]
    _stop(work, stopped, event, on)
    again = [clock for clock in concerned if clock.stopped_on is None and _has_another_start(work, clock, event)]
    starts.note_more(work, again, event, on)
    running += rounds.begin_next(work, stopped, event, on)
    for subject in _subjects(work, case_id, book, event, on, officer_id):
        running += _begin(work, case_id, book, event, on, subject)
    return rules.earliest(queries.dated(clock) for clock in running if clock.stopped_on is None)


def _is_stopped_by(work: Work, clock: Clock, event: str) -> bool:
    return rules.is_stopped_by(work.policies.named(clock.policy_id), clock.rule, event)


def _has_another_start(work: Work, clock: Clock, event: str) -> bool:
    return rules.has_another_start(work.policies.named(clock.policy_id), clock.rule, event)


def _subjects(
    work: Work, case_id: UUID, book: Rulebook, event: str, on: date, officer_id: UUID | None
) -> list[UUID | None]:
    """Whose clocks begin: the one officer's, or the case's and those of each officer who has a name in it."""
    if officer_id is not None:
        return [officer_id]
    if not rules.starts_for_officers(book, event):
        return [None]
    if rules.must_be_kept(book, event):
        work.happened(EventHeard(case_id=case_id, event=event, day=on))
    return [None, *sorted(each for part in work.parts("officers_in_case") for each in part(work, case_id))]


def _begin(work: Work, case_id: UUID, book: Rulebook, event: str, on: date, officer_id: UUID | None) -> list[Clock]:
    begun: set[str] = set()
    if rules.asks_what_has_begun(book, event):
        known = queries.clocks_of(work, case_id)
        begun = {clock.rule for clock in known if clock.officer_id == officer_id}
    subject = Subject(is_officer=officer_id is not None)
    found = rules.started_by(book, event, subject, begun)
    held = _held(work, case_id, event, on) if rules.are_of_reviews(book, found) else set()
    held |= _to_nobody(work, case_id, found)
    return [_start(work, case_id, book, rule, event, on, officer_id) for rule in found if rule.code not in held]


def _to_nobody(work: Work, case_id: UUID, found: Sequence[ClockRule]) -> set[str]:
    """The clocks that wait for a letter to whoever filed, in a case in which nobody did."""
    letters = {rule.code for rule in found if rules.waits_for_a_letter(rule)}
    return letters if letters and queries.is_without_filer(work, case_id) else set()


def _held(work: Work, case_id: UUID, event: str, on: date) -> set[str]:
    """The clocks of reviews that the rulebook does not demand in this case."""
    return {code for part in work.parts("clocks_held") for code in part(work, case_id, event, on)}


@never_stopped("the machinery follows what was done")
def begin_late(work: Work, case_id: UUID, policy_id: str, rule: str, event: str, on: date) -> date | None:
    """A clock whose day had come before anybody knew that it counts; nothing where it has begun already."""
    work.flush()
    book = rules.as_corrected(work.policies, policy_id)
    if rule not in {clock.rule for clock in queries.clocks_of(work, case_id)}:
        _start(work, case_id, book, book.clock(rule), event, on, None)
    return rules.earliest(queries.dated(clock) for clock in queries.running_clocks(work, case_id))


@never_stopped("the machinery follows what was done")
def begin_letters(work: Work, case_id: UUID, policy_id: str, on: date) -> date | None:
    """Somebody filed after all what the office had opened itself: letters to them count from the day they did."""
    work.flush()
    book = rules.as_corrected(work.policies, policy_id)
    known = {clock.rule for clock in queries.clocks_of(work, case_id)}
    for rule in rules.begun_by_a_filer(book):
        if rule.code not in known:
            _start(work, case_id, book, rule, FILED, on, None)
    return rules.earliest(queries.dated(clock) for clock in queries.running_clocks(work, case_id))


def _start(
    work: Work, case_id: UUID, book: Rulebook, rule: ClockRule, event: str, on: date, officer_id: UUID | None
) -> Clock:
    due_on = book.due_on(rule.code, on)
    clock = work.add(
        Clock(
            id=uuid4(),
            case_id=case_id,
            officer_id=officer_id,
            rule=rule.code,
            policy_id=book.policy_id,
            started_by=event,
            started_on=on,
            due_on=due_on,
            is_least=rule.is_least,
            waits_for_choice=rules.must_be_chosen(rule),
        )
    )
    if rules.keeps_starts(rule):
        starts.keep_start(work, clock, event, on)
    subject = {"case_id": case_id, "clock_id": clock.id, "rule": rule.code, "started_on": on, "officer_id": officer_id}
    work.happened(CountBegan(**subject) if due_on is None else ClockStarted(**subject, due_on=due_on))
    return clock


def _stop(work: Work, clocks: Sequence[Clock], event: str, on: date) -> None:
    lapses.settle_stopped(work, clocks, event, on)
    for clock in clocks:
        clock.stopped_on, clock.stopped_by = on, event
        clock.ended_early = rules.ends_early(work.policies.named(clock.policy_id).clock(clock.rule), event)
        work.happened(
            ClockStopped(case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, stopped_on=on, reason=event)
        )


@never_stopped("the machinery follows what was done")
def stop_by(work: Work, clock: Clock, event: str, on: date) -> None:
    """One clock that runs hears of an event that had come before."""
    if _is_stopped_by(work, clock, event):
        _stop(work, [clock], event, on)


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
        clock.stopped_on, clock.stopped_by, clock.ended_early = None, "", False
        work.happened(ClockRunsAgain(case_id=case_id, clock_id=clock.id, rule=clock.rule, due_on=clock.due_on))
