"""Where somebody is told of their account: selects by the columns that the worker may read."""

from uuid import UUID

from sqlalchemy import select

from app.access.permissions import Role
from app.access.records import Account, AccountRole
from app.access.work import Work


def address_of(work: Work, account_id: UUID) -> str | None:
    """The mail address of somebody who can sign in."""
    return work.session.scalar(select(Account.email).where(Account.id == account_id, Account.status == "active"))


def addresses_of(work: Work, role: Role) -> list[str]:
    """Of everybody who holds a role."""
    query = (
        select(Account.email)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == role, Account.status == "active", Account.email.is_not(None))
    )
    return [address for address in work.session.scalars(query.order_by(Account.id)) if address]
