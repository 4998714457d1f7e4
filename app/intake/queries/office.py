"""What the office sees of filings: what waits, what came twice, who filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select, tuple_

from app.access import halves, routes
from app.access.compartments import Kind
from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence import queries as correspondence
from app.intake.queries.additions import additions_of
from app.intake.queries.alike import campaign_of, look_alikes, most_alike, wave
from app.intake.queries.contact import before_reaching
from app.intake.queries.filings import (
    amendments_of,
    book_for,
    files_of,
    files_of_messages,
    filings_of_case,
    officers_of,
    translations_of,
    visible_filings,
    witnesses_of,
)
from app.intake.queries.scribes import taken_down
from app.intake.records import Filing, FilingOfficer
from app.intake.rules import answers, keyset, status
from app.intake.rules.alike import LinkKind
from app.intake.rules.filing import is_protected
from app.kernel.dates import ImpreciseDate, Precision
from app.kernel.errors import NotFound
from app.people import queries as people
from app.policy.model import Rulebook

PAGE = 50


DUPLICATES = 20


class HasId(Protocol):
    """A case, as far as this stage knows one."""

    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True)
class Waiting:
    """A filing that waits, for how many days, and what the office owes it by when."""

    filing: Filing
    days: int
    owed: list[tuple[str, date]]


@dataclass(frozen=True)
class WaitingPage:
    """One page of them and the mark of the next."""

    rows: list[Waiting]
    next: str | None
    # What each is most alike, by how much, and how many more there are; and how many came at once, if many did.
    alike: Mapping[UUID, tuple[Filing, int, int]]
    wave: int


def list_unscreened(work: Work, after: tuple[datetime, UUID] | None = None) -> list[Filing]:
    """What waits to be screened, the oldest first."""
    query = visible_filings(work).where(Filing.screened_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Filing.received_at, Filing.id) > after)
    return list(work.session.scalars(query.order_by(Filing.received_at, Filing.id).limit(PAGE + 1)))


def waiting_page(work: Work, cursor: str) -> WaitingPage:
    """One page of what waits, with how long it waited and what is owed to it next."""
    rows = list_unscreened(work, keyset.read(cursor) if cursor else None)
    shown = rows[:PAGE]
    following = keyset.mark(shown[-1].received_at, shown[-1].id) if len(rows) > PAGE else None
    return WaitingPage([_waiting(work, filing) for filing in shown], following, most_alike(work, shown), wave(work))


def _waiting(work: Work, filing: Filing) -> Waiting:
    received_on = filing.received_at.astimezone(work.house.zone).date()
    owed = status.arrival_dates(work.policies.named(filing.policy_id), received_on)
    return Waiting(filing, (work.today - received_on).days, owed)


def possible_duplicates(work: Work, filing: Filing) -> list[tuple[UUID, str, str, datetime]]:
    """Filings of cases that look like this one, or name the same badge: case, number, why, when."""
    badges = [officer.badge for officer in officers_of(work, filing.id) if officer.badge]
    same_badge = select(FilingOfficer.filing_id).where(FilingOfficer.badge.in_(badges))
    query = visible_filings(work).where(Filing.id != filing.id, Filing.case_id.is_not(None), Filing.id.in_(same_badge))
    rows = work.session.scalars(query.order_by(Filing.received_at.desc()).limit(DUPLICATES))
    alike = [(each.filing, each.why) for each in look_alikes(work, filing) if each.link != LinkKind.NOT_ALIKE]
    found: dict[UUID, tuple[UUID, str, str, datetime]] = {}
    for row, why in [*alike, *((row, "same badge") for row in rows)]:
        if row.case_id is not None:
            found.setdefault(row.case_id, (row.case_id, row.number, why, row.received_at))
    return list(found.values())


def filing_view(work: Work, filing: Filing) -> dict[str, Any]:
    """One filing for the office, and what this person can do with it."""
    book = work.policies.named(filing.policy_id)
    person = people.person_of_filing(work, filing.id)
    return {
        "filing": filing,
        "book": book_for(work, filing),
        "route": route_view(work, book_for(work, filing), case_id=filing.case_id, filing_id=filing.id),
        "waiting": _waiting(work, filing),
        "incident_date": ImpreciseDate(filing.incident_date, Precision(filing.incident_precision)),
        "said": answers.other_answers(
            book, filing.relationship_, filing.answers, is_hidden=_is_hidden(work, book, filing)
        ),
        "safe_contact": before_reaching(work, filing),
        "services": answers.other_doors(book, filing.answers),
        "officers": officers_of(work, filing.id),
        "witnesses": witnesses_of(work, filing.id),
        "named": [each for each in people.others_of_filing(work, filing.id) if people.has_identity(work, each.id)],
        "files": files_of(work, filing.id),
        "amendments": amendments_of(work, filing.id),
        "additions": additions_of(work, filing.id),
        "messages": correspondence.messages_of(work, filing.id),
        "translations": translations_of(work, [filing.id]),
        "letters": correspondence.letters_of(work, filing.id),
        "taken_down": taken_down(work, filing.id),
        "has_identity": person is not None and people.has_identity(work, person.id),
        "alike": look_alikes(work, filing),
        "campaign": campaign_of(work, filing.id),
        "duplicates": possible_duplicates(work, filing) if filing.screened_at is None else [],
        "can": {
            "screen": work.may(Permission.FILING_SCREEN) and filing.screened_at is None,
            "screen_any": work.may(Permission.FILING_SCREEN),
            "identity": work.may(Permission.IDENTITY_OPEN),
            "route": work.may(Permission.FILING_SCREEN) and filing.screened_at is None,
            "write": work.may(Permission.MESSAGE_SEND),
            "answer": work.may(Permission.CASE_MOVE),
            "letter": work.may(Permission.LETTER_SEND),
            "file": work.may(Permission.FILE_OPEN),
        },
    }


def _is_hidden(work: Work, book: Rulebook, filing: Filing) -> bool:
    """Somebody protected stays to everybody outside somebody of whom nothing is known."""
    is_inside = Kind.WHISTLEBLOWER in work.house.access.inside(work.actor.roles)
    return is_protected(book, filing.relationship_) and not is_inside


@dataclass(frozen=True)
class FoundFiling:
    """A complaint of somebody who was looked up: what is the same, and where it is."""

    filing_id: UUID
    case_id: UUID | None
    number: str
    received_on: date
    same: str


def found_filings(work: Work, same: Mapping[UUID, str]) -> list[FoundFiling]:
    """The same filings less those that this person may not know of, the latest first."""
    query = visible_filings(work).where(Filing.id.in_(same)).order_by(Filing.received_at.desc(), Filing.id)
    rows = list(work.session.scalars(query.limit(PAGE)))
    cases = {row.case_id for row in rows if row.case_id}
    numbers = {key: line.number for part in work.parts("case_lines") for key, line in part(work, cases).items()}
    return [
        FoundFiling(
            filing_id=row.id,
            case_id=row.case_id,
            number=numbers.get(row.case_id or row.id, row.number),
            received_on=row.received_at.astimezone(work.house.zone).date(),
            same=same[row.id],
        )
        for row in rows
    ]


def is_theirs(work: Work, filing: Filing) -> bool:
    """Whether opening who filed is part of this person's work: theirs to screen, or a case that is theirs."""
    if work.actor.outsider is not None:
        return True  # `check_handles` let them through: it was sent to them
    if filing.case_id is None:
        return work.may(Permission.FILING_SCREEN)
    return any(part(work, filing.case_id) for part in work.parts("works_on_case"))


def identity_view(work: Work, filing: Filing) -> dict[str, Any]:
    """What was done with who filed, and what this person can do: never who it is."""
    person = people.person_of_filing(work, filing.id)
    if person is None or not work.may(Permission.IDENTITY_OPEN):
        raise NotFound()
    hold = people.standing_hold(work, person.id, filing.case_id)
    half = halves.open_half(work, halves.DESTRUCTION, person.id)
    return {
        "filing": filing,
        "person": person,
        "has_identity": people.has_identity(work, person.id),
        "uses": people.lines_of(work, people.uses_of_person(work, person.id)),
        "hold": hold,
        "erasure": people.erasure_of(work, person.id),
        "asked": half,
        "waits_for": halves.said(work.book, half.by) if half else "",
        "may_erase": work.may(Permission.IDENTITY_ERASE),
        "may_lift": hold is not None and hold.lift_asked_by_id not in work.actor.places,
    }


def route_view(
    work: Work, book: Rulebook, *, case_id: UUID | None = None, filing_id: UUID | None = None
) -> dict[str, Any]:
    """Whom a complaint is against and who handles it therefore; and which other ways the rulebook has."""
    route = routes.standing_route(work, case_id=case_id, filing_id=filing_id)
    own = work.policies.named(route.policy_id) if route else book
    rule = routes.rule_of(own, route.route) if route else None
    bodies = {body.code: body.label.to("en") for body in own.external_bodies}
    return {
        "standing": route,
        "rule": rule,
        "handled_by": halves.said(own, route.handled_by) if route else "",
        "refer_to": bodies.get(rule.refer_to or "", "") if rule else "",
        "choices": [(each.code, each.label.to("en")) for each in book.special_routes],
        "people": routes.people_here(work) if book.special_routes else [],
    }


def correspondence_of_case(work: Work, case_id: UUID) -> list[dict[str, Any]]:
    """For each filing of a case: its messages and letters."""
    return [
        {
            "filing": filing,
            "messages": correspondence.messages_of(work, filing.id),
            "sent_files": files_of_messages(work, filing.id),
            "letters": correspondence.letters_of(work, filing.id),
        }
        for filing in filings_of_case(work, case_id)
    ]


def messages_tab(work: Work, case: HasId) -> tuple[str, str, int] | None:
    """The case page's tab of messages and letters."""
    if not work.may(Permission.FILING_READ):
        return None
    filings = [filing.id for filing in filings_of_case(work, case.id)]
    count = sum(len(correspondence.messages_of(work, filing_id)) for filing_id in filings)
    return ("Messages and letters", f"/office/cases/{case.id}/messages", count)
