"""What a filer follows of their own complaint: what has happened, who opened it, and what may still be asked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from app.access.permissions import Permission, Role
from app.access.work import Work
from app.correspondence import queries as correspondence
from app.correspondence.records import FilerRequest, Message
from app.correspondence.rules import PACE, RequestKind
from app.intake.queries.filings import amendments_of, files_of
from app.intake.queries.lost_words import own_new_words
from app.intake.queries.own import OwnFiling
from app.intake.records import Amendment
from app.intake.rules import appeals, history
from app.intake.rules.appeals import WayToAppeal
from app.intake.rules.history import Happened, Kind, Noted, Opening, Readers
from app.intake.rules.status import FilerStatus
from app.kernel.errors import NotFound
from app.policy.model import Rulebook


def noted_of_own(work: Work) -> list[Noted]:
    """What the journal tells the filer of their own complaint, the first first; never who."""
    columns = ("at", "tag", "detail", "roles", "is_assigned")
    rows = work.session.execute(select(func.my_happenings().table_valued(*columns)))
    return [Noted(row.at, row.tag, row.detail, tuple(row.roles), row.is_assigned) for row in rows]


def story_of(
    work: Work, own: OwnFiling, book: Rulebook, standing: FilerStatus, noted: list[Noted], language: str
) -> list[Happened]:
    """What has happened so far, a line for each thing, the first first."""

    def day(moment: datetime) -> date:
        return moment.astimezone(work.house.zone).date()

    found = [Happened(day(own.received_at), Kind.RECEIVED)]
    found += history.moves(noted, book, language, work.house.zone)
    found += [Happened(day(each.added_at), Kind.ADDED) for each in amendments_of(work, own.id)]
    found += [Happened(day(each.stored_at), Kind.ADDED) for each in files_of(work, own.id) if _is_later(own, each)]
    found += [
        Happened(day(each.sent_at), Kind.WROTE if each.is_from_filer else Kind.ANSWERED)
        for each in correspondence.messages_of(work, own.id)
    ]
    letters = correspondence.letters_of(work, own.id)
    found += [Happened(day(each.written_at), Kind.LETTER, each.subject) for each in letters]
    for asked in standing.asked:
        found.append(Happened(asked.sent_on, Kind.ASKED_DEPARTMENT, asked.what))
        if asked.answered_on:
            found.append(Happened(asked.answered_on, Kind.DEPARTMENT_ANSWERED, asked.what))
    for request in correspondence.requests_of(work, own.id):
        kind = Kind.TAKEN_BACK if request.kind == RequestKind.TAKING_BACK else Kind.REVIEW
        found.append(Happened(day(request.asked_at), kind))
        if request.answered_at:
            found.append(Happened(day(request.answered_at), Kind.DECIDED))
    found += [Happened(day(each.given_at), Kind.NEW_WORDS) for each in own_new_words(work, own.id)]
    # What other stages add.
    found += [each for part in work.parts("filer_story") for each in part(work, own, language)]
    return history.in_order(found)


def count_said_lately(work: Work, filing_id: UUID) -> int:
    """How often its filer wrote or added words within the hour."""
    since = work.now - PACE
    wrote = select(func.count()).where(Message.filing_id == filing_id, Message.is_from_filer, Message.sent_at > since)
    added = select(func.count()).where(Amendment.filing_id == filing_id, Amendment.added_at > since)
    return int(work.session.scalar(select(wrote.scalar_subquery() + added.scalar_subquery())) or 0)


def _is_later(own: OwnFiling, file: object) -> bool:
    stored_at: datetime = file.stored_at  # type: ignore[attr-defined]
    return stored_at > own.received_at


def openings_of(work: Work, book: Rulebook, noted: list[Noted]) -> list[Opening]:
    """The first opening of the file, and the unusual ones, by role and day."""
    access = work.house.access
    holders = {role: access.of(frozenset({role})) for role in Role}
    readers = Readers(
        screen=[role for role, may in holders.items() if Permission.FILING_SCREEN in may],
        lead=[Role.INVESTIGATOR],
        answer_for_all=[role for role, may in holders.items() if Permission.CASE_ASSIGN in may],
    )
    return history.openings(noted, book, book.first_stage.code, readers, work.house.zone)


def own_days(work: Work, own: OwnFiling, book: Rulebook, standing: FilerStatus) -> dict[str, date]:
    """The days of the events that a filer knows of, by the names that rulebooks use for them."""
    days = {"filing_received": own.received_at.astimezone(work.house.zone).date()}
    if standing.closed_on:
        days |= dict.fromkeys(("case_closed", "case_closed_early", "case_referred"), standing.closed_on)
    on = {kind.code: kind.on or "" for kind in book.letters}
    # The latest first: whatever was closed again is counted from its last letter.
    for letter in correspondence.letters_of(work, own.id):
        written_on = letter.written_at.astimezone(work.house.zone).date()
        event = "closing_letter_sent" if on.get(letter.kind, "").startswith("case_") else on.get(letter.kind, "")
        days.setdefault(event, written_on)
    for code in appeals.begun_outside(book):
        happened_on = work.session.scalar(select(func.my_review_day(code)))
        if happened_on is not None:
            days.setdefault(code, happened_on)
    return days


def appeals_of(
    work: Work, own: OwnFiling, book: Rulebook, standing: FilerStatus, language: str
) -> list[tuple[WayToAppeal, FilerRequest | None]]:
    """Once it is over: each way to have it looked at again, with what was asked already."""
    if not standing.is_over:
        return []
    asked = {each.appeal: each for each in correspondence.requests_of(work, own.id) if each.appeal}
    ways = appeals.ways_to_appeal(book, own_days(work, own, book, standing), work.today, language)
    return [(way, asked.get(way.code)) for way in ways]


def way_to_appeal(
    work: Work, own: OwnFiling, book: Rulebook, standing: FilerStatus, code: str, language: str
) -> tuple[WayToAppeal, FilerRequest | None]:
    """One of them, or 404."""
    found = [pair for pair in appeals_of(work, own, book, standing, language) if pair[0].code == code]
    if not found:
        raise NotFound()
    return found[0]


def open_taking_back(work: Work, filing_id: UUID) -> FilerRequest | None:
    """The request to take the complaint back that waits for its answer."""
    asked = correspondence.requests_of(work, filing_id)
    return next((each for each in asked if each.kind == RequestKind.TAKING_BACK and each.is_open), None)
