"""The second step of signing in, a passkey in place of a password, and both again as a fresh proof."""

from dataclasses import replace
from uuid import UUID

from app.access.factors import (
    MOST_TRIES,
    Taken,
    end_challenge,
    passkey_named,
    standing_challenge,
    start_challenge,
)
from app.access.records import Account, Passkey
from app.access.signing_in import forget_delay
from app.access.work import Work
from app.administration.actions.entering import (
    PASSKEY,
    SECOND,
    Caller,
    Entered,
    Waiting,
    count_try,
    enter,
    second_key,
    site_of,
    take_code,
)
from app.administration.commands import AnswerStep
from app.administration.events import FactorFailed, PasskeySuspected, SignInFailed
from app.administration.queries import accounts as queries
from app.administration.queries.provider import may_enter_here
from app.infra.passkeys import Asked, BadPasskey, ask_to_use, count_of, credential_id_of, has_fallen_back
from app.kernel.errors import NotFound

ALONE = "alone"
GONE = "That took too long, or was tried too often. Sign in once more."


def answer_step(work: Work, ask: AnswerStep, caller: Caller) -> Entered | Waiting | None:
    """After the password: a code or a passkey. Tries are counted, and the count committed, before anybody looks."""
    asked = standing_challenge(work, SECOND, ask.step)
    account = queries.active_account(work, asked.account_id) if asked and asked.account_id else None
    if asked is None or account is None:
        raise NotFound(GONE)
    key = second_key(work, account, caller)
    waiting = count_try(work, key)
    if waiting:
        return waiting
    asked.tries += 1
    challenge = asked.challenge
    work.commit()
    work.restart()
    taken = _taken(work, account, ask, challenge)
    # The fifth try may be the right one; but what another request has answered meanwhile is over.
    standing = standing_challenge(work, SECOND, ask.step, most=MOST_TRIES + 1)
    if taken is None or standing is None:
        work.happened(FactorFailed(account_id=account.id))
        return None
    forget_delay(work, key)
    provider_sid = standing.provider_sid
    end_challenge(work, standing)
    return enter(work, account, replace(caller, provider_sid=provider_sid), taken)


def _taken(work: Work, account: Account, ask: AnswerStep, challenge: bytes) -> Taken | None:
    if not ask.credential:
        return take_code(work, account, ask.code)
    key = use_passkey(work, ask.credential, challenge, of=account.id)
    return PASSKEY if key is not None else None


def begin_passkey(work: Work) -> tuple[str, Asked]:
    """For whoever has a passkey and types nothing: the device says by itself who they are."""
    asked = ask_to_use(site_of(work), ())
    return start_challenge(work, ALONE, None, asked.challenge), asked


def sign_in_by_passkey(work: Work, ask: AnswerStep, caller: Caller) -> Entered | None:
    """A passkey that asked for a finger, a face or a PIN is both steps at once; each question is answered once."""
    asked = standing_challenge(work, ALONE, ask.step)
    if asked is None:
        raise NotFound(GONE)
    challenge = asked.challenge
    end_challenge(work, asked)
    key = use_passkey(work, ask.credential, challenge, of=None)
    account = queries.active_account(work, key.account_id) if key is not None else None
    if account is None or not may_enter_here(work, account):
        work.happened(SignInFailed())
        return None
    return enter(work, account, caller, PASSKEY)


def use_passkey(work: Work, credential: str, challenge: bytes, *, of: UUID | None) -> Passkey | None:
    """The passkey that answered, counted on; None for a bad one, another person's, or one that counts backwards."""
    try:
        key = passkey_named(work, credential_id_of(credential))
        if key is None or of not in (None, key.account_id):
            return None
        count = count_of(site_of(work), credential, challenge, key.public_key)
    except BadPasskey:
        return None
    if has_fallen_back(key.sign_count, count):
        work.happened(PasskeySuspected(account_id=key.account_id))
        return None
    key.sign_count, key.used_at = count, work.now
    return key
