"""The ways in which a filer may have the decision looked at again, each with its last day, counted like every clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel import deadlines
from app.kernel.deadlines import Roll, Rule
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.model import Rulebook
from app.policy.model.decisions import Appeal

FILER = "filer"
TOO_LATE = "The last day for this is over. You can still write to us and tell us what is wrong."


@dataclass(frozen=True)
class WayToAppeal:
    """One way, as the filer reads of it."""

    code: str
    label: str
    decided_by: str
    grounds: Sequence[tuple[str, str]]
    counted_from: date | None
    last_on: date | None
    waits_for: str
    """What the days begin with, where that comes from outside and has not happened yet."""
    is_over: bool
    takes_late: bool

    @property
    def is_open(self) -> bool:
        """True where somebody may still ask, late or not."""
        return not self.is_over or self.takes_late


def ways_to_appeal(book: Rulebook, days: Mapping[str, date], today: date, language: str) -> list[WayToAppeal]:
    """What this rulebook gives a filer; `days` are those of the events that the filer may know of."""
    return [_way(book, appeal, days, today, language) for appeal in book.review.appeals if FILER in appeal.by]


def _way(book: Rulebook, appeal: Appeal, days: Mapping[str, date], today: date, language: str) -> WayToAppeal:
    start = days.get(appeal.limit_from or "")
    last_on = last_day(book, appeal, start)
    bodies = {each.code: each.label.to(language) for each in (*book.bodies, *book.external_bodies)}
    return WayToAppeal(
        code=appeal.code,
        label=appeal.label.to(language),
        decided_by=bodies.get(appeal.body or "", ""),
        grounds=tuple((each.code, each.label.to(language)) for each in appeal.grounds),
        counted_from=start if last_on else None,
        last_on=last_on,
        waits_for=_waits_for(book, appeal, language) if start is None else "",
        is_over=last_on is not None and today > last_on,
        takes_late=bool(appeal.may_be_waived),
    )


def begun_outside(book: Rulebook) -> set[str]:
    """Milestones from which the days of a filer's review count."""
    asked = {appeal.limit_from for appeal in book.review.appeals if FILER in appeal.by}
    return {each.code for each in book.milestones if each.code in asked}


def _waits_for(book: Rulebook, appeal: Appeal, language: str) -> str:
    return next((each.label.to(language) for each in book.milestones if each.code == appeal.limit_from), "")


def check_may_accept(book: Rulebook, code: str, acts_as: Collection[str]) -> None:
    """One that came late is taken only by whom the rulebook names, where it names somebody."""
    appeal = next((each for each in book.review.appeals if each.code == code), None)
    if appeal is not None and appeal.waived_by and not set(appeal.waived_by) & set(acts_as):
        roles = " or ".join(role.replace("_", " ") for role in appeal.waived_by)
        raise NotAllowed(f"This came after the last day. Only the {roles} may take it all the same.")


def last_day(book: Rulebook, appeal: Appeal, start: date | None) -> date | None:
    """The last day on which it may be asked for; nothing while the day it counts from, or the number, is not known."""
    if start is None or appeal.limit_amount is None or appeal.limit_unit is None:
        return None
    rule = Rule(appeal.limit_amount, appeal.limit_unit, book.deadline_defaults.roll or Roll.NONE, appeal.authority)
    return deadlines.due_on(rule, start, book.calendar)


def check_may_ask(way: WayToAppeal, ground: str) -> None:
    """Refuses what comes too late, where the rulebook lets nobody take it, and a ground that it does not have."""
    if not way.is_open:
        raise Refused(TOO_LATE)
    if way.grounds and ground not in {code for code, _ in way.grounds}:
        raise Invalid({"ground": "Choose one of the answers."})
