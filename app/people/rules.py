"""Who a person is, as values: the identity that the vault seals, and why it may be opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Who:
    """A person's name and ways to reach them."""

    name: str = ""
    email: str = ""
    phone: str = ""
    safe_contact: str = ""

    @property
    def is_empty(self) -> bool:
        """True where nothing is known of the person."""
        return not (self.name or self.email or self.phone)


class OpeningReason(StrEnum):
    """Why an identity is opened; it stands in the journal."""

    CONTACT = "contact"
    LETTER = "letter"
    INTERVIEW = "interview"
    SAFETY = "safety"
    LEGAL = "legal"


def sort_name(last_name: str, first_name: str) -> str:
    """How officers are put in order: case and accents aside, last name first."""
    return " ".join(f"{last_name} {first_name}".casefold().split())


def officer_label(last_name: str, first_name: str, badge: str, description: str, *, is_unknown: bool) -> str:
    """How an officer is named in a list: name and badge, or what is known of somebody unknown."""
    if is_unknown:
        return f"Unknown officer: {description}" if description else "Unknown officer"
    name = f"{last_name}, {first_name}" if first_name else last_name
    return f"{name} (badge {badge})" if badge else name


class LookUpReason(StrEnum):
    """Why somebody asks whether a person complained before."""

    REPEAT = "repeat"
    CALLER = "caller"
    LEGAL = "legal"


class ErasingReason(StrEnum):
    """Why an identity is made unreadable for ever."""

    ASKED = "asked"
    TIME_OVER = "time_over"
    COURT = "court"
    MISTAKE = "mistake"


REASON_WORDS: Mapping[str, str] = {
    OpeningReason.CONTACT: "To reach the filer",
    OpeningReason.LETTER: "To send a letter",
    OpeningReason.INTERVIEW: "For an interview",
    OpeningReason.SAFETY: "Somebody is in danger",
    OpeningReason.LEGAL: "A court or the law asks",
    LookUpReason.REPEAT: "Did the same person complain before?",
    LookUpReason.CALLER: "Somebody asks after their own complaint",
    ErasingReason.ASKED: "The person asked for it",
    ErasingReason.TIME_OVER: "The time to keep it is over",
    ErasingReason.COURT: "A court ordered it",
    ErasingReason.MISTAKE: "It should never have been taken",
}

OPENED, LOOKED_UP = "opened", "looked_up"
MOST_IN_AN_HOUR = 30
LEAST_UNUSUAL = 10
TIMES_USUAL = 3
UNASSIGNED, MANY = "unassigned", "many"
UNUSUAL_WORDS: Mapping[str, str] = {
    UNASSIGNED: "Not assigned to the complaint",
    MANY: "Many more than on this person’s other days",
}


@dataclass(frozen=True)
class Pace:
    """How often somebody used the vault: in the last hour, today, and on the middle one of their days."""

    hour: int
    today: int
    usual: int

    @property
    def is_full(self) -> bool:
        """True where no more is done in this hour: nobody opens the vault in bulk."""
        return self.hour >= MOST_IN_AN_HOUR

    @property
    def is_many(self) -> bool:
        """True where one more is out of the ordinary for this person."""
        return self.today + 1 > max(LEAST_UNUSUAL, TIMES_USUAL * self.usual)


def unusual(pace: Pace, *, is_theirs: bool) -> str:
    """Why a supervisor hears of this use; empty where it is part of somebody's ordinary work."""
    if not is_theirs:
        return UNASSIGNED
    return MANY if pace.is_many else ""


def last_copy_dies_on(erased_on: date, vault_days: int) -> date:
    """The day after which no backup of the vault that held the key may exist any more."""
    return erased_on + timedelta(days=vault_days)
