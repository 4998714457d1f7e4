"""What holds when somebody of the office writes a complaint down for whoever tells it."""

from datetime import date
from enum import StrEnum

from app.kernel.errors import Invalid
from app.policy.model import Rulebook
from app.policy.model.base import Named

# The form that a filer fills in, and what comes from a program: nobody writes these down.
NOT_WRITTEN_DOWN = {"web", "api", "import"}

CHOOSE = "Choose one of the list."
NOT_YET = "This day has not come yet."
WHY_EARLIER = "Say why this day counts, such as the stamp on the letter."
WHY_NOT = "Say why it was not possible."
BEFORE_IT_HAPPENED = "What it tells of happened later. Check both days."


class ReadBack(StrEnum):
    """Whether the filer heard what was written down, and agreed."""

    AGREED = "agreed"
    NOT_POSSIBLE = "not_possible"


class Handed(StrEnum):
    """How the receipt reaches the filer."""

    GIVEN = "given"  # printed, into their hands
    READ_OUT = "read_out"
    POSTED = "posted"
    NOT_YET = "not_yet"


READ_BACK_WORDS = {ReadBack.AGREED: "Read back and agreed", ReadBack.NOT_POSSIBLE: "Not possible"}
HANDED_WORDS = {
    Handed.GIVEN: "Printed and given to them",
    Handed.READ_OUT: "Read out to them",
    Handed.POSTED: "By post",
    Handed.NOT_YET: "It cannot be handed over yet",
}


def channels(book: Rulebook) -> list[Named]:
    """The ways in by which somebody may tell the office a complaint."""
    return [each for each in book.intake.channels if each.code not in NOT_WRITTEN_DOWN]


def check_channel(book: Rulebook, channel: str) -> None:
    """One of the rulebook's ways in that is not a filer's own typing."""
    if channel not in {each.code for each in channels(book)}:
        raise Invalid({"channel": CHOOSE})


def check_arrival(arrived_on: date, why: str, today: date, incident_on: date | None) -> None:
    """Not on a day to come; on an earlier one with the reason; not before what it tells of."""
    if arrived_on > today:
        raise Invalid({"arrived_on": NOT_YET})
    if arrived_on < today and not why:
        raise Invalid({"arrived_why": WHY_EARLIER})
    if incident_on is not None and incident_on > arrived_on:
        raise Invalid({"arrived_on": BEFORE_IT_HAPPENED})


def check_read_back(read_back: ReadBack, why: str) -> None:
    """What was not read back says why."""
    if read_back is ReadBack.NOT_POSSIBLE and not why:
        raise Invalid({"read_back_why": WHY_NOT})
