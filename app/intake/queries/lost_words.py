"""Codes for new words of one complaint, and when new ones were taken."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select

from app.access.permissions import Permission
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.intake.queries.filings import visible_filings
from app.intake.records import Filing, NewWords

FEW = 12
_STANDING = (NewWords.taken_at.is_(None), NewWords.voided_at.is_(None))


def standing_new_words(work: Work, filing_id: UUID) -> list[NewWords]:
    """Codes that were given and neither taken nor ended by a later one; locked."""
    query = select(NewWords).where(NewWords.filing_id == filing_id, *_STANDING)
    return list(work.session.scalars(query.with_for_update()))


def half_to_give(work: Work, filing_id: UUID, *, for_update: bool = False) -> NewWords | None:
    """The code of this complaint whose second half nobody has given; locked where somebody is about to give it."""
    query = select(NewWords).where(NewWords.filing_id == filing_id, *_STANDING, NewWords.second_hash.is_(None))
    query = query.where(NewWords.ends_at > work.now)
    return work.session.scalars(query.with_for_update() if for_update else query).first()


def halves_for_me(work: Work) -> WaitingList | None:
    """Filers who were given the first half of a code by somebody else, and wait for the second."""
    if not work.may(Permission.IDENTITY_OPEN):
        return None
    query = visible_filings(work).join(NewWords, NewWords.filing_id == Filing.id)
    query = query.where(*_STANDING, NewWords.second_hash.is_(None), NewWords.ends_at > work.now)
    query = query.where(NewWords.given_by_id.not_in(work.actor.places)).order_by(NewWords.given_at)
    rows = [
        Waiting(number, f"/office/filings/{filing_id}/words", "Second half of a code for new words")
        for number, filing_id in work.session.execute(query.with_only_columns(Filing.number, Filing.id).limit(FEW))
    ]
    return WaitingList("Filers who wait for a second person", rows) if rows else None


def new_words_of(work: Work, filing_id: UUID) -> list[NewWords]:
    """Every time that new words were given for this complaint, the latest first."""
    query = select(NewWords).where(NewWords.filing_id == filing_id).order_by(NewWords.given_at.desc())
    return list(work.session.scalars(query))


def own_new_words(work: Work, filing_id: UUID) -> Sequence[Row[datetime, datetime | None]]:
    """When the office gave new words for one's own complaint and when they were taken, the latest first."""
    query = select(NewWords.given_at, NewWords.taken_at).where(NewWords.filing_id == filing_id)
    return work.session.execute(query.order_by(NewWords.given_at.desc())).all()
