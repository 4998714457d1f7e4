"""How a filer wants to be told that something waits: what they chose last, or what they said when they filed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.access.work import Work
from app.correspondence import queries as correspondence
from app.correspondence.records import ContactWish
from app.correspondence.rules import Way
from app.intake.queries.own import OwnFiling
from app.intake.records import Filing
from app.intake.rules.answers import safe_contact
from app.policy.model import Rulebook


@dataclass(frozen=True)
class Contact:
    """How somebody is told, what nobody may do, when, and what else makes it safe."""

    way: str = ""
    rules: tuple[str, ...] = ()
    times: str = ""
    safe: str = ""


def own_contact(work: Work, own: OwnFiling) -> Contact:
    """The filer's own, by what their door may read."""
    wish = correspondence.latest_wish(work, own.id)
    return _chosen(wish) if wish else _said(work.session.scalars(select(func.my_contact_answers())).one() or {})


def contacts_of(work: Work, filings: Iterable[Filing]) -> list[tuple[Filing, Contact]]:
    """Each filer's beside the filing, for the office and the worker: one statement for all of them."""
    known = list(filings)
    wishes = correspondence.latest_wishes(work, [each.id for each in known])
    return [(each, _chosen(wishes[each.id]) if each.id in wishes else _answered(each)) for each in known]


def contact_of(work: Work, filing: Filing) -> Contact:
    """One filer's."""
    return contacts_of(work, [filing])[0][1]


def before_reaching(work: Work, filing: Filing) -> list[tuple[str, str]]:
    """What everybody must see before they call or write: what the filer chose last counts, not what they once said."""
    return _warned(work, filing, contact_of(work, filing))


def safe_contact_of(work: Work, filings: Iterable[Filing]) -> list[tuple[str, str]]:
    """The same of several filers, under the number of each."""
    return [
        (f"{filing.number}: {label.lower()}", said)
        for filing, told in contacts_of(work, filings)
        for label, said in _warned(work, filing, told)
    ]


def _warned(work: Work, filing: Filing, told: Contact) -> list[tuple[str, str]]:
    return safe_contact(work.policies.named(filing.policy_id), told.way, told.rules, told.times, told.safe)


def _answered(filing: Filing) -> Contact:
    names = {"way": "contact_preference", "rules": "contact_rules", "times": "contact_times", "safe": "safe_contact"}
    return _said({name: filing.answers.get(key) for name, key in names.items()})


def _chosen(wish: ContactWish) -> Contact:
    return Contact(wish.way, tuple(wish.rules), wish.times, wish.safe)


def _said(answers: dict[str, Any]) -> Contact:
    rules = answers.get("rules") or ()
    return Contact(
        way=str(answers.get("way") or ""),
        rules=(rules,) if isinstance(rules, str) else tuple(rules),
        times=str(answers.get("times") or ""),
        safe=str(answers.get("safe") or ""),
    )


def ways_offered(work: Work, book: Rulebook, contact: Contact, language: str) -> list[tuple[str, str]]:
    """The rulebook's ways to be told; one that this office has not set up is offered only where it stands already."""
    off = set() if work.house.texting.is_on else {Way.TEXT}
    off |= set() if work.house.mail.is_on else {Way.EMAIL}
    known = book.intake.contact_preferences
    return [(each.code, each.label.to(language)) for each in known if each.code not in off or each.code == contact.way]


def rules_offered(book: Rulebook, language: str) -> list[tuple[str, str]]:
    """What whoever reaches a filer must never do, in the rulebook's words."""
    return [(each.code, each.label.to(language)) for each in book.intake.contact_rules]
