"""Signing in and out, one's own password and sessions."""

import hmac
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from app.access.actor import Actor
from app.access.devices import device_knowing, remember
from app.access.permissions import home_door
from app.access.records import Account
from app.access.sessions import ABSOLUTE
from app.access.signing_in import (
    end_session,
    end_sessions_of,
    forget_delay,
    forget_delays_before,
    locked_delay,
    start_session,
)
from app.access.tokens import LIFETIME
from app.access.work import Work
from app.administration import rules
from app.administration.commands import ChangePassword, ChoosePassword, RevokeSession, SignIn
from app.administration.events import (
    PasswordChanged,
    PasswordChosen,
    SessionClosed,
    SessionOpened,
    SessionsRevoked,
    SignInFailed,
)
from app.administration.queries import accounts as queries
from app.infra.db import Door
from app.infra.passwords import BusyError, hash_password, is_right, needs_new_hash, weakness
from app.kernel.errors import Invalid, NotFound

BUSY_SECONDS = 3
LIFETIMES = {"browser": ABSOLUTE, "token": timedelta(seconds=LIFETIME)}


@dataclass(frozen=True)
class Entered:
    """Somebody is in: the session's secret, the device's new mark, and the door they belong to."""

    account_id: UUID
    secret: str
    device: str
    door: Door


@dataclass(frozen=True)
class Waiting:
    """Not now: another try counts only after this many seconds."""

    seconds: int


def sign_in(
    work: Work, ask: SignIn, *, device: str = "", lane: int = 0, kind: str = "browser"
) -> Entered | Waiting | None:
    """Lets somebody in; nothing else is said than yes, not so, or not yet.

    The try is counted and committed before the password is looked at, so that many at once are all counted; and
    no connection is held while it is hashed.
    """
    name = ask.username.casefold()
    account = queries.account_named(work, name)
    known = device_knowing(work.keys, device, account.id if account else None)
    key = delay_key(work, name, known or f"lane {lane}")
    waiting = count_try(work, key)
    if waiting:
        return waiting
    stored = account.password_hash if account is not None and account.status == "active" else None
    work.commit()
    try:
        right = is_right(stored, ask.password, known=known is not None)
    except BusyError:
        work.restart()
        locked_delay(work, key).failures -= 1
        return Waiting(BUSY_SECONDS)
    work.restart()
    return _finish(work, account.id if account and right else None, ask, key, device, kind)


def _finish(work: Work, account_id: UUID | None, ask: SignIn, key: bytes, device: str, kind: str) -> Entered | None:
    account = queries.active_account(work, account_id) if account_id else None
    if account is None:
        work.happened(SignInFailed())
        return None
    forget_delay(work, key)
    forget_delays_before(work, work.now - rules.FORGOTTEN_AFTER)
    if account.password_hash and needs_new_hash(account.password_hash):
        account.password_hash = hash_password(ask.password)
    return _enter(work, account, device, kind)


def delay_key(work: Work, name: str, whose: str) -> bytes:
    """Strangers share a few counts for each name; a device the person has used before has its own."""
    return hmac.digest(work.keys.derive("sign-in"), f"{whose}|{name}".encode(), "sha256")


def count_try(work: Work, key: bytes) -> Waiting | None:
    """Counts a try before anybody looks whether it is right; or says how long to wait."""
    delay = locked_delay(work, key)
    left = rules.seconds_left(delay.wait_until, work.now)
    if left:
        return Waiting(left)
    delay.failures = rules.failures_so_far(delay.failures, delay.wait_until, work.now) + 1
    delay.wait_until = work.now + rules.wait_after(delay.failures)
    return None


def _enter(work: Work, account: Account, device: str, kind: str) -> Entered:
    """A new session with a new secret; one that was open in this browser before ends."""
    if work.actor.session_hash is not None and work.actor.id is not None:
        end_session(work, work.actor.session_hash, work.actor.id)
    roles = queries.roles_of(work, account.id)
    secret = start_session(work, account.id, kind, LIFETIMES[kind])
    work.actor = Actor(kind="account", door=work.actor.door, id=account.id, name=account.name, roles=roles)
    work.happened(SessionOpened(account_id=account.id, kind=kind))
    return Entered(account.id, secret, remember(work.keys, device, account.id), home_door(roles))


def sign_out(work: Work) -> None:
    """Ends the session of this very browser."""
    account_id = _own_id(work)
    if work.actor.session_hash is not None:
        end_session(work, work.actor.session_hash, account_id)
    work.happened(SessionClosed(account_id=account_id))


def choose_password(work: Work, secret: str, ask: ChoosePassword, *, device: str = "") -> Entered:
    """Uses a one-time link: the password is the person's own from then on, and the link opens nothing more."""
    link, account = queries.standing_link(work, secret)
    new = _checked(work, account, ask.password, ask.again)
    account.password_hash = new
    account.status = "active"
    link.used_at = work.now
    end_sessions_of(work, account.id)
    work.actor = replace(work.actor, kind="account", id=account.id, session_hash=None)
    work.happened(PasswordChosen(account_id=account.id, purpose=link.purpose))
    return _enter(work, account, device, "browser")


def change_password(work: Work, ask: ChangePassword) -> int:
    """Changes one's own password and ends every other session; says how many."""
    account = queries.own_account(work)
    if not _is_own_password(account, ask.current):
        raise Invalid({"current": "This is not your password of today."})
    account.password_hash = _checked(work, account, ask.password, ask.again)
    ended = end_sessions_of(work, account.id, but=work.actor.session_hash)
    work.happened(PasswordChanged(account_id=account.id, ended=ended))
    return ended


def revoke_session(work: Work, ask: RevokeSession) -> None:
    """Ends one of one's own sessions; somebody else's is not found."""
    account_id = _own_id(work)
    if not end_session(work, bytes.fromhex(ask.session), account_id):
        raise NotFound()
    work.happened(SessionsRevoked(account_id=account_id, count=1))


def revoke_other_sessions(work: Work) -> int:
    """Ends all of one's own sessions but this one."""
    account_id = _own_id(work)
    count = end_sessions_of(work, account_id, but=work.actor.session_hash)
    work.happened(SessionsRevoked(account_id=account_id, count=count))
    return count


def _is_own_password(account: Account, password: str) -> bool:
    try:
        return is_right(account.password_hash, password, known=True)
    except BusyError:
        raise Invalid({"current": "Too many people are signing in at this moment. Try again."}) from None


def _checked(work: Work, account: Account, password: str, again: str) -> str:
    """The hash of a password that will do."""
    about = (*work.book.name.texts.values(), account.name, account.display_name)
    why = weakness(password, about)
    if why is not None:
        raise Invalid({"password": why})
    if password != again:
        raise Invalid({"again": "This is not the same as above."})
    try:
        return hash_password(password)
    except BusyError:
        raise Invalid({"password": "Too many people are signing in at this moment. Try again."}) from None


def _own_id(work: Work) -> UUID:
    if work.actor.id is None:
        raise NotFound()
    return work.actor.id
