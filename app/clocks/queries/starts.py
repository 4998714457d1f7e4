"""From which day a clock counts: those it may count from, what was chosen and why, and whose day it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select

from app.access.work import Work
from app.clocks import rules
from app.clocks.records import Clock, ClockStart, StartChoice
from app.clocks.rules import Dated, Start
from app.kernel.deadlines import Beginning
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from app.policy.plain.words import EVENTS


def starts_of(work: Work, clock_ids: Iterable[UUID]) -> dict[UUID, list[ClockStart]]:
    """The days from which several clocks may count, as they came."""
    query = select(ClockStart).where(
        ClockStart.clock_id == func.any(list(clock_ids)), ClockStart.withdrawn_at.is_(None)
    )
    found: dict[UUID, list[ClockStart]] = defaultdict(list)
    for row in work.session.scalars(query.order_by(ClockStart.noted_on, ClockStart.day, ClockStart.id)):
        found[row.clock_id].append(row)
    return dict(found)


def choices_of(work: Work, clock_ids: Iterable[UUID]) -> dict[UUID, list[StartChoice]]:
    """What was chosen on several clocks, the latest last."""
    query = select(StartChoice).where(StartChoice.clock_id == func.any(list(clock_ids)))
    found: dict[UUID, list[StartChoice]] = defaultdict(list)
    for row in work.session.scalars(query.order_by(StartChoice.chosen_at, StartChoice.id)):
        found[row.clock_id].append(row)
    return dict(found)


def as_starts(found: Iterable[ClockStart]) -> list[Start]:
    """As the rules take them."""
    return [Start(each.id, each.event, each.day, each.party) for each in found]


def holding_start(clock: Clock, found: Sequence[ClockStart]) -> ClockStart | None:
    """The one that it counts from now."""
    now = (clock.started_by, clock.started_on, clock.whose_date)
    return next((each for each in found if (each.event, each.day, rules.whose(each.party)) == now), None)


def dated(clock: Clock) -> Dated:
    """As far as it has a place among dates."""
    return Dated(clock.due_on, clock.stopped_on, clock.is_least, clock.ended_early)


def event_said(book: Rulebook, event: str) -> str:
    """What began it in words: a milestone by the rulebook's name for it."""
    label = next((each.label.to("en") for each in book.milestones if each.code == event), "")
    return label or event.replace("_", " ")


def ended_by(book: Rulebook, event: str) -> str:
    """What stopped a clock, as a sentence of its own would say it."""
    label = next((each.label.to("en") for each in book.milestones if each.code == event), "")
    words = label or EVENTS.get(event) or event.replace("_", " ")
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Begun:
    """What is on file about the beginning of several clocks; nothing of those that have only one."""

    starts: dict[UUID, list[ClockStart]]
    choices: dict[UUID, list[StartChoice]]

    def of(self, book: Rulebook, clock: Clock) -> Beginning:
        """How one of them began, in words."""
        return replace(self._of(book.clock(clock.rule), clock), event=event_said(book, clock.started_by))

    def _of(self, rule: ClockRule, clock: Clock) -> Beginning:
        if not rules.keeps_starts(rule):
            return rules.beginning(rule, clock.started_by)
        holds = holding_start(clock, self.starts.get(clock.id, []))
        chosen = self.choices.get(clock.id, [])
        party = "" if clock.whose_date == rules.OFFICE else clock.whose_date
        return rules.beginning(
            rule,
            clock.started_by,
            reason=chosen[-1].reason if chosen else "",
            party=party,
            proof=holds.proof if holds is not None else "",
        )


NOTHING_BEGUN = Begun({}, {})


def begun(work: Work, clocks: Sequence[Clock]) -> Begun:
    """Two statements where one of these may count from several days, else none."""
    several = [each.id for each in clocks if rules.keeps_starts(work.policies.named(each.policy_id).clock(each.rule))]
    return Begun(starts_of(work, several), choices_of(work, several)) if several else NOTHING_BEGUN
