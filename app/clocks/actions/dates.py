"""A clock's date follows what was granted on it, and the warning that no longer fits is over."""

from collections.abc import Sequence
from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries
from app.clocks.actions import lapses
from app.clocks.records import Clock, Extension, Pause
from app.kernel.errors import Refused
from app.policy.model import Rulebook


@never_stopped("the machinery follows what was done")
def move(work: Work, clock: Clock, pauses: Sequence[Pause], extensions: Sequence[Extension]) -> None:
    """By these pauses and this time; a duty without a number has no date to move."""
    clock.due_on = queries.due_now(work, clock, pauses, extensions)
    lapses.settle_moved(work, clock)


@never_stopped("the machinery follows what was done")
def follow(work: Work, clock: Clock) -> None:
    """The same, by what was granted so far."""
    pauses = queries.pauses_of(work, [clock.id]).get(clock.id, [])
    move(work, clock, pauses, queries.extensions_of(work, [clock.id]).get(clock.id, []))


@never_stopped("the machinery follows what was done")
def get_running(work: Work, clock_id: UUID) -> tuple[Clock, Rulebook]:
    """The clock, locked, with the rulebook it is counted by; refused once it has stopped."""
    clock = queries.get_clock(work, clock_id, for_update=True)
    if clock.stopped_on is not None:
        raise Refused("This clock has stopped already.")
    return clock, work.policies.named(clock.policy_id)
