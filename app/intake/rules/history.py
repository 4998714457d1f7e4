"""What a filer is told of what happened: a short story, and who opened the file where that is worth telling."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.policy.model import Rulebook

MOVED = "cases:case:moved"
SHOWN_OPENINGS = 20


class Kind(StrEnum):
    """What may happen; the page has a sentence for each."""

    RECEIVED = "received"
    ADDED = "added"
    MOVED = "moved"
    LETTER = "letter"
    WROTE = "wrote"
    ANSWERED = "answered"
    ASKED_DEPARTMENT = "asked_department"
    DEPARTMENT_ANSWERED = "department_answered"
    TAKEN_BACK = "taken_back"
    REVIEW = "review"
    DECIDED = "decided"
    NEW_WORDS = "new_words"


@dataclass(frozen=True)
class Happened:
    """One thing on one day; `what` in words of the rulebook or of the office."""

    on: date
    kind: Kind
    what: str = ""


@dataclass(frozen=True)
class Noted:
    """One entry of the journal as the filer's door may read it."""

    at: datetime
    tag: str
    stage: str
    roles: Sequence[str]
    is_assigned: bool


@dataclass(frozen=True)
class Opening:
    """A day on which somebody of a role opened the file."""

    role: str
    on: date
    is_unusual: bool


@dataclass(frozen=True)
class Readers:
    """Whose work it is to read: before there is a case, of cases that they lead, and of every case."""

    screen: Collection[str]
    lead: Collection[str]
    answer_for_all: Collection[str]


def in_order(happened: Iterable[Happened]) -> list[Happened]:
    """The first first, each once a day."""
    return sorted(dict.fromkeys(happened), key=lambda each: each.on)


def moves(noted: Iterable[Noted], book: Rulebook, language: str, zone: ZoneInfo) -> list[Happened]:
    """Each stage that the case came to, in the words that the rulebook has for the public."""
    known = {each.code: each.public_label.to(language) for each in book.stages}
    return [
        Happened(each.at.astimezone(zone).date(), Kind.MOVED, known[each.stage])
        for each in noted
        if each.tag == MOVED and each.stage in known
    ]


def openings(
    noted: Iterable[Noted], book: Rulebook, first_stage: str, readers: Readers, zone: ZoneInfo
) -> list[Opening]:
    """The first opening, and every one that was not part of the work; not each reading at work."""
    found: dict[tuple[str, date], Opening] = {}
    stage = ""
    for each in noted:
        if each.tag == MOVED:
            stage = each.stage
            continue
        usual = usual_roles(each, book, stage, readers)
        if usual and found:
            continue
        role = next(iter(usual or sorted(each.roles)), "")
        on = each.at.astimezone(zone).date()
        found.setdefault((role, on), Opening(role, on, is_unusual=not usual))
        stage = stage or (first_stage if each.tag.startswith("cases:") else "")
    return list(found.values())[:SHOWN_OPENINGS]


def usual_roles(noted: Noted, book: Rulebook, stage: str, readers: Readers) -> list[str]:
    """Which of this person's roles make the reading part of the work; none: it was out of the ordinary.

    Theirs are complaints that nobody has screened, for whoever screens; cases that they lead; cases at a stage from
    which or to which their role moves them; and all of them, for those who answer for every case.
    """
    roles = set(noted.roles)
    if noted.is_assigned:
        return sorted(roles & set(readers.lead)) or sorted(roles)
    working = roles - set(readers.lead)
    moving = {role for move in book.moves if not stage or stage in (move.from_, move.to) for role in move.by}
    if not stage:
        moving |= set(readers.screen)
    return sorted(working & (moving | set(readers.answer_for_all)))
