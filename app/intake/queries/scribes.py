"""How a complaint was taken down: for the office with who wrote it, for its filer without."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.records import Account
from app.access.work import Work
from app.intake.records import Scribing


@dataclass(frozen=True)
class TakenDown:
    """What the office sees of it."""

    how: Scribing
    scribe: str
    is_late: bool


@dataclass(frozen=True)
class OwnScribing:
    """What the filer sees of it."""

    channel: str
    arrived_on: date
    entered_at: datetime
    is_summary: bool


def taken_down(work: Work, filing_id: UUID) -> TakenDown | None:
    """Who wrote the complaint down and from what; nothing where the filer typed it."""
    query = select(Scribing, Account.display_name).join(Account, Account.id == Scribing.scribe_id)
    row = work.session.execute(query.where(Scribing.filing_id == filing_id)).one_or_none()
    if row is None:
        return None
    how, scribe = row
    entered_on = how.entered_at.astimezone(work.house.zone).date()
    return TakenDown(how, scribe, how.arrived_on < entered_on)


def own_scribing(work: Work, filing_id: UUID) -> OwnScribing | None:
    """How their own complaint reached the office, where somebody wrote it down there."""
    columns: Any = (Scribing.channel, Scribing.arrived_on, Scribing.entered_at, Scribing.is_summary)
    row = work.session.execute(select(*columns).where(Scribing.filing_id == filing_id)).one_or_none()
    return OwnScribing(*row) if row is not None else None
