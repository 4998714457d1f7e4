"""Selects of filings: what intake has still to screen, and the one filing that a passphrase opens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.work import Work
from app.intake.records import Amendment, Filing, FilingFile, FilingOfficer

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
