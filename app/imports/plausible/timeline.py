"""The days of an invented case, and the clocks that its days start and stop."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from app.imports.plausible.law import Law
from app.policy.model.decisions import LifeCode
from app.policy.model.process import Per, Phase

REACHED = {Phase.INVESTIGATION: 0, Phase.REVIEW: 1, Phase.DECISION: 2, Phase.ANSWER: 3, Phase.CLOSED: 4}
# Which phase a case must have reached for a finding of this life to stand.
SPOKEN_AT = {
    LifeCode.INVESTIGATOR: 1,
    LifeCode.SUPERVISOR: 2,
    LifeCode.BOARD: 3,
    LifeCode.DEPARTMENT: 4,
    LifeCode.APPEAL: 4,
}
EVENT_OF = {LifeCode.INVESTIGATOR: "investigation_finished", LifeCode.SUPERVISOR: "supervisor_approved"}
UPDATE_EVERY = (30, 50)
# Of a closed case only the first few updates are kept: half of a big table would be nothing else.
UPDATES_OF_CLOSED = 2


@dataclass
class Ticking:
    """A clock that a day has started."""

    rule: str
    started_by: str
    started_on: date
    due_on: date
    stopped_on: date | None = None
    officer_id: UUID | None = None


@dataclass
class Days:
    """What happened when, in order; nothing lies after `until`."""

    received_on: date
    opened_on: date
    until: date
    events: list[tuple[str, date]] = field(default_factory=list)

    def of(self, event: str) -> date:
        """When an event came to pass; the last day where it did not."""
        return next((day for name, day in self.events if name == event), self.until)


def decided(draw: Random, received_on: date, today: date, phase: Phase) -> Days:
    """The days of a case that went, or is going, the whole way."""
    steps = [
        ("case_opened", draw.randint(1, 9)),
        ("investigation_started", draw.randint(1, 8)),
        ("investigation_finished", int(draw.lognormvariate(4.6, 0.5))),
        ("supervisor_approved", draw.randint(2, 25)),
        ("findings_sent", draw.randint(10, 70)),
        ("case_closed", draw.randint(15, 60)),
    ]
    keep = 2 + REACHED[phase]
    total = sum(days for _, days in steps[:keep]) or 1
    room = (today - received_on).days
    scale = min(1.0, room / total)
    days = Days(received_on, received_on, today)
    passed = 0.0
    for event, length in steps[:keep]:
        passed += length * scale
        days.events.append((event, received_on + timedelta(days=int(passed))))
    return _finished(draw, days, closed="case_closed" if phase is Phase.CLOSED else "")


def cut_short(draw: Random, received_on: date, today: date, ending: str) -> Days:
    """The days of a case that ended before anybody decided what happened."""
    room = (today - received_on).days
    opened_on = received_on + timedelta(days=min(room, draw.randint(1, 9)))
    ended_on = min(today, opened_on + timedelta(days=int(draw.lognormvariate(3.6, 0.8))))
    days = Days(received_on, opened_on, today, [("case_opened", opened_on), (ending, ended_on)])
    return _finished(draw, days, closed=ending)


def _finished(draw: Random, days: Days, *, closed: str) -> Days:
    days.opened_on = days.of("case_opened")
    if closed:
        days.until = days.of(closed)
    days.events += [
        ("filing_received", days.received_on),
        ("acknowledgement_sent", min(days.until, days.received_on + timedelta(days=draw.randint(0, 8)))),
        ("case_classified", days.opened_on),
    ]
    most = UPDATES_OF_CLOSED if closed else None
    for event in ("filer_updated", "progress_reviewed"):
        days.events += [(event, day) for day in islice(_every(draw, days.opened_on, days.until), most)]
    days.events.sort(key=lambda each: each[1])
    return days


def _every(draw: Random, start: date, until: date) -> Iterator[date]:
    day = start + timedelta(days=draw.randint(*UPDATE_EVERY))
    while day < until:
        yield day
        day += timedelta(days=draw.randint(*UPDATE_EVERY))


def clocks(law: Law, days: Days) -> list[Ticking]:
    """The clocks of the case itself, run through its days by the rulebook: stopped first, then started."""
    begun: list[Ticking] = []
    for event, day in days.events:
        stopped = law.stopped[event]
        for clock in begun:
            if clock.stopped_on is None and clock.rule in stopped:
                clock.stopped_on = day
        for rule in law.started_by(event, Per.CASE):
            due_on = law.due_on(rule.code, day)
            if due_on is not None:
                begun.append(Ticking(rule.code, event, day, due_on))
    return begun


def officer_clocks(law: Law, draw: Random, days: Days, officer_id: UUID) -> list[Ticking]:
    """The clocks of one officer in an open case; a notice was sent some days after the case was opened."""
    begun = []
    for event in ("officer_identified", "filing_received"):
        for rule in law.started_by(event, Per.OFFICER):
            start = days.received_on if event == "filing_received" else days.opened_on
            due_on = law.due_on(rule.code, start)
            if due_on is None:
                continue
            told_on = start + timedelta(days=draw.randint(1, 14))
            is_told = "officer_notified" in rule.stops and told_on <= days.until
            begun.append(Ticking(rule.code, event, start, due_on, told_on if is_told else None, officer_id))
    return begun


def found_on(days: Days, life: LifeCode) -> date:
    """The day of a finding."""
    if life is LifeCode.BOARD:
        return days.of("findings_sent")
    return days.of(EVENT_OF.get(life, "case_closed"))
