"""Codes for new words of one complaint, and when new ones were taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.access.work import Work
from app.intake.records import NewWords


def standing_new_words(work: Work, filing_id: UUID) -> list[NewWords]:
    """Codes that were given and neither taken nor ended by a later one."""
    query = select(NewWords).where(
        NewWords.filing_id == filing_id, NewWords.taken_at.is_(None), NewWords.voided_at.is_(None)
    )
    return list(work.session.scalars(query.with_for_update()))


def new_words_of(work: Work, filing_id: UUID) -> list[NewWords]:
    """Every time that new words were given for this complaint, the latest first."""
    query = select(NewWords).where(NewWords.filing_id == filing_id).order_by(NewWords.given_at.desc())
    return list(work.session.scalars(query))


def own_new_words(work: Work, filing_id: UUID) -> list[datetime]:
    """When the office gave new words for one's own complaint, the latest first."""
    query = select(NewWords.given_at).where(NewWords.filing_id == filing_id).order_by(NewWords.given_at.desc())
    return list(work.session.scalars(query))
