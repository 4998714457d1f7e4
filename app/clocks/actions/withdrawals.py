"""What started or stopped a clock never happened: the clock is as if it had not come, and its history stays."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.actions import dates, running
from app.clocks.events import ClockRunsAgain, ClockVoided, StartMoved, StartWithdrawn
from app.clocks.records import Clock, ClockStart
from app.clocks.rules import WITHDRAWN
from app.kernel.errors import Refused

End = tuple[str, date]


@never_stopped("the machinery follows what was done")
def withdraw(
    work: Work, case_id: UUID, event: str, on: date, *, officer_id: UUID | None = None, ended: End | None = None
) -> None:
    """Takes back what `event` of that day did to the clocks; `ended` is how and when the case ended, if it has."""
    work.flush()
    found = queries.clocks_of(work, case_id)
    concerned = [clock for clock in found if officer_id is None or clock.officer_id == officer_id]
    stopped = [clock for clock in concerned if (clock.stopped_by, clock.stopped_on) == (event, on)]
    later = [each for clock in stopped for each in _later_rounds(clock, found)]
    _check_not_done_since(later)
    begun = [clock for clock in concerned if _has_no_start_left(work, clock, event, on)]
    void = {clock.id: clock for clock in (*begun, *later)}
    for clock in void.values():
        _void(work, clock)
    _run_again(work, [clock for clock in stopped if clock.id not in void], found, ended)


def _later_rounds(clock: Clock, found: Sequence[Clock]) -> list[Clock]:
    """The rounds that began because this one was done."""
    first = clock.first_round_id or clock.id
    return [each for each in found if each.first_round_id == first and each.round > clock.round]


def _check_not_done_since(later: Collection[Clock]) -> None:
    if any(each.stopped_on is not None and not each.ended_early for each in later):
        raise Refused("A later round of this duty was done since. Withdraw that one first, or correct the day.")


def _has_no_start_left(work: Work, clock: Clock, event: str, on: date) -> bool:
    """True where the clock began with it alone; else it counts from what is left."""
    kept = queries.starts_of(work, [clock.id]).get(clock.id, [])
    wrong = next((each for each in kept if (each.event, each.day, each.party) == (event, on, "")), None)
    if wrong is None:
        return (clock.started_by, clock.started_on, clock.whose_date) == (event, on, rules.OFFICE)
    left = [each for each in kept if each is not wrong and not each.party]
    holds = queries.holding_start(clock, kept)
    wrong.withdrawn_at = work.now
    work.happened(
        StartWithdrawn(
            case_id=clock.case_id, clock_id=clock.id, start_id=wrong.id, rule=clock.rule, event=event, day=on
        )
    )
    if left and holds is wrong and clock.stopped_on is None:
        _count_from(work, clock, left)
    return not left


def _count_from(work: Work, clock: Clock, left: Sequence[ClockStart]) -> None:
    """By the rulebook, of the days that are left; where somebody had chosen the other one, somebody chooses again."""
    rule = work.policies.named(clock.policy_id).clock(clock.rule)
    taken = rules.taken(rule, queries.as_starts(left))
    clock.started_by, clock.started_on = taken.event, taken.day
    clock.waits_for_choice = rules.must_be_chosen(rule)
    dates.follow(work, clock)
    work.happened(
        StartMoved(
            case_id=clock.case_id,
            clock_id=clock.id,
            start_id=taken.id,
            rule=clock.rule,
            event=taken.event,
            started_on=taken.day,
            due_on=clock.due_on,
        )
    )


def _void(work: Work, clock: Clock) -> None:
    clock.is_void = True
    if clock.stopped_on is None:
        clock.stopped_on, clock.stopped_by = work.today, WITHDRAWN
    _end_warning(work, clock)
    work.happened(ClockVoided(case_id=clock.case_id, clock_id=clock.id, rule=clock.rule))


def _end_warning(work: Work, clock: Clock) -> None:
    standing = queries.warnings_of(work, [clock.id]).get(clock.id)
    if standing is not None:
        standing.ended_on = work.today


def _run_again(work: Work, stopped: Sequence[Clock], found: Sequence[Clock], ended: End | None) -> None:
    """What had been stopped by it runs on with its own date; in a case that has ended, up to that end."""
    runs = {(clock.rule, clock.officer_id) for clock in found if clock.stopped_on is None}
    for clock in stopped:
        if (clock.rule, clock.officer_id) in runs:
            continue
        runs.add((clock.rule, clock.officer_id))
        if clock.is_least:
            _end_warning(work, clock)
        clock.stopped_on, clock.stopped_by, clock.ended_early = None, "", False
        work.happened(ClockRunsAgain(case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, due_on=clock.due_on))
        if ended is not None:
            running.stop_by(work, clock, *ended)
