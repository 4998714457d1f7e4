"""The day of a start was put on file wrong: what counts from it counts from the right one."""

from datetime import date
from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries
from app.clocks.actions import dates, starts
from app.clocks.events import StartCorrected
from app.clocks.records import Clock


@never_stopped("the machinery follows what was done")
def correct_start(
    work: Work, case_id: UUID, event: str, was_on: date, on: date, *, officer_id: UUID | None = None
) -> None:
    """Running clocks that `event` of the wrong day began are counted from the right one; stopped ones stay.

    Pauses and granted time stay with them.
    """
    work.flush()
    for clock in queries.running_clocks(work, case_id):
        if on == was_on or clock.officer_id != officer_id:
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
