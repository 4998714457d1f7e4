"""Who waits for a call, and what must be known before anybody dials; and what filers asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.correspondence import queries as correspondence
from app.correspondence.records import Call, FilerRequest
from app.correspondence.rules import RequestKind
from app.intake.queries.contact import Contact, contact_of, contacts_of
from app.intake.queries.filings import files_of_messages, visible_filings
from app.intake.records import Filing


@dataclass(frozen=True)
class WaitingCall:
    """One filer who wants a call: what makes it safe stands first."""

    call: Call
    filing: Filing
    rules: list[str]
    contact: Contact


@dataclass(frozen=True)
class ShownRequest:
    """What a filer asked, as the office reads it."""

    request: FilerRequest
    what: str
    ground: str
    is_open: bool


def calls_to_make(work: Work) -> list[WaitingCall]:
    """Those whose complaint this person may know of, whoever waited longest first."""
    work.need(Permission.MESSAGE_SEND)
    calls = {each.filing_id: each for each in correspondence.waiting_calls(work)}
    known = work.session.scalars(visible_filings(work).where(Filing.id.in_(calls)))
    told = {filing.id: (filing, contact) for filing, contact in contacts_of(work, known)}
    return [_waiting(work, call, *told[key]) for key, call in calls.items() if key in told]


def _waiting(work: Work, call: Call, filing: Filing, contact: Contact) -> WaitingCall:
    labels = {each.code: each.label.to("en") for each in work.policies.named(filing.policy_id).intake.contact_rules}
    return WaitingCall(call, filing, [labels.get(code, code) for code in contact.rules], contact)


def requests_view(work: Work, filing: Filing) -> list[ShownRequest]:
    """What one filer asked, the first first."""
    return [_shown(work, filing, each) for each in correspondence.requests_of(work, filing.id)]


def _shown(work: Work, filing: Filing, request: FilerRequest) -> ShownRequest:
    what, ground = "Take the complaint back", ""
    if request.kind == RequestKind.REVIEW:
        books = (work.policies.named(filing.policy_id), work.book)
        appeal = next((a for book in books for a in book.review.appeals if a.code == request.appeal), None)
        what = appeal.label.to("en") if appeal else request.appeal
        ground = next((g.label.to("en") for g in appeal.grounds if g.code == request.ground), "") if appeal else ""
    return ShownRequest(request, what, ground, request.is_open)


def asked_by_filers(work: Work) -> WaitingList | None:
    """On the first page of whoever decides: what filers asked and nobody has answered."""
    if not work.may(Permission.CASE_MOVE) or not work.may(Permission.FILING_READ):
        return None
    waiting = correspondence.waiting_requests(work)
    query = visible_filings(work).where(Filing.id.in_([each.filing_id for each in waiting]))
    known = {filing.id: filing for filing in work.session.scalars(query)}
    rows = [_line(work, known[each.filing_id], each) for each in waiting if each.filing_id in known]
    return WaitingList("Asked by people who filed", rows) if rows else None


def _line(work: Work, filing: Filing, request: FilerRequest) -> Waiting:
    shown = _shown(work, filing, request)
    label = f"{filing.number}: {shown.what}{', late' if request.is_late else ''}"
    return Waiting(label, f"/office/filings/{filing.id}#asked", _day(work, request.asked_at))


def _day(work: Work, moment: datetime) -> str:
    day = moment.astimezone(work.house.zone)
    return f"{day:%b} {day.day}, {day.year}"


def calls_for_me(work: Work) -> WaitingList | None:
    """On the first page of whoever calls: that somebody waits."""
    if not work.may(Permission.MESSAGE_SEND) or not work.may(Permission.FILING_READ):
        return None
    query = visible_filings(work).join(Call, Call.filing_id == Filing.id).where(Call.done_at.is_(None))
    waiting = work.session.execute(query.with_only_columns(func.count())).scalar_one()
    return WaitingList("Calls to make", [Waiting(f"{waiting} to call", "/office/calls")]) if waiting else None


def filing_of_call(work: Work, call_id: UUID) -> Filing:
    """The complaint about which somebody waits for this call, or 404."""
    query = visible_filings(work).where(Filing.id.in_(select(Call.filing_id).where(Call.id == call_id)))
    return one_or_not_found(work, query)


def asked_view(work: Work, filing: Filing) -> dict[str, Any]:
    """What the filer asked, how they want to be told, and the files of their messages, for the filing's page."""
    book, contact = work.policies.named(filing.policy_id), contact_of(work, filing)
    never = {each.code: each.label.to("en") for each in book.intake.contact_rules}
    return {
        "requests": requests_view(work, filing),
        "contact": contact,
        "ways": {each.code: each.label.to("en") for each in book.intake.contact_preferences},
        "never": [never.get(code, code) for code in contact.rules],
        "sent_files": files_of_messages(work, filing.id),
    }
