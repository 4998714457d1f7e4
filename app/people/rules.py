"""Who a person is, as values: the identity that the vault seals, and why it may be opened."""

from dataclasses import dataclass
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
