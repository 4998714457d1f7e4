"""What a filing must and must not hold."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from app.kernel.dates import ImpreciseDate
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook


class AnonymityKind(StrEnum):
    """How the filer wants to be known."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


IDENTIFYING = ("name", "email", "phone")


def check_anonymous(anonymity: AnonymityKind, filer: Mapping[str, str]) -> None:
    """An anonymous filing holds no name and no address: it is refused, and what was given is kept nowhere."""
    given = [field for field in IDENTIFYING if filer.get(field)]
    if anonymity is AnonymityKind.ANONYMOUS and given:
        words = "An anonymous complaint must not hold this. Leave it empty, or choose to be named or confidential."
        raise Invalid({f"filer.{field}": words for field in given})


def check_not_in_future(incident: ImpreciseDate, today: date) -> None:
    """What is complained of has happened."""
    if incident.is_surely_after(today):
        raise Invalid(
            {"incident.date": "This day has not come yet. Check the date, or leave it empty if you are not sure."}
        )


def check_unscreened(*, is_screened: bool) -> None:
    """A filing is screened once."""
    if is_screened:
        raise Refused("This filing has been screened already.")


def check_classification(book: Rulebook, classification: str, reason: str) -> None:
    """The classification is one of the rulebook's, with a reason where it asks for one."""
    known = {each.code: each for each in book.classification}
    if classification not in known:
        raise Invalid({"classification": "Choose one of the list."})
    if known[classification].needs_reason and not reason.strip():
        raise Invalid({"reason": "Say why: the rulebook asks for a reason here."})
