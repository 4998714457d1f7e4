"""Additions without a passphrase: those that wait to be put to their complaint, and those of one."""

from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.work import Work
from app.intake.queries.filings import visible_filings
from app.intake.records import Addition, Filing

MOST = 200


def visible_additions(work: Work) -> Select[Addition]:
    """For who screens. What says the number of a complaint goes that complaint's way: row security reads it."""
    work.need(Permission.FILING_SCREEN)
    return select(Addition)


def waiting_additions(work: Work) -> list[Addition]:
    """What belongs to no complaint yet, the first first."""
    query = visible_additions(work).where(Addition.linked_at.is_(None)).order_by(Addition.received_at, Addition.id)
    return list(work.session.scalars(query.limit(MOST)))


def count_waiting_additions(work: Work) -> int:
    """How many wait, for whoever screens; nothing for others."""
    if not work.may(Permission.FILING_SCREEN):
        return 0
    return work.session.scalars(select(func.count()).where(Addition.linked_at.is_(None))).one()


def get_addition(work: Work, addition_id: UUID, *, for_update: bool = False) -> Addition:
    """One addition, or 404; one that was put to a complaint is there for whoever may know of that."""
    query = visible_additions(work).where(Addition.id == addition_id)
    addition: Addition = one_or_not_found(work, query.with_for_update() if for_update else query)
    if addition.filing_id is not None:
        one_or_not_found(work, visible_filings(work).where(Filing.id == addition.filing_id))
    return addition


def additions_of(work: Work, filing_id: UUID) -> list[Addition]:
    """What was put to one complaint."""
    query = select(Addition).where(Addition.filing_id == filing_id).order_by(Addition.received_at, Addition.id)
    return list(work.session.scalars(query))


def filing_by_number(work: Work, number: str) -> Filing | None:
    """The complaint with this confirmation number, if this person may know of it."""
    return work.session.scalars(visible_filings(work).where(Filing.number == number.strip())).one_or_none()
