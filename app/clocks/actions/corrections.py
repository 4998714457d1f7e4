"""The day of an event was put on file wrong: what it started and what it stopped go by the right one."""

from datetime import date
from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries
from app.clocks.actions import dates, lapses, starts
from app.clocks.events import StartCorrected, StopCorrected
from app.clocks.records import Clock


@never_stopped("the machinery follows what was done")
def correct_start(
    work: Work, case_id: UUID, event: str, was_on: date, on: date, *, officer_id: UUID | None = None
) -> None:
    """Running clocks that `event` of the wrong day began are counted from the right one; stopped ones stay.

    Pauses and granted time stay with them. What is the case's own began clocks of officers too.
    """
    work.flush()
    for clock in queries.running_clocks(work, case_id):
        if on == was_on or officer_id not in (None, clock.officer_id):
            continue
        event_now, day_now = starts.correct(work, clock, event, was_on, on)
        if (event_now, day_now) != (clock.started_by, clock.started_on):
            clock.started_by = event_now
            _count_from(work, clock, day_now)


def _count_from(work: Work, clock: Clock, on: date) -> None:
    was_on, clock.started_on = clock.started_on, on
    dates.follow(work, clock)
    work.happened(
        StartCorrected(
            case_id=clock.case_id,
            clock_id=clock.id,
            rule=clock.rule,
            was_on=was_on,
            started_on=on,
            due_on=clock.due_on,
        )
    )


@never_stopped("the machinery follows what was done")
def correct_stop(
    work: Work, case_id: UUID, event: str, was_on: date, on: date, *, officer_id: UUID | None = None
) -> None:
    """Clocks that `event` of the wrong day stopped were stopped on the right one: in time or late is said anew."""
    work.flush()
    for clock in queries.clocks_of(work, case_id):
        is_its = (clock.stopped_by, clock.stopped_on) == (event, was_on)
        if on != was_on and is_its and officer_id in (None, clock.officer_id):
            _stop_on(work, clock, on)


def _stop_on(work: Work, clock: Clock, on: date) -> None:
    was_on, clock.stopped_on = clock.stopped_on, on
    standing = queries.warnings_of(work, [clock.id]).get(clock.id)
    if standing is not None and (clock.is_least or (clock.due_on is not None and on <= clock.due_on)):
        standing.ended_on = work.today
    work.happened(
        StopCorrected(case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, was_on=was_on or on, stopped_on=on)
    )
    work.flush()
    lapses.settle_stopped(work, [clock], clock.stopped_by, on)
