"""A duty that comes back: one round is done, and the next begins."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.events import RoundBegun
from app.clocks.records import Clock
from app.clocks.rules import Round
from app.kernel import deadlines


@never_stopped("the machinery follows what was done")
def begin_next(work: Work, stopped: Sequence[Clock], event: str, on: date) -> list[Clock]:
    """The rounds that follow those of these clocks that the event has fulfilled."""
    return [_next(work, clock, event, on) for clock in stopped if _is_done(work, clock, event)]


def _is_done(work: Work, clock: Clock, event: str) -> bool:
    return rules.is_done_by(work.policies.named(clock.policy_id).clock(clock.rule), event)


def _next(work: Work, clock: Clock, event: str, on: date) -> Clock:
    book = work.policies.named(clock.policy_id)
    rule = book.clock(clock.rule)
    now = Round(clock.round, clock.laps, clock.started_on, clock.started_by)
    has_stood = bool(queries.pauses_of(work, [clock.id]))
    due_on = clock.due_on or on
    then = rules.following(rule, now, event=event, done_on=on, due_on=due_on, stood_still=has_stood)
    law = rules.rule_of(rule, then.number, then.laps)
    if law is None:
        raise LookupError(f"{clock.rule} comes back and has no number of days.")
    following = work.add(
        Clock(
            id=uuid4(),
            case_id=clock.case_id,
            officer_id=clock.officer_id,
            rule=clock.rule,
            policy_id=clock.policy_id,
            started_by=then.started_by,
            started_on=then.started_on,
            due_on=deadlines.due_on(law, then.started_on, book.calendar),
            round=then.number,
            laps=then.laps,
            first_round_id=clock.first_round_id or clock.id,
        )
    )
    work.happened(
        RoundBegun(
            case_id=clock.case_id,
            clock_id=following.id,
            rule=clock.rule,
            round=then.number,
            started_on=then.started_on,
            due_on=deadlines.due_on(law, then.started_on, book.calendar),
            officer_id=clock.officer_id,
        )
    )
    return following
