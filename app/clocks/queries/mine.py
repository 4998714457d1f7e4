"""What of the clocks waits for one person, as panels of their first page."""

from datetime import date

from app.access.permissions import Permission
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.clocks.queries.lapses import FEW, asked_clocks, clocks_to_choose, unseen_changes, waiting_clocks
from app.clocks.queries.lines import CaseLine
from app.clocks.queries.shown import ShownClock


def warnings_for_me(work: Work) -> WaitingList | None:
    """Warnings and lapses that this person has to answer."""
    if not work.may(Permission.WARNING_ACKNOWLEDGE):
        return None
    found = waiting_clocks(work)
    rows = [_line(each, line, each.warning.said if each.warning else "") for each, line in found]
    if len(found) == FEW:
        rows.append(Waiting("All clocks without an answer", "/office/clocks?show=unanswered"))
    return WaitingList("Clocks to answer for", rows) if rows else None


def asked_of_me(work: Work) -> WaitingList | None:
    """Pauses and more time that were asked for."""
    if not work.may(Permission.CLOCK_PAUSE):
        return None
    rows = [_line(each, line, "asked for") for each, line in asked_clocks(work)]
    return WaitingList("Pauses and more time asked for", rows) if rows else None


def starts_to_choose(work: Work) -> WaitingList | None:
    """Clocks that count from the careful day until this person, or another one with the right, chooses."""
    if not work.may(Permission.START_CHOOSE) or not work.may(Permission.CASE_READ):
        return None
    rows = [_line(each, line, "choose the day it counts from") for each, line in clocks_to_choose(work)]
    return WaitingList("Starts to choose", rows) if rows else None


def dates_that_moved(work: Work) -> WaitingList | None:
    """Dates of this person's cases that moved because the clocks were counted again."""
    if not work.may(Permission.CASE_READ):
        return None
    found = unseen_changes(work, most=FEW)
    rows = [
        Waiting(f"{each.line.number}: {each.label}", "/office/clocks/moved", _was(each.change.from_on))
        for each in found
    ]
    return WaitingList("Dates that moved", rows) if rows else None


def _was(day: date) -> str:
    return f"was {day:%B} {day.day}"


def _said(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _line(each: ShownClock, line: CaseLine, note: str) -> Waiting:
    href = f"/office/clocks/{each.clock.id}"
    label = f"{line.number}: {each.label}"
    if each.clock.stopped_on is None or each.due_on is None:
        return Waiting(label, href, note, each.due_on)
    # It runs no more: how late it would be today says nothing.
    return Waiting(label, href, f"{note}; was due {_said(each.due_on)}, stopped {_said(each.clock.stopped_on)}")
