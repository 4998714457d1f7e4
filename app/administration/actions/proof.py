"""Proving once more to be oneself, before what cannot be taken back."""

from uuid import UUID

from app.access.factors import Taken, end_challenge, held_by, standing_challenge, start_challenge
from app.access.records import Account
from app.access.signing_in import forget_delay, locked_delay, password_of, prove_session
from app.access.work import Work
from app.administration.actions.entering import (
    BUSY_SECONDS,
    PASSKEY,
    Waiting,
    count_try,
    delay_key,
    site_of,
    take_code,
)
from app.administration.actions.second_step import use_passkey
from app.administration.commands import Prove
from app.administration.events import IdentityProved, ProofFailed
from app.administration.queries import accounts as queries
from app.infra.passkeys import Asked, ask_to_use
from app.infra.passwords import BusyError, is_right
from app.kernel.errors import Invalid, NotFound

PROOF = "proof"
BY_PASSWORD = Taken("password")


def begin_proof(work: Work) -> tuple[str, Asked] | None:
    """What a browser is asked for a passkey; nothing for whoever has none."""
    account_id, _ = _who(work)
    keys = [key.credential_id for key in held_by(work, account_id).passkeys]
    if not keys:
        return None
    asked = ask_to_use(site_of(work), keys)
    return start_challenge(work, PROOF, account_id, asked.challenge), asked


def prove(work: Work, ask: Prove) -> bool | Waiting:
    """True where it is they; each session has its own count of tries, so that nobody else is held up by them."""
    account_id, hashed = _who(work)
    if not (ask.password or ask.code or ask.credential):
        raise Invalid({"password": "Please answer this."})
    account = queries.own_account(work)
    key = delay_key(work, str(account_id), f"proof {hashed.hex()}")
    waiting = count_try(work, key)
    if waiting:
        return waiting
    stored = password_of(work, account_id)
    work.commit()
    try:
        right = bool(ask.password) and is_right(stored, ask.password, known=True)
    except BusyError:
        work.restart()
        locked_delay(work, key).failures -= 1
        return Waiting(BUSY_SECONDS)
    work.restart()
    taken = BY_PASSWORD if right else _by_factor(work, account, ask)
    if taken is None:
        work.happened(ProofFailed(account_id=account_id))
        return False
    forget_delay(work, key)
    prove_session(work, hashed, None if taken is BY_PASSWORD else str(taken.factor))
    work.happened(IdentityProved(account_id=account_id, by=str(taken.factor)))
    return True


def _by_factor(work: Work, account: Account, ask: Prove) -> Taken | None:
    if ask.code:
        taken = take_code(work, account, ask.code)
        # What lets somebody in for an evening does so once, at the door; it lengthens no session that is open.
        return taken if taken is not None and taken.until is None else None
    asked = standing_challenge(work, PROOF, ask.step) if ask.credential else None
    if asked is None or asked.account_id != account.id:
        return None
    challenge = asked.challenge
    end_challenge(work, asked)
    return PASSKEY if use_passkey(work, ask.credential, challenge, of=account.id) is not None else None


def _who(work: Work) -> tuple[UUID, bytes]:
    if work.actor.id is None or work.actor.session_hash is None:
        raise NotFound()
    return work.actor.id, work.actor.session_hash
