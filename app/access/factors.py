"""What somebody has besides a password: read, taken once, and what a browser was asked a moment ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.access.permissions import Factor
from app.access.records import CodeSecret, Passkey, RecoveryCode, SignInChallenge, WayBack
from app.access.sessions import hash_of, new_secret
from app.access.signing_in import speak_for
from app.access.work import Work
from app.infra.codes import is_paper, paper_hash, plain, step_of
from app.infra.sealing import aad, open_sealed, seal

ONCE_LIFE = timedelta(minutes=15)
CHALLENGE_LIFE = timedelta(minutes=5)
MOST_TRIES = 5
KEY_NAME = "factor"


@dataclass(frozen=True)
class Held:
    """All the second factors of one person that would be taken now."""

    passkeys: tuple[Passkey, ...]
    code: CodeSecret | None
    paper: int
    way_back: WayBack | None

    @property
    def kinds(self) -> frozenset[Factor]:
        """What they have for every day: paper and a way back are for when these are lost."""
        found = ({Factor.PASSKEY} if self.passkeys else set()) | ({Factor.CODE} if self.code else set())
        return frozenset(found)

    @property
    def takes_code(self) -> bool:
        """True where something can be typed."""
        return self.code is not None or self.paper > 0 or self.way_back is not None

    def __bool__(self) -> bool:
        return bool(self.passkeys) or self.takes_code


@dataclass(frozen=True)
class Taken:
    """Which second factor was good, and until when at most what it opens stands."""

    factor: str
    until: datetime | None = None


def held_by(work: Work, account_id: UUID) -> Held:
    """What this person has; read anew each time, for it may have been taken away."""
    speak_for(work, account_id)
    keys = select(Passkey).where(Passkey.account_id == account_id, Passkey.removed_at.is_(None))
    paper = select(func.count()).where(*_unused(account_id))
    return Held(
        tuple(work.session.scalars(keys.order_by(Passkey.made_at, Passkey.id))),
        work.session.scalars(select(CodeSecret).where(*_counts(account_id))).one_or_none(),
        work.session.scalar(paper) or 0,
        work.session.scalars(select(WayBack).where(*_granted(work, account_id))).one_or_none(),
    )


def _counts(account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        CodeSecret.account_id == account_id,
        CodeSecret.confirmed_at.is_not(None),
        CodeSecret.removed_at.is_(None),
    )


def _unused(account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        RecoveryCode.account_id == account_id,
        RecoveryCode.used_at.is_(None),
        RecoveryCode.voided_at.is_(None),
    )


def _granted(work: Work, account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return WayBack.account_id == account_id, WayBack.state == "granted", WayBack.expires_at > work.now


def unused_paper(work: Work, account_id: UUID) -> list[RecoveryCode]:
    """The recovery codes that still open something."""
    speak_for(work, account_id)
    return list(work.session.scalars(select(RecoveryCode).where(*_unused(account_id))))


def own_passkey(work: Work, passkey_id: UUID) -> Passkey | None:
    """One of one's own, held until the transaction ends."""
    query = select(Passkey).where(
        Passkey.id == passkey_id, Passkey.account_id == work.actor.id, Passkey.removed_at.is_(None)
    )
    return work.session.scalars(query.with_for_update()).one_or_none()


def passkey_named(work: Work, credential_id: bytes) -> Passkey | None:
    """The passkey of this id, whoever's, held until the transaction ends."""
    whose = work.session.scalar(select(func.whose_passkey(credential_id, type_=Uuid)))
    if whose is None:
        return None
    speak_for(work, whose)
    query = select(Passkey).where(Passkey.credential_id == credential_id, Passkey.removed_at.is_(None))
    return work.session.scalars(query.with_for_update()).one_or_none()


def pending_secret(work: Work, secret_id: UUID) -> CodeSecret | None:
    """One of one's own that was shown and not yet confirmed by a first code."""
    query = select(CodeSecret).where(
        CodeSecret.id == secret_id,
        CodeSecret.account_id == work.actor.id,
        CodeSecret.confirmed_at.is_(None),
        CodeSecret.removed_at.is_(None),
    )
    return work.session.scalars(query.with_for_update()).one_or_none()


def take_typed(work: Work, account_id: UUID, typed: str) -> Taken | None:
    """A code of the app, of the paper or of a way back, each good once; the row is held, so that two cannot use it."""
    speak_for(work, account_id)
    code = plain(typed)
    if not is_paper(code):
        return _take_digits(work, account_id, code)
    hashed = paper_hash(work.keys.derive(KEY_NAME), account_id.bytes, code)
    row = work.session.scalars(
        select(RecoveryCode).where(*_unused(account_id), RecoveryCode.code_hash == hashed).with_for_update()
    ).one_or_none()
    if row is not None:
        row.used_at = work.now
        return Taken("recovery")
    return _take_way_back(work, account_id, hashed)


def _take_digits(work: Work, account_id: UUID, code: str) -> Taken | None:
    query = select(CodeSecret).where(*_counts(account_id)).with_for_update().execution_options(populate_existing=True)
    row = work.session.scalars(query).one_or_none()
    if row is None:
        return None
    step = step_of(open_secret(work, row), code, int(work.now.timestamp()), row.last_step)
    if step is None:
        return None
    row.last_step = step
    return Taken(Factor.CODE)


def _take_way_back(work: Work, account_id: UUID, hashed: bytes) -> Taken | None:
    query = select(WayBack).where(*_granted(work, account_id), WayBack.code_hash == hashed).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is None:
        return None
    row.state, row.used_at = "used", work.now
    return Taken("way_back", row.expires_at)


def seal_secret(work: Work, secret_id: UUID, secret: str) -> bytes:
    """The app's secret, sealed to its row."""
    return seal(work.keys.derive(KEY_NAME), secret.encode(), _place(secret_id))


def open_secret(work: Work, row: CodeSecret) -> str:
    """And opened again, to see whether a code is right."""
    return open_sealed(work.keys.derive(KEY_NAME), row.sealed, _place(row.id)).decode()


def _place(secret_id: UUID) -> bytes:
    return aad("code_secrets", "sealed", secret_id, KEY_NAME)


def start_challenge(
    work: Work, purpose: str, account_id: UUID | None, challenge: bytes, provider_sid: str | None = None
) -> str:
    """Keeps what a browser was asked; what nobody answered in time goes with it."""
    work.session.execute(delete(SignInChallenge).where(SignInChallenge.expires_at < work.now))
    secret = new_secret()
    work.session.add(
        SignInChallenge(
            secret_hash=hash_of(secret),
            purpose=purpose,
            account_id=account_id,
            challenge=challenge,
            tries=0,
            expires_at=work.now + CHALLENGE_LIFE,
            provider_sid=provider_sid,
        )
    )
    return secret


def standing_challenge(work: Work, purpose: str, secret: str, *, most: int = MOST_TRIES) -> SignInChallenge | None:
    """What was asked a moment ago, held until the transaction ends; None where it is over or was for something else."""
    query = select(SignInChallenge).where(
        SignInChallenge.secret_hash == hash_of(secret),
        SignInChallenge.purpose == purpose,
        SignInChallenge.expires_at > work.now,
        SignInChallenge.tries < most,
    )
    return work.session.scalars(query.with_for_update()).one_or_none()


def end_challenge(work: Work, asked: SignInChallenge) -> None:
    """Answered: it is never answered again."""
    work.session.execute(delete(SignInChallenge).where(SignInChallenge.secret_hash == asked.secret_hash))
    work.session.expunge(asked)


def is_first(work: Work, purpose: str, what: str) -> bool:
    """Whether this comes for the first time: it is known for as long as it would be taken."""
    once = insert(SignInChallenge).values(
        secret_hash=hash_of(f"{purpose}|{what}"),
        purpose=purpose,
        account_id=None,
        challenge=b"",
        tries=0,
        expires_at=work.now + ONCE_LIFE,
    )
    found = work.session.scalars(once.on_conflict_do_nothing().returning(SignInChallenge.purpose))
    return found.first() is not None
