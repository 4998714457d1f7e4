"""Signing in and out, one's own password and sessions."""

from dataclasses import replace
from uuid import UUID

from app.access.devices import device_knowing
from app.access.records import Account
from app.access.signing_in import (
    end_session,
    end_sessions_of,
    forget_delay,
    forget_delays_before,
    locked_delay,
    password_of,
)
from app.access.work import Work
from app.administration import rules
from app.administration.actions import letting_in, locking, proof
from app.administration.actions.entering import (
    BUSY_SECONDS,
    Caller,
    Entered,
    SecondStep,
    Waiting,
    after_password,
    count_code,
    count_try,
    delay_key,
)
from app.administration.commands import ChangePassword, ChoosePassword, Prove, RevokeSession, SignIn
from app.administration.events import (
    PasswordChanged,
    PasswordChosen,
    SessionClosed,
    SessionsRevoked,
    SignInFailed,
)
from app.administration.queries import accounts as queries
from app.administration.queries import provider
from app.infra.passwords import BusyError, hash_password, is_right, needs_new_hash, weakness
from app.kernel.errors import Invalid, NotFound, Refused

STRANGER = Caller()


def sign_in(work: Work, ask: SignIn, caller: Caller = STRANGER) -> Entered | SecondStep | Waiting | None:
    """Lets somebody in, or asks for the second step; else nothing is said but not so, or not yet.

    The try is counted and committed before the password is looked at, so that many at once are all counted; and
    no connection is held while it is hashed.
    """
    name = ask.username.casefold()
    account = queries.account_named(work, name)
    known = device_knowing(work.keys, caller.device, account.id if account else None)
    key = delay_key(work, name, known or f"lane {caller.lane}")
    waiting = count_try(work, key)
    if waiting:
        return waiting
    stored = password_of(work, account.id) if account is not None and locking.may_try(work, account) else None
    work.commit()
    try:
        right = is_right(stored, ask.password, known=known is not None)
    except BusyError:
        work.restart()
        locked_delay(work, key).failures -= 1
        return Waiting(BUSY_SECONDS)
    work.restart()
    if account is not None and not right:
        locking.note_failure(work, account.id)
    return _finish(work, account.id if account and right else None, ask, key, caller)


def _finish(
    work: Work, account_id: UUID | None, ask: SignIn, key: bytes, caller: Caller
) -> Entered | SecondStep | Waiting | None:
    account = queries.active_account(work, account_id) if account_id else None
    if account is None or account.locked_at is not None:
        work.happened(SignInFailed())
        return None
    # The count of the name before that of the code, in every request: two that take them crosswise wait for each other.
    forget_delay(work, key)
    waiting = count_code(work, account, caller) if ask.otp else None
    if waiting:
        return waiting
    account = queries.active_account(work, account.id) or account
    forget_delays_before(work, work.now - rules.FORGOTTEN_AFTER)
    locking.forget_failures(work, account.id)
    stored = password_of(work, account.id)
    if stored and needs_new_hash(stored):
        account.password_hash = hash_password(ask.password)
    return after_password(work, account, caller, ask.otp)


def sign_out(work: Work) -> None:
    """Ends the session of this very browser."""
    account_id = _own_id(work)
    if work.actor.session_hash is not None:
        end_session(work, work.actor.session_hash, account_id)
    work.happened(SessionClosed(account_id=account_id))


def choose_password(
    work: Work, secret: str, ask: ChoosePassword, caller: Caller = STRANGER
) -> Entered | SecondStep | None:
    """Uses a one-time link: the password is the person's own from then on, and the link opens nothing more.

    Whoever has a second factor shows it as well: so the link alone is of no use to whoever made it.
    """
    link, account = queries.standing_link(work, secret)
    work.vouch(account.id)
    if provider.is_theirs_alone(work, account.id):
        raise Refused("This person signs in by single sign-on alone. A link gives no password.")
    if not letting_in.opens_with(work, link, ask.code):
        raise Invalid({"code": rules.WRONG_HALF})
    new = _checked(work, account, ask.password, ask.again)
    account.password_hash = new
    account.status = "active"
    link.used_at = work.now
    end_sessions_of(work, account.id)
    work.actor = replace(work.actor, kind="account", id=account.id, session_hash=None)
    work.happened(PasswordChosen(account_id=account.id, purpose=link.purpose))
    return after_password(work, account, caller)


def change_password(work: Work, ask: ChangePassword) -> int:
    """Changes one's own password and ends every other session; says how many."""
    _check_current(work, ask.current)
    account = queries.own_account(work)
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


def _check_current(work: Work, password: str) -> None:
    """A proof like any other, with the same count of tries: a session that somebody took guesses here no faster."""
    proved = proof.prove(work, Prove.model_construct(password=password))
    # The try stays counted, and a wrong one journalled, whatever is wrong with the rest of the form.
    work.commit()
    work.restart()
    if proved is not True:
        waits = rules.wait_words(proved.seconds) if proved else "This is not your password of today."
        raise Invalid({"current": waits})


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
