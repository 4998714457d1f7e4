"""The stricter profile: an account that locks, and one that nobody used; elsewhere none of this does anything."""

from uuid import UUID

from app.access.permissions import Permission
from app.access.records import Account
from app.access.signing_in import forget_delay, locked_delay
from app.access.work import Work
from app.administration import rules
from app.administration.actions.entering import delay_key
from app.administration.events import AccountLeftUnused, AccountLocked, AccountReleased
from app.administration.queries import accounts as queries
from app.administration.queries import provider
from app.kernel.errors import Refused


def may_try(work: Work, account: Account) -> bool:
    """Whether a password of this account is looked at; one that nobody used for too long is disabled here and now."""
    if account.status != "active" or not provider.may_enter_here(work, account):
        return False
    if not work.house.access.is_cjis:
        return True
    work.vouch(account.id)
    last = queries.last_seen(work, account) or account.created_at
    if work.now - last <= rules.UNUSED_FOR:
        return True
    account.status = "disabled"
    work.happened(AccountLeftUnused(account_id=account.id, days=rules.UNUSED_FOR.days))
    return False


def note_failure(work: Work, account_id: UUID) -> None:
    """Five wrong passwords in a quarter of an hour, from wherever: locked until an administrator lets it."""
    account = queries.active_account(work, account_id) if work.house.access.is_cjis else None
    if account is None or account.locked_at is not None:
        return
    count = locked_delay(work, _key(work, account_id))
    # The row's moment is the end of the quarter of an hour that the first wrong password began.
    if work.now >= count.wait_until:
        count.failures, count.wait_until = 0, work.now + rules.LOCK_WINDOW
    count.failures += 1
    if count.failures >= rules.LOCK_AFTER:
        work.vouch(account_id)
        account.locked_at = work.now
        work.happened(AccountLocked(account_id=account_id, failures=count.failures))


def forget_failures(work: Work, account_id: UUID) -> None:
    """After the right password."""
    if work.house.access.is_cjis:
        forget_delay(work, _key(work, account_id))


def release_user(work: Work, account_id: UUID) -> Account:
    """A locked account may sign in again."""
    work.need(Permission.USER_MANAGE)
    account = queries.get_person(work, account_id, for_update=True)
    rules.check_somebody_else(work.actor.id, account.id)
    if account.locked_at is None:
        raise Refused("This account is not locked.")
    account.locked_at = None
    forget_delay(work, _key(work, account_id))
    work.happened(AccountReleased(account_id=account.id))
    return account


def _key(work: Work, account_id: UUID) -> bytes:
    return delay_key(work, str(account_id), "lock")
