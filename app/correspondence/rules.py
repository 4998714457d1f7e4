"""What a filer may ask and when, how they are told, and what came of a call."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol

from app.kernel.errors import Refused

ASKED_ALREADY = "You asked for this already. We write to you as soon as it is decided."


class RequestKind(StrEnum):
    """What a filer may ask of the office."""

    TAKING_BACK = "taking_back"
    REVIEW = "review"


class RequestAnswer(StrEnum):
    """What came of it."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Way(StrEnum):
    """How somebody is told that something waits; a rulebook may have others, which people see to by hand."""

    PORTAL = "portal"
    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    MAIL = "mail"


class CallResult(StrEnum):
    """What came of one try to call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    GIVEN_UP = "given_up"


class Asked(Protocol):
    """A request, as far as these rules look at it."""

    @property
    def kind(self) -> str: ...
    @property
    def appeal(self) -> str: ...
    @property
    def is_open(self) -> bool: ...


def check_takes_back_once(before: Iterable[Asked]) -> None:
    """Refuses a second time while the first one waits for its answer."""
    if any(each.kind == RequestKind.TAKING_BACK and each.is_open for each in before):
        raise Refused(ASKED_ALREADY)


def check_asks_once(before: Iterable[Asked], appeal: str) -> None:
    """Each review that the rulebook gives may be asked for once."""
    if any(each.kind == RequestKind.REVIEW and each.appeal == appeal for each in before):
        raise Refused(ASKED_ALREADY)


def is_late(last_on: date | None, today: date) -> bool:
    """True where the last day is known and over."""
    return last_on is not None and today > last_on
