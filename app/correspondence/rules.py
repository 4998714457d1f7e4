"""What a filer may ask and when, how they are told, and what came of a call."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from app.kernel.errors import Refused

ASKED_ALREADY = "You asked for this already. We write to you as soon as it is decided."

DASH = "-"
# More than anybody says in earnest in an hour, and few enough that a program fills nothing.
MOST_WORDS_AN_HOUR = 30
# Of an anonymous filer the hour alone is known: what was said in the hour before is not counted with this one.
PACE = timedelta(minutes=59)
TOO_MUCH = "That was a lot for one hour. What you wrote is not lost: it stands here. Send it in an hour, or call us."


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


class Written(Protocol):
    """A letter, as far as a page or a paper shows it."""

    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def written_at(self) -> datetime: ...


def check_pace(said: int) -> None:
    """Refuses more words about one complaint than somebody says in earnest; another complaint is not held up by it."""
    if said >= MOST_WORDS_AN_HOUR:
        raise Refused(TOO_MUCH)


def check_takes_back_once(before: Iterable[Asked]) -> None:
    """Refuses a second time while the first one waits for its answer."""
    if any(each.kind == RequestKind.TAKING_BACK and each.is_open for each in before):
        raise Refused(ASKED_ALREADY)


def check_asks_once(before: Iterable[Asked], appeal: str) -> None:
    """Each review that the rulebook gives may be asked for once."""
    if any(each.kind == RequestKind.REVIEW and each.appeal == appeal for each in before):
        raise Refused(ASKED_ALREADY)


def parts_of(body: str) -> list[tuple[list[str], bool]]:
    """The paragraphs of a letter, each with its lines, and whether they are a list: lines that begin with a dash."""
    return [
        ([line.removeprefix(DASH).lstrip() if is_list else line for line in lines], is_list)
        for paragraph in body.split("\n\n")
        for is_list, lines in groupby(_lines(paragraph), key=lambda line: line.startswith(f"{DASH} "))
    ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_late(last_on: date | None, today: date) -> bool:
    """True where the last day is known and over."""
    return last_on is not None and today > last_on
