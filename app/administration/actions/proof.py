"""Proving once more to be oneself, before what cannot be taken back."""

from uuid import UUID

from app.access.signing_in import forget_delay, locked_delay, prove_session
from app.access.work import Work
from app.administration.actions.sessions import BUSY_SECONDS, Waiting, count_try, delay_key
from app.administration.commands import Prove
from app.administration.events import IdentityProved, ProofFailed
from app.administration.queries import accounts as queries
from app.infra.passwords import BusyError, is_right
from app.kernel.errors import NotFound


def prove(work: Work, ask: Prove) -> bool | Waiting:
    """True where it is they; each session has its own count of tries, so that nobody else is held up by them."""
    account_id, hashed = _who(work)
    stored = queries.own_account(work).password_hash
    key = delay_key(work, str(account_id), f"proof {hashed.hex()}")
    waiting = count_try(work, key)
    if waiting:
        return waiting
    work.commit()
    try:
        right = is_right(stored, ask.password, known=True)
    except BusyError:
        work.restart()
        locked_delay(work, key).failures -= 1
        return Waiting(BUSY_SECONDS)
    work.restart()
    if not right:
        work.happened(ProofFailed(account_id=account_id))
        return False
    forget_delay(work, key)
    _proved(work, "password")
    return True


def _proved(work: Work, by: str) -> None:
    account_id, hashed = _who(work)
    prove_session(work, hashed)
    work.happened(IdentityProved(account_id=account_id, by=by))


def _who(work: Work) -> tuple[UUID, bytes]:
    if work.actor.id is None or work.actor.session_hash is None:
        raise NotFound()
    return work.actor.id, work.actor.session_hash
