"""Selects of filings: what intake has still to screen, and the one filing that a passphrase opens."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.work import Work
from app.clocks import queries as clocks
from app.intake.records import Amendment, Filing, FilingFile, FilingOfficer
from app.intake.rules import status
from app.intake.rules.status import Asked, FilerStatus, Found, Standing
from app.policy.model import Rulebook

PAGE = 50
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


def own_filing(work: Work) -> OwnFiling | None:
    """The filing whose passphrase this Work was opened with; row security shows no other."""
    query = select(*OWN).where(Filing.lookup == work.actor.lookup)
    return work.session.execute(query).one_or_none()  # type: ignore[return-value]


def visible_filings(work: Work) -> Select[Filing]:
    """Filings, for those who screen or work on complaints."""
    work.need(Permission.FILING_READ)
    return select(Filing)


def list_unscreened(work: Work, after: tuple[datetime, UUID] | None = None) -> list[Filing]:
    """What waits to be screened, the oldest first."""
    query = visible_filings(work).where(Filing.screened_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Filing.received_at, Filing.id) > after)
    return list(work.session.scalars(query.order_by(Filing.received_at, Filing.id).limit(PAGE + 1)))


def get_filing(work: Work, filing_id: UUID, *, for_update: bool = False) -> Filing:
    """One filing, or 404."""
    query = visible_filings(work).where(Filing.id == filing_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def filings_of_case(work: Work, case_id: UUID) -> list[Filing]:
    """The filings of one case, the first first."""
    return list(
        work.session.scalars(visible_filings(work).where(Filing.case_id == case_id).order_by(Filing.received_at))
    )


def officers_of(work: Work, filing_id: UUID) -> list[FilingOfficer]:
    """The officers as the filer knows them."""
    query = select(FilingOfficer).where(FilingOfficer.filing_id == filing_id).order_by(FilingOfficer.position)
    return list(work.session.scalars(query))


def files_of(work: Work, filing_id: UUID) -> list[FilingFile]:
    """The files that came with a filing."""
    return list(
        work.session.scalars(select(FilingFile).where(FilingFile.filing_id == filing_id).order_by(FilingFile.stored_at))
    )


def amendments_of(work: Work, filing_id: UUID) -> list[Amendment]:
    """What the filer added later."""
    return list(
        work.session.scalars(select(Amendment).where(Amendment.filing_id == filing_id).order_by(Amendment.added_at))
    )


def status_of(work: Work, own: OwnFiling | Filing, language: str = "") -> FilerStatus:
    """Where a complaint stands, in its filer's language: what the rulebook says of its stage, and the next date."""
    said = [fact for part in work.parts("filer_status") for fact in part(work, own.case_id)] if own.case_id else []
    standing = next((fact for fact in said if isinstance(fact, Standing)), None)
    book = work.policies.named(standing.policy_id if standing else own.policy_id)
    stage = book.stage(standing.stage) if standing else book.first_stage
    language = language or own.language
    return FilerStatus(
        number=own.number,
        stage=stage.public_label.to(language),
        text=stage.public_text.to(language),
        next=stage.public_next.to(language) if stage.public_next else None,
        next_by=None if stage.final else _next_date(work, own, book),
        is_over=stage.final,
        case_number=standing.number if standing else "",
        lead_title=standing.lead_title if standing else "",
        asked=tuple(fact for fact in said if isinstance(fact, Asked)),
        found=tuple(fact for fact in said if isinstance(fact, Found)) if stage.final else (),
    )


def _next_date(work: Work, own: OwnFiling | Filing, book: Rulebook) -> date | None:
    if own.case_id is not None:
        return status.next_date(book, clocks.running_dates(work, own.case_id))
    return status.first_date(book, own.received_at.astimezone(work.house.zone).date())
