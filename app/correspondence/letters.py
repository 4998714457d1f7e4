"""The facts that every letter may name: the office, the day, the numbers. Never a person's name: a letter is kept."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from app.access.approvals import keep_fresh
from app.access.work import Work
from app.kernel.dates import ImpreciseDate
from app.policy.model import Rulebook
from app.policy.model.letters import FilledLetter
from app.web.templates import Page, day, moment, rendering
from app.web.words import PROTECTED, catalogue

NOT_KNOWN = "not known"


def say(language: str, words: str) -> str:
    """Our own words in the letter's language."""
    return catalogue(language).gettext(words)


def say_protected(language: str, words: str) -> str:
    """What is said of rights and deadlines: in a translation only where a person has approved it."""
    return catalogue(language).pgettext(PROTECTED, words)


def say_day(language: str, value: date | ImpreciseDate | None) -> str:
    """A date in the letter's language; "not known" where there is none."""
    with rendering(Page(title="", agency="", lang=language)):
        return day(value)


def say_moment(language: str, value: object, zone: ZoneInfo) -> str:
    """A moment on the agency's clock."""
    with rendering(Page(title="", agency="", lang=language, timezone=str(zone))):
        return moment(value)  # type: ignore[arg-type]


def office_facts(work: Work, book: Rulebook, language: str) -> dict[str, str]:
    """What every letter may say of the office that writes it."""
    keep_fresh(work)
    contact = book.meta.contact
    link = f"{work.house.base_url}/my"
    return {
        "today": say_day(language, work.today),
        "office_name": book.name.to(language),
        "office_address": contact.address.to(language) if contact.address else "",
        "office_phone": contact.phone or "",
        "office_email": contact.email or "",
        "office_web": contact.web or "",
        "signed_by": contact.addressed_as.to(language) if contact.addressed_as else "",
        "tracking_link": link,
        "status_link": link,
        "case_number": "",
        # The filer's name stands in the vault alone; a letter that is kept does not repeat it.
        "filer_name": say(language, "To the person who wrote to us"),
    }


def filled(book: Rulebook, kind: str, language: str, facts: Mapping[str, str]) -> FilledLetter:
    """The rulebook's letter with these facts."""
    return book.letter(kind, language).fill(facts)
