"""Selects of whom the provider of single sign-on means."""

from uuid import UUID

from sqlalchemy import select

from app.access.permissions import Role
from app.access.records import Account, AccountRole, ProviderSubject
from app.access.work import Work
from app.administration.queries.accounts import roles_of


def account_of(work: Work, issuer: str, subject: str) -> Account | None:
    """Whose subject this is: by issuer and subject, never by a name or an address that the provider tells."""
    query = select(Account).join(ProviderSubject, ProviderSubject.account_id == Account.id)
    mine = query.where(ProviderSubject.issuer == issuer, ProviderSubject.subject == subject)
    return work.session.scalars(mine.with_for_update(of=Account)).one_or_none()


def account_with(work: Work, account_id: UUID) -> Account:
    """The account, held."""
    return work.session.get_one(Account, account_id, with_for_update=True)


def is_linked(work: Work, account_id: UUID) -> bool:
    """Whether the provider knows this person."""
    query = select(ProviderSubject.id).where(ProviderSubject.account_id == account_id)
    return work.session.scalars(query.limit(1)).first() is not None


def is_theirs_alone(work: Work, account_id: UUID) -> bool:
    """Whether this person comes in by the provider and no other way; an administrator always has one of ours."""
    rules = work.house.access.single_sign_on
    if work.house.provider is None or rules.local_passwords == "everybody":
        return False
    return is_linked(work, account_id) and Role.ADMINISTRATOR not in roles_of(work, account_id)


def may_enter_here(work: Work, account: Account) -> bool:
    """Whether this person may come in by what is kept here: a password or a passkey."""
    return account.locked_at is None and not is_theirs_alone(work, account.id)


def role_rows(work: Work, account_id: UUID) -> list[AccountRole]:
    """The rows of somebody's roles, to be changed."""
    return list(work.session.scalars(select(AccountRole).where(AccountRole.account_id == account_id)))
