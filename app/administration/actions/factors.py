"""One's own second factors: added, named, removed; none of it without a fresh proof."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from app.access.factors import (
    KEY_NAME,
    end_challenge,
    held_by,
    open_secret,
    own_passkey,
    pending_secret,
    seal_secret,
    standing_challenge,
    start_challenge,
    unused_paper,
)
from app.access.permissions import Factor
from app.access.records import CodeSecret, Passkey, RecoveryCode
from app.access.signing_in import prove_session
from app.access.work import Work
from app.administration import rules
from app.administration.actions.entering import site_of
from app.administration.actions.second_step import GONE
from app.administration.commands import AddPasskey, ConfirmCodes, RemovePasskey, RenamePasskey
from app.administration.events import CodesShown, FactorAdded, FactorRemoved, PasskeyRenamed, RecoveryMade
from app.administration.queries import accounts as queries
from app.infra.codes import address_of, new_paper_code, new_secret, paper_hash, picture_of, step_of
from app.infra.passkeys import Asked, BadPasskey, ask_to_make, made_by
from app.kernel.errors import Invalid, NotFound, Refused

REGISTER = "register"


def begin_passkey(work: Work) -> tuple[str, Asked]:
    """What a browser is asked, to make a passkey; those that are there already are not made twice."""
    work.need_step_up()
    account = queries.own_account(work)
    there = [key.credential_id for key in held_by(work, account.id).passkeys]
    asked = ask_to_make(site_of(work), account.id.bytes, account.name, account.display_name, there)
    return start_challenge(work, REGISTER, account.id, asked.challenge), asked


def add_passkey(work: Work, ask: AddPasskey) -> Passkey:
    """Keeps the public half of a passkey that the browser has made; each question is answered once."""
    work.need_step_up()
    account = queries.own_account(work)
    asked = standing_challenge(work, REGISTER, ask.step)
    if asked is None or asked.account_id != account.id:
        raise NotFound(GONE)
    challenge = asked.challenge
    end_challenge(work, asked)
    try:
        new = made_by(site_of(work), ask.credential, challenge)
    except BadPasskey:
        raise Refused("The passkey was not taken. Try again, or take another device.") from None
    key = work.add(
        Passkey(
            id=uuid4(),
            account_id=account.id,
            credential_id=new.credential_id,
            public_key=new.public_key,
            sign_count=new.sign_count,
            name=ask.name,
            made_at=work.now,
        )
    )
    work.happened(FactorAdded(account_id=account.id, kind=Factor.PASSKEY))
    _now_strong(work, Factor.PASSKEY)
    work.flush()
    return key


def rename_passkey(work: Work, ask: RenamePasskey) -> None:
    """Another name, so that its owner knows which one it is."""
    key = own_passkey(work, ask.passkey)
    if key is None:
        raise NotFound()
    key.name = ask.name
    work.happened(PasskeyRenamed(account_id=key.account_id))


def remove_passkey(work: Work, ask: RemovePasskey) -> None:
    """It opens nothing from now on; the last one that a role needs stays."""
    work.need_step_up()
    key = own_passkey(work, ask.passkey)
    if key is None:
        raise NotFound()
    held = held_by(work, key.account_id)
    _check_enough(work, {*([Factor.PASSKEY] if len(held.passkeys) > 1 else []), *(held.kinds - {Factor.PASSKEY})})
    key.removed_at = work.now
    work.happened(FactorRemoved(account_id=key.account_id, kind=Factor.PASSKEY))


def _check_enough(work: Work, left: set[Factor]) -> None:
    needed = queries.kinds_needed(work, queries.own_account(work))
    if needed and not needed & left:
        raise Refused(rules.LAST_FACTOR)


@dataclass(frozen=True)
class Shown:
    """An app's secret as a picture and as text: shown until its first code was right, and never again."""

    id: UUID
    picture: str
    text: str


def begin_codes(work: Work) -> Shown:
    """A new secret for an app; it counts for nothing until its first code was right."""
    work.need_step_up()
    account = queries.own_account(work)
    secret, key = new_secret(), uuid4()
    work.add(
        CodeSecret(id=key, account_id=account.id, sealed=seal_secret(work, key, secret), last_step=0, made_at=work.now)
    )
    work.happened(CodesShown(account_id=account.id))
    work.flush()
    return _shown(work, key, secret, account.name)


def shown_codes(work: Work, secret_id: UUID) -> Shown:
    """The same picture again, where the first code was wrong."""
    work.need_step_up()
    row = pending_secret(work, secret_id)
    if row is None:
        raise NotFound(GONE)
    return _shown(work, row.id, open_secret(work, row), queries.own_account(work).name)


def _shown(work: Work, key: UUID, secret: str, name: str) -> Shown:
    picture = picture_of(address_of(secret, name, work.house.name_in("en")))
    return Shown(key, picture, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def confirm_codes(work: Work, ask: ConfirmCodes) -> None:
    """The first code is right: the app counts from now on, and the one before it no more."""
    work.need_step_up()
    row = pending_secret(work, ask.app)
    if row is None:
        raise NotFound(GONE)
    step = step_of(open_secret(work, row), ask.code.replace(" ", ""), int(work.now.timestamp()), row.last_step)
    if step is None:
        raise Invalid({"code": "This is not the code that the app shows now. Wait for the next one and type that."})
    before = held_by(work, row.account_id).code
    if before is not None:
        before.removed_at = work.now
        work.happened(FactorRemoved(account_id=row.account_id, kind=Factor.CODE))
        work.flush()
    row.confirmed_at, row.last_step = work.now, step
    work.happened(FactorAdded(account_id=row.account_id, kind=Factor.CODE))
    _now_strong(work, Factor.CODE)


def remove_codes(work: Work) -> None:
    """The app's codes open nothing from now on."""
    work.need_step_up()
    held = held_by(work, queries.own_account(work).id)
    if held.code is None:
        raise NotFound()
    _check_enough(work, set(held.kinds - {Factor.CODE}))
    held.code.removed_at = work.now
    work.happened(FactorRemoved(account_id=held.code.account_id, kind=Factor.CODE))


def make_paper_codes(work: Work) -> list[str]:
    """Ten new ones, shown this once; those before open nothing any more."""
    work.need_step_up()
    account = queries.own_account(work)
    if not held_by(work, account.id).kinds:
        raise Refused("Set up a passkey or an app first: these codes are for when that is lost.")
    old = unused_paper(work, account.id)
    for row in old:
        row.voided_at = work.now
    codes = [new_paper_code() for _ in range(rules.PAPER_CODES)]
    for code in codes:
        hashed = paper_hash(work.keys.derive(KEY_NAME), account.id.bytes, code)
        work.add(RecoveryCode(code_hash=hashed, account_id=account.id, made_at=work.now))
    work.happened(RecoveryMade(account_id=account.id, count=len(codes), voided=len(old)))
    work.flush()
    return codes


def _now_strong(work: Work, factor: Factor) -> None:
    """Whoever has just set it up has just used it: this session counts as opened with it."""
    if work.actor.session_hash is not None:
        prove_session(work, work.actor.session_hash, factor)
