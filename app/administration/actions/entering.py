"""How somebody comes in: tries counted before anybody looks, a second step where there is one, then a session."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from app.access.actor import Actor
from app.access.devices import device_knowing, remember
from app.access.factors import Held, Taken, held_by, start_challenge, take_typed, unused_paper
from app.access.permissions import Factor, home_door
from app.access.records import Account
from app.access.signing_in import end_session, forget_delay, locked_delay, start_session
from app.access.tokens import LIFETIME
from app.access.work import Work
from app.administration import rules
from app.administration.events import DeviceNew, FactorFailed, RecoveryUsed, SessionOpened, WayBackUsed
from app.administration.queries import accounts as queries
from app.infra.db import Door
from app.infra.passkeys import Site, ask_to_use
from app.kernel.events import Event

BUSY_SECONDS = 3
SECOND = "second"


@dataclass(frozen=True)
class Caller:
    """From where somebody knocks: the device's mark, its lane among strangers, and what kind of program it is."""

    device: str = ""
    lane: int = 0
    kind: str = "browser"
    browser: str = ""
    # What the provider of single sign-on calls the session that brought them here.
    provider_sid: str | None = None


@dataclass(frozen=True)
class Entered:
    """Somebody is in: the session's secret, the device's new mark, and the door they belong to."""

    account_id: object
    secret: str
    device: str
    door: Door


@dataclass(frozen=True)
class Waiting:
    """Not now: another try counts only after this many seconds."""

    seconds: int


@dataclass(frozen=True)
class SecondStep:
    """The password was right; what is asked for now, and what a browser is given for a passkey."""

    secret: str
    takes_code: bool
    options: str = ""


def site_of(work: Work) -> Site:
    """For which site a passkey is made."""
    return Site.at(work.house.base_url, work.house.name_in("en"))


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


def second_key(work: Work, account: Account, caller: Caller) -> bytes:
    """Under which tries of the second step are counted, however they come in."""
    known = device_knowing(work.keys, caller.device, account.id)
    return delay_key(work, account.name, f"second {known or f'lane {caller.lane}'}")


def count_code(work: Work, account: Account, caller: Caller) -> Waiting | None:
    """A code that came along with the password is a try of the second step; committed before anybody looks at it."""
    if not held_by(work, account.id):
        return None
    waiting = count_try(work, second_key(work, account, caller))
    if waiting is None:
        work.commit()
        work.restart()
    return waiting


def after_password(work: Work, account: Account, caller: Caller, code: str = "") -> Entered | SecondStep | None:
    """In, where a password is all there is; else the second step, taken at once where its code came along."""
    held = held_by(work, account.id)
    if not held:
        return enter(work, account, caller)
    if not code:
        return _ask(work, account, held, caller.provider_sid)
    taken = take_code(work, account, code)
    if taken is None:
        work.happened(FactorFailed(account_id=account.id))
        return None
    forget_delay(work, second_key(work, account, caller))
    return enter(work, account, caller, taken)


def _ask(work: Work, account: Account, held: Held, provider_sid: str | None) -> SecondStep:
    keys = [key.credential_id for key in held.passkeys]
    asked = ask_to_use(site_of(work), keys)
    secret = start_challenge(work, SECOND, account.id, asked.challenge, provider_sid)
    return SecondStep(secret, held.takes_code, asked.options if keys else "")


def take_code(work: Work, account: Account, typed: str) -> Taken | None:
    """A code that was typed: of the app, of the paper, or of a way back; what is used up says so in the journal."""
    taken = take_typed(work, account.id, typed)
    event = _used_up(work, account, taken) if taken is not None else None
    if event is not None:
        work.happened(event)
    return taken


def _used_up(work: Work, account: Account, taken: Taken) -> Event | None:
    if taken.factor == "recovery":
        return RecoveryUsed(account_id=account.id, left=len(unused_paper(work, account.id)) - 1)
    return WayBackUsed(account_id=account.id) if taken.factor == "way_back" else None


def enter(work: Work, account: Account, caller: Caller, taken: Taken | None = None) -> Entered:
    """A new session with a new secret; one that was open in this browser before ends."""
    if work.actor.session_hash is not None and work.actor.id is not None:
        end_session(work, work.actor.session_hash, work.actor.id)
    roles = queries.roles_of(work, account.id)
    is_known = device_knowing(work.keys, caller.device, account.id) is not None
    most = work.house.access.session_limits(roles)[1] if caller.kind != "token" else timedelta(seconds=LIFETIME)
    lifetime = min(most, taken.until - work.now) if taken is not None and taken.until is not None else most
    factor = str(taken.factor) if taken is not None else "none"
    secret = start_session(
        work,
        account.id,
        caller.kind,
        lifetime,
        factor=factor,
        device=caller.browser,
        provider_sid=caller.provider_sid,
    )
    work.actor = Actor(kind="account", door=work.actor.door, id=account.id, name=account.name, roles=roles)
    work.happened(SessionOpened(account_id=account.id, kind=caller.kind))
    if not is_known:
        work.happened(DeviceNew(account_id=account.id))
    return Entered(account.id, secret, remember(work.keys, caller.device, account.id), home_door(roles))


PASSKEY = Taken(Factor.PASSKEY)
