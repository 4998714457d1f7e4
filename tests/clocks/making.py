"""What the tests of clocks build."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.clocks.records import Clock, ClockWarning
from tests.make import Make


def running(make: Make, *, rule: str = "finish_investigation", due_in: int | None = None, **case: Any) -> Clock:
    """A clock of a case of its own, by the rulebook; or due in so many days, begun as long before as that takes."""
    start = make.today - timedelta(days=30)
    due = make.book.due_on(rule, start)
    if due_in is not None:
        while due > make.today + timedelta(days=due_in):
            start -= timedelta(days=1)
            due = make.book.due_on(rule, start)
    made = make.case(**{"opened_on": start, "due_on": due} | case)
    return make.clock(made, rule, started_on=start, due_on=due)


def held(make: Make, who: Actor, **given: Any) -> Clock:
    """The same in a case that this person leads."""
    return running(make, lead_id=who.id, **given)


def change(make: Make, kind: Any, key: UUID, **values: Any) -> None:
    """What somebody else changed meanwhile."""
    with make.owner() as session:
        for name, value in values.items():
            setattr(session.get_one(kind, key), name, value)
        session.commit()


def warning_on(make: Make, clock: Clock, *, step: int, level: str = "holder", **given: Any) -> ClockWarning:
    """A warning that stands."""
    return make.row(
        ClockWarning(
            **{
                "id": uuid4(),
                "clock_id": clock.id,
                "case_id": clock.case_id,
                "step": step,
                "due_on": clock.due_on,
                "raised_on": make.today,
                "level": level,
            }
            | given
        )
    )
