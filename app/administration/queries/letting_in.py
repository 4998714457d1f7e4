"""Selects of links that wait until a second person agrees."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.access.records import Account, AccountRole, OneTimeLink
from app.access.work import Work
from app.kernel.errors import NotFound


@dataclass(frozen=True)
class WaitingLink:
    """Whom it lets in, as what, and who wants that."""

    account_id: UUID
    whose: str
    roles: tuple[str, ...]
    made_by: str
    purpose: str
    expires_at: datetime
    is_mine: bool


def waiting_link(work: Work, account_id: UUID) -> OneTimeLink:
    """The one of this person, held until the transaction ends."""
    query = _waiting(work).where(OneTimeLink.account_id == account_id).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("This was answered already, or it is too late for it.")
    return row


def waiting_links(work: Work) -> list[WaitingLink]:
    """Those of everybody but whoever looks, the oldest first."""
    query = _waiting(work).where(OneTimeLink.account_id != work.actor.id).order_by(OneTimeLink.expires_at)
    rows = list(work.session.scalars(query))
    if not rows:
        return []
    names = {row.id: row.display_name for row in work.session.execute(select(Account.id, Account.display_name))}
    roles: dict[UUID, list[str]] = {}
    held = select(AccountRole).where(AccountRole.account_id.in_({row.account_id for row in rows}))
    for one in work.session.scalars(held.order_by(AccountRole.role)):
        roles.setdefault(one.account_id, []).append(one.role)
    return [
        WaitingLink(
            row.account_id,
            names[row.account_id],
            tuple(roles.get(row.account_id, ())),
            names.get(row.made_by_id or row.account_id, ""),
            row.purpose,
            row.expires_at,
            row.made_by_id in work.actor.places,
        )
        for row in rows
    ]


def _waiting(work: Work) -> Select[OneTimeLink]:
    return select(OneTimeLink).where(
        OneTimeLink.waits,
        OneTimeLink.agreed_at.is_(None),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > work.now,
    )
