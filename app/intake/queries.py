"""Selects of filings: what intake has still to screen, and the one filing that a passphrase opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, tuple_

from app.access import halves, routes
from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.walls import may_know_filing
from app.access.work import Work
from app.audit import proofs
from app.audit.checkpoints import Signer
from app.clocks import queries as clocks
from app.correspondence import queries as correspondence
from app.intake.records import Amendment, Filing, FilingFile, FilingOfficer, Translation
from app.intake.rules import keyset, status
from app.intake.rules.receipt import Receipt
from app.intake.rules.status import Asked, FilerStatus, Found, MadeFormal, Standing
from app.kernel.dates import ImpreciseDate, Precision
from app.kernel.errors import NotFound
from app.people import queries as people
from app.policy.model import Rulebook

PAGE = 50
DUPLICATES = 20
OWN = (
    Filing.id,
    Filing.number,
    Filing.lookup,
    Filing.language,
    Filing.anonymity,
    Filing.receipt,
    Filing.received_at,
    Filing.screened_at,
    Filing.outcome,
    Filing.case_id,
    Filing.policy_id,
    Filing.narrative,
    Filing.location,
)


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


class OwnFiling:
    """The columns of a filing that its filer may read back."""

    id: UUID
    number: str
    language: str
    anonymity: str
    receipt: str
    received_at: datetime
    screened_at: datetime | None
    outcome: str | None
    case_id: UUID | None
    policy_id: str
    narrative: str
    location: str


def own_filing(work: Work, *, for_update: bool = False) -> OwnFiling | None:
    """The filing whose passphrase this Work was opened with; row security shows no other."""
    query = select(*OWN).where(Filing.lookup == work.actor.lookup)
    return work.session.execute(query.with_for_update() if for_update else query).one_or_none()  # type: ignore[return-value]


def place_of_own(work: Work, own: OwnFiling) -> proofs.Place | None:
    """Where the entry of this complaint stands under the last published checkpoint; nothing in the first hour."""
    receipt = Receipt.parse(own.receipt) if own.receipt else None
    return proofs.place_of(work.session, receipt.entry_id, receipt.leaf, published=True) if receipt else None


def proof_of_own(work: Work, own: OwnFiling) -> dict[str, Any] | None:
    """The proof as a file, with the words that were filed: whoever holds the passphrase may have them."""
    place = place_of_own(work, own)
    if place is None:
        return None
    canonical, salt = work.session.execute(select(Filing.canonical, Filing.salt).where(Filing.id == own.id)).one()
    entry: bytes = work.session.scalars(select(func.my_filing_entry())).one()
    key = Signer(f"candor/{work.house.agency}", work.keys.checkpoint_key).verifier_key
    filing = {"canonical": canonical.decode(), "salt": salt.hex()}
    return proofs.proof_document(place, key, receipt=own.receipt, entry=entry.decode(), filing=filing)


def visible_filings(work: Work) -> Select[Filing]:
    """Filings, for those who screen or work on complaints, less those that go another way."""
    work.need(Permission.FILING_READ)
    return select(Filing).where(may_know_filing(work, Filing.id, Filing.case_id))


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
    return WaitingPage([_waiting(work, filing) for filing in shown], following)


def _waiting(work: Work, filing: Filing) -> Waiting:
    received_on = filing.received_at.astimezone(work.house.zone).date()
    owed = status.arrival_dates(work.policies.named(filing.policy_id), received_on)
    return Waiting(filing, (work.today - received_on).days, owed)


def get_filing(work: Work, filing_id: UUID, *, for_update: bool = False) -> Filing:
    """One filing, or 404."""
    query = visible_filings(work).where(Filing.id == filing_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def filings_of_case(work: Work, case_id: UUID) -> list[Filing]:
    """The filings of one case, the first first."""
    return list(
        work.session.scalars(visible_filings(work).where(Filing.case_id == case_id).order_by(Filing.received_at))
    )


def said_by_filer(work: Work, filing: Filing) -> dict[UUID, datetime]:
    """Everything that the filer said, and when: the complaint, what was added to it, the messages."""
    messages = [each for each in correspondence.messages_of(work, filing.id) if each.is_from_filer]
    return (
        {filing.id: filing.received_at}
        | {each.id: each.added_at for each in amendments_of(work, filing.id)}
        | {each.id: each.sent_at for each in messages}
    )


def translations_of(work: Work, filing_ids: Iterable[UUID]) -> dict[UUID, list[Translation]]:
    """Translations by what they are of, the first first."""
    query = select(Translation).where(Translation.filing_id.in_(list(filing_ids)))
    by_words: dict[UUID, list[Translation]] = {}
    for each in work.session.scalars(query.order_by(Translation.added_at, Translation.id)):
        by_words.setdefault(each.of_id, []).append(each)
    return by_words


def officers_of(work: Work, filing_id: UUID) -> list[FilingOfficer]:
    """The officers as the filer knows them."""
    query = select(FilingOfficer).where(FilingOfficer.filing_id == filing_id).order_by(FilingOfficer.position)
    return list(work.session.scalars(query))


def files_of(work: Work, filing_id: UUID) -> list[FilingFile]:
    """The files that came with a filing."""
    return list(
        work.session.scalars(select(FilingFile).where(FilingFile.filing_id == filing_id).order_by(FilingFile.stored_at))
    )


def get_file(work: Work, filing_id: UUID, file_id: UUID) -> FilingFile:
    """One file of one filing, or 404."""
    return one_or_not_found(work, select(FilingFile).where(FilingFile.filing_id == filing_id, FilingFile.id == file_id))


def possible_duplicates(work: Work, filing: Filing) -> list[tuple[UUID, str, str, datetime]]:
    """Filings of cases that name the same badge, or the same known day and place: case, number, why, when."""
    badges = [officer.badge for officer in officers_of(work, filing.id) if officer.badge]
    same_badge = select(FilingOfficer.filing_id).where(FilingOfficer.badge.in_(badges))
    same_event = and_(
        Filing.incident_date == filing.incident_date,
        Filing.incident_precision == Precision.DAY,
        Filing.location == filing.location,
        Filing.location != "",
    )
    query = visible_filings(work).where(
        Filing.id != filing.id, Filing.case_id.is_not(None), or_(Filing.id.in_(same_badge), same_event)
    )
    rows = work.session.scalars(query.order_by(Filing.received_at.desc()).limit(DUPLICATES))
    found: dict[UUID, tuple[UUID, str, str, datetime]] = {}
    for row in rows:
        same = row.incident_date == filing.incident_date and row.location == filing.location and row.location
        why = "same day and place" if same else "same badge"
        if row.case_id is not None:
            found.setdefault(row.case_id, (row.case_id, row.number, why, row.received_at))
    return list(found.values())


def book_for(work: Work, filing: Filing) -> Rulebook:
    """The rulebook that the case of this filing has: which day decides, the one in force when it is opened says."""
    zone = work.house.zone
    return work.policies.for_case(
        work.house.agency,
        (filing.screened_at or work.now).astimezone(zone).date(),
        filed_on=filing.received_at.astimezone(zone).date(),
        incident_on=filing.incident_date if filing.incident_precision == Precision.DAY else None,
    )


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
        "said": status.other_answers(book, filing.relationship_, filing.answers),
        "officers": officers_of(work, filing.id),
        "files": files_of(work, filing.id),
        "amendments": amendments_of(work, filing.id),
        "messages": correspondence.messages_of(work, filing.id),
        "translations": translations_of(work, [filing.id]),
        "letters": correspondence.letters_of(work, filing.id),
        "has_identity": person is not None and people.has_identity(work, person.id),
        "duplicates": possible_duplicates(work, filing) if filing.screened_at is None else [],
        "can": {
            "screen": work.may(Permission.FILING_SCREEN) and filing.screened_at is None,
            "identity": work.may(Permission.IDENTITY_OPEN),
            "route": work.may(Permission.FILING_SCREEN) and filing.screened_at is None,
            "write": work.may(Permission.MESSAGE_SEND),
            "letter": work.may(Permission.LETTER_SEND),
            "file": work.may(Permission.FILE_OPEN),
        },
    }


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


def way_of(work: Work, own: OwnFiling, language: str) -> str:
    """What the rulebook tells a filer whose complaint goes another way."""
    rule = routes.way_said(work, own.case_id, own.id)
    return rule.public_text.to(language) if rule else ""


def correspondence_of_case(work: Work, case_id: UUID) -> list[dict[str, Any]]:
    """For each filing of a case: its messages and letters."""
    return [
        {
            "filing": filing,
            "messages": correspondence.messages_of(work, filing.id),
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


def amendments_of(work: Work, filing_id: UUID) -> list[Amendment]:
    """What the filer added later."""
    return list(
        work.session.scalars(select(Amendment).where(Amendment.filing_id == filing_id).order_by(Amendment.added_at))
    )


def status_of(work: Work, own: OwnFiling | Filing, language: str = "") -> FilerStatus:
    """Where a complaint stands, in its filer's language: what the rulebook says of its stage, and the next date."""
    language = language or own.language
    parts = work.parts("filer_status") if own.case_id else ()
    said = [fact for part in parts for fact in part(work, own.case_id, language)]
    standing = next((fact for fact in said if isinstance(fact, Standing)), None)
    book = work.policies.named(standing.policy_id if standing else own.policy_id)
    stage = book.stage(standing.stage) if standing else book.first_stage
    halted = None if stage.final else work.stop_of(status.halting(has_case=standing is not None))
    is_going = not stage.final and halted is None
    return FilerStatus(
        number=own.number,
        stage=stage.public_label.to(language),
        text=stage.public_text.to(language),
        next=stage.public_next.to(language) if stage.public_next and halted is None else None,
        next_by=_next_date(work, own, book) if is_going else None,
        is_over=stage.final,
        case_number=standing.number if standing else "",
        lead_title=standing.lead_title if standing else "",
        asked=tuple(fact for fact in said if isinstance(fact, Asked)),
        found=tuple(fact for fact in said if isinstance(fact, Found)) if stage.final else (),
        formal=status.formal_standing(
            book, own.anonymity, next((each.on for each in said if isinstance(each, MadeFormal)), None), language
        ),
        halted=halted,
    )


def _next_date(work: Work, own: OwnFiling | Filing, book: Rulebook) -> date | None:
    if own.case_id is not None:
        return status.next_date(book, clocks.running_dates(work, own.case_id))
    return status.first_date(book, own.received_at.astimezone(work.house.zone).date())
