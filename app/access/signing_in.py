"""Writes and ends sessions and counts the tries of signing in: rows that are no records of anybody's doing."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.access.records import SignedIn, SignInDelay
from app.access.sessions import hash_of, new_secret
from app.access.work import Work


def speak_for(work: Work, account_id: UUID) -> None:
    """Nobody is signed in yet, or somebody else: what belongs to this account's sign-in is read and written for it."""
    if not work.actor.is_machinery:
        work.vouch(account_id)


def password_of(work: Work, account_id: UUID) -> str | None:
    """The hash of this person's password, in the moment in which they show that they know it."""
    speak_for(work, account_id)
    return work.session.scalar(select(func.password_of(account_id, type_=Text)))


def start_session(
    work: Work,
    account_id: UUID,
    kind: str,
    lifetime: timedelta,
    *,
    factor: str = "none",
    device: str = "",
    provider_sid: str | None = None,
) -> str:
    """A new session with a new secret, which is given back and kept nowhere: the caller knows that it is they."""
    speak_for(work, account_id)
    secret = new_secret()
    work.session.add(
        SignedIn(
            secret_hash=hash_of(secret),
            account_id=account_id,
            kind=kind,
            created_at=work.now,
            seen_at=work.now,
            expires_at=work.now + lifetime,
            revoked_at=None,
            proved_at=work.now,
            factor=factor,
            device=device,
            provider_sid=provider_sid,
        )
    )
    return secret


def prove_session(work: Work, secret_hash: bytes, factor: str | None) -> None:
    """Its person has just proved to be themselves once more; by a second factor, the session is one with it."""
    work.session.execute(
        update(SignedIn)
        .where(SignedIn.secret_hash == secret_hash, SignedIn.account_id == work.actor.id)
        .values(proved_at=work.now, **({"factor": factor} if factor else {}))
        .execution_options(synchronize_session=False)
    )


def end_session(work: Work, secret_hash: bytes, account_id: UUID) -> int:
    """Ends one session of this person; it opens nothing from the next request on."""
    return _end(work, account_id, secret_hash, None)


def end_sessions_of(work: Work, account_id: UUID, *, but: bytes | None = None) -> int:
    """Ends every session of a person, tokens among them, and says how many stood."""
    return _end(work, account_id, None, but)


def end_provider_session(work: Work, sid: str) -> list[UUID]:
    """Ends the session of this name at the provider of single sign-on, and says whose it was."""
    return list(work.session.scalars(select(func.end_provider_session(sid, work.now, type_=Uuid))))


def _end(work: Work, account_id: UUID, only: bytes | None, but: bytes | None) -> int:
    """By a function: nobody is shown another's sessions, not even to end them."""
    ended = func.end_sessions(account_id, work.now, only, but, type_=Integer)
    return work.session.scalars(select(ended)).one()


def locked_delay(work: Work, key: bytes) -> SignInDelay:
    """The count of one name and device, made where there is none, and held until the transaction ends."""
    # Written also where it is there: one that is being forgotten at this moment is made anew, and never missed.
    fresh = insert(SignInDelay).values(key=key, failures=0, wait_until=work.now)
    work.session.execute(fresh.on_conflict_do_update(index_elements=["key"], set_={"key": key}))
    return work.session.get_one(SignInDelay, key, with_for_update=True, populate_existing=True)


def forget_delay(work: Work, key: bytes) -> None:
    """After a success; and every count that nobody has added to for a long time goes with it."""
    work.session.execute(delete(SignInDelay).where(SignInDelay.key == key))


def forget_delays_before(work: Work, moment: datetime) -> None:
    """Counts that are over; names that somebody guessed do not stay here for ever."""
    work.session.execute(delete(SignInDelay).where(SignInDelay.wait_until < moment))
