"""Selects of the ways back in: who may be asked for, what waits, what was granted lately."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.access.reading import found
from app.access.records import Account, WayBack
from app.access.work import Work
from app.kernel.errors import NotFound

OPEN = ("asked", "granted")


@dataclass(frozen=True)
class Line:
    """One way back as the page shows it."""

    id: UUID
    whose: str
    asked_by: str
    asked_at: datetime
    granted_by: str
    expires_at: datetime
    state: str
    is_about_me: bool
    is_mine: bool


def person(work: Work, account_id: UUID) -> Account:
    """Whom somebody asks for; held, so that two do not ask at once."""
    return found(work.session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one_or_none())


def people(work: Work) -> list[tuple[str, str]]:
    """Everybody else who can sign in."""
    query = select(Account.id, Account.display_name, Account.title).where(
        Account.status == "active", Account.kind == "person", Account.id != work.actor.id
    )
    rows = work.session.execute(query.order_by(Account.display_name, Account.id))
    return [(str(row.id), f"{row.display_name}, {row.title}" if row.title else row.display_name) for row in rows]


def standing(work: Work, account_id: UUID) -> WayBack | None:
    """The one that is open for this person."""
    query = select(WayBack).where(
        WayBack.account_id == account_id, WayBack.state.in_(OPEN), WayBack.expires_at > work.now
    )
    return work.session.scalars(query).one_or_none()


def late(work: Work, account_id: UUID) -> WayBack | None:
    """One that is over by its time, and nobody has said so yet."""
    query = select(WayBack).where(
        WayBack.account_id == account_id, WayBack.state.in_(OPEN), WayBack.expires_at <= work.now
    )
    return work.session.scalars(query).one_or_none()


def asked(work: Work, way_back: UUID) -> WayBack:
    """One that waits for its second half, held until the transaction ends."""
    query = select(WayBack).where(WayBack.id == way_back, WayBack.state == "asked", WayBack.expires_at > work.now)
    row = work.session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("This was answered already, or it is too late for it.")
    return row


def lines(work: Work) -> list[Line]:
    """What is open, and the last ones that are not."""
    names = {row.id: row.display_name for row in work.session.execute(select(Account.id, Account.display_name))}
    rows = work.session.scalars(select(WayBack).order_by(WayBack.asked_at.desc()).limit(20))
    return [_line(work, row, names) for row in rows]


def _line(work: Work, row: WayBack, names: dict[UUID, str]) -> Line:
    is_late = row.state in OPEN and row.expires_at <= work.now
    return Line(
        row.id,
        names.get(row.account_id, ""),
        names.get(row.asked_by_id, ""),
        row.asked_at,
        names.get(row.granted_by_id, "") if row.granted_by_id else "",
        row.expires_at,
        "late" if is_late else row.state,
        is_about_me=row.account_id == work.actor.id,
        is_mine=row.asked_by_id == work.actor.id,
    )
