"""From a request to a Work: who asks, through which door, and whether the route's permission allows it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.approvals import keep_fresh
from app.access.behalf import note_lender
from app.access.machine_tokens import PREFIX, is_machine_token
from app.access.machines import note_use, part_of
from app.access.outsiders import as_named
from app.access.permissions import Permission, Role
from app.access.sessions import begin_signed_in, hash_of
from app.access.tokens import BadToken, TokenKey, verify
from app.access.work import House, Work, begin, open_work
from app.infra.db import OTHER_POOLS, POOL_SIZES, Door
from app.infra.sealing import SealingError, open_sealed, seal
from app.kernel.errors import FactorNeeded, NotAllowed
from app.kernel.events import Event
from app.web.doors import FILER_COOKIE, SESSION_COOKIE, STAFF_DOORS, cookie_name, door_of
from app.web.limits import TooOften, filings_pass

# Where whoever owes a second factor may still go: to set one up, to prove who they are, and out.
WITHOUT_FACTOR = ("/office/account", "/office/confirm", "/sign-", "/welcome", "/api/v1/auth/", "/api/v1/me")
# Where a program shows a token instead of a cookie.
BY_TOKEN = ("/api/", "/metrics")
FILER_TIME = timedelta(minutes=30)
# However often a page is turned: a cookie that somebody copied does not live for ever.
FILER_DAY = timedelta(hours=12)
FILER_AAD = b"cookie|filer|v3"
MARK = 8


class NotSignedIn(Exception):
    """A page of the staff was asked for without a session: the way in is shown instead."""


class PermissionRefused(Event):
    """Somebody asked for what their role does not allow."""

    tag = "access:permission:refused"
    sentence = "Was refused {permission}."

    permission: str


def may(permission: Permission) -> Any:
    """The Work of a route that needs this permission: `Annotated[Work, may(Permission.CASE_READ)]`."""

    async def opened(request: Request) -> AsyncIterator[Work]:
        # The turn is taken before a thread is: a thread that waited for a connection would keep whoever holds one
        # from the thread it needs to go on, and a crowd at one door would stop the whole house.
        machine_passes(request)
        async with (
            turn_of(request),
            contextmanager_in_threadpool(begun(request, permission)()) as work,
        ):
            yield work

    opened.permission = permission  # type: ignore[attr-defined]
    return Depends(opened, scope="function")


Begin = Callable[[], AbstractContextManager[Work]]
# What a page that can go on without the database goes on after.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


def may_begin(permission: Permission, first: Callable[[Request], Awaitable[None]]) -> Any:
    """For a route in a hurry: it opens its Work itself, and one thread does all that took three turns of a thread.

    `begin: Annotated[Begin, may_begin(Permission.FILING_SUBMIT, filings_pass)]`, and in the route
    `with begin() as work:`. `first` may refuse before anything else is done.
    """

    async def taken(request: Request) -> AsyncIterator[Begin]:
        await first(request)
        async with turn_of(request):
            yield begun(request, permission)

    taken.permission = permission  # type: ignore[attr-defined]
    return Depends(taken, scope="function")


def begun(request: Request, permission: Permission, door: Door | None = None) -> Begin:
    """What opens the Work of this request, in the thread that needs it; by another door where one is named."""
    return partial(_begun, request, permission, door or door_of(request.url.path))


@contextmanager
def unbegun(request: Request, permission: Permission) -> Iterator[Work]:
    """A Work that asks the database nothing, by the clock of the house: for a page that goes on without one."""
    house, door = house_of(request), door_of(request.url.path)
    actor = _without_account(request, house, door, permission)
    _check(actor, permission)
    with house.databases.session(door) as session:
        yield Work(house, actor, session, datetime.fromtimestamp(request.state.arrived, UTC))


def turn_of(request: Request, door: Door | None = None) -> asyncio.Semaphore:
    """The turn that a request of this door waits for before it takes a thread."""
    found: asyncio.Semaphore = request.app.state.turns[door or door_of(request.url.path)]
    return found


def machine_token(request: Request) -> str:
    """What calls itself a machine's token, if the request shows one."""
    token = _bearer(request) or ""
    return token if token.startswith(PREFIX) and request.url.path.startswith(BY_TOKEN) else ""


def machine_passes(request: Request) -> None:
    """Refuses with 429 where one machine comes too fast, whatever its address: counted by its token."""
    token = machine_token(request)
    seconds = request.app.state.machines_limit.wait_for_token(hash_of(token)) if token else 0
    if seconds:
        raise TooOften(seconds)


async def filer_passes(request: Request) -> None:
    """A filing is limited by address; one that another intake system sends is limited by its token, which is checked.

    The filing itself is nobody's all the same: it is the complaint of whoever told it, and not the system's.
    """
    if not machine_token(request):
        await filings_pass(request)
        return
    machine_passes(request)
    async with turn_of(request, Door.OFFICE):
        await run_in_threadpool(check_machine, request, Permission.FILING_SUBMIT)


def check_machine(request: Request, permission: Permission) -> None:
    """Refuses what is no machine's standing token with this scope; and notes that the machine was here."""
    with begun(request, permission, Door.OFFICE)() as work:
        if not work.actor.is_machine:
            raise NotSignedIn()


def turns() -> dict[Door, asyncio.Semaphore]:
    """How many requests have their turn at each door at the same moment: as many as it has connections."""
    return {door: asyncio.Semaphore(POOL_SIZES.get(door, OTHER_POOLS)) for door in Door}


def house_of(request: Request) -> House:
    """What every Work of this process shares."""
    house: House = request.app.state.house
    return house


@contextmanager
def _begun(request: Request, permission: Permission, door: Door) -> Iterator[Work]:
    house = house_of(request)
    with house.databases.session(door) as session:
        try:
            now, actor = _signed_in(request, session, house, door)
            actor = actor or _without_account(request, house, door, permission)
            work = Work(house, actor, session, now or begin(session, actor, house.databases))
            work.actor = as_named(actor, work.book) if actor.outsider else actor
            if work.actor.lacks_factor and not request.url.path.startswith(WITHOUT_FACTOR):
                raise FactorNeeded()  # noqa: TRY301 - the transaction ends as for any refusal
            _check(work.actor, permission)
            note_lender(work, permission)
            _make_ready(request, work, permission)
            yield work
            work.commit()
        except _Refusal as refusal:
            session.rollback()
            _tell(house, refusal.actor, permission)
            raise NotAllowed() from None
        except BaseException:
            session.rollback()
            raise


def _signed_in(request: Request, session: Session, house: House, door: Door) -> tuple[datetime | None, Actor | None]:
    secret = _staff_secret(request, house) if door in STAFF_DOORS else None
    if secret is None:
        return None, None
    begun = begin_signed_in(session, door, secret, house.access, demonstration=house.is_demonstration)
    return begun.now, begun.actor


def _make_ready(request: Request, work: Work, permission: Permission) -> None:
    if permission in work.house.access.step_up.permissions:
        work.need_step_up()
    if work.actor.is_machine:
        note_use(work, part_of(request.url.path))
    if work.actor.door is Door.RESIDENT and not request.url.path.startswith(BY_TOKEN):
        keep_fresh(work)


def _check(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission) or not belongs_here(actor.kind, actor.roles, actor.door, permission):
        raise _Refusal(actor)


def belongs_here(kind: str, roles: frozenset[str], door: Door, permission: Permission) -> bool:
    """The department's door is the liaison's, and no other is; one's own session is the same behind every door.

    A permission may be shared by both sides of that door; the database role behind it is not.
    """
    if kind != "account" or permission in (Permission.SESSION_OPEN, Permission.SESSION_OWN):
        return True
    return (door is Door.DEPARTMENT) == (Role.LIAISON in roles)


class _Refusal(Exception):
    def __init__(self, actor: Actor) -> None:
        self.actor = actor


def _tell(house: House, actor: Actor, permission: Permission) -> None:
    """A refusal writes nothing but its own journal entry, in a transaction of its own."""
    with open_work(house, actor) as work:
        work.happened(PermissionRefused(permission=permission))


def _without_account(request: Request, house: House, door: Door, permission: Permission) -> Actor:
    anyone = house.access.of(frozenset({Role.ANYONE}))
    if door is Door.RESIDENT:
        lookup = filer_lookup(request, house)
        if lookup is not None:
            return Actor.filer(lookup, house.access.of(frozenset({Role.FILER})))
    if permission not in anyone:
        raise NotSignedIn()
    return Actor.anyone(door, anyone)


def _staff_secret(request: Request, house: House) -> str | None:
    if request.url.path.startswith(BY_TOKEN):
        return _bearer_secret(request, house)
    secret = request.cookies.get(cookie_name(SESSION_COOKIE, https=house.base_url.startswith("https")))
    # A machine shows its token to programs' addresses, and is nobody to a page.
    return None if secret is not None and secret.startswith(PREFIX) else secret


def session_mark(request: Request, house: House) -> bytes:
    """What binds a form to whoever was shown it: the staff session's hash, or the filer's lookup."""
    door = door_of(request.url.path)
    if door is Door.RESIDENT:
        return filer_lookup(request, house) or b""
    secret = _staff_secret(request, house) if door in STAFF_DOORS else None
    return hash_of(secret) if secret else b""


def token_key(house: House) -> TokenKey:
    """The key that signs tokens."""
    pair = house.keys.token_pair()
    return TokenKey(pair.kid, pair.private_pem, pair.public_pem)


def _bearer_secret(request: Request, house: House) -> str | None:
    token = _bearer(request)
    if token is None:
        return None
    key = token_key(house)
    try:
        return _machine_secret(token) if token.startswith(PREFIX) else str(verify(token, {key.kid: key})["jti"])
    except BadToken:
        raise NotSignedIn() from None


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def _machine_secret(token: str) -> str:
    if not is_machine_token(token):
        raise BadToken
    return token


def filer_lookup(request: Request, house: House) -> bytes | None:
    """The keyed hash of the passphrase in the filer's sealed cookie, while it is fresh."""
    opened = _filer_opened(request, house)
    return opened.lookup if opened is not None else None


@dataclass(frozen=True)
class _Opened:
    """What a filer's cookie holds: when the passphrase was typed, a random mark of that, its keyed hash."""

    since: int
    mark: bytes
    lookup: bytes


def _filer_opened(request: Request, house: House) -> _Opened | None:
    """The cookie, while it is fresh and was not signed out."""
    value = request.cookies.get(cookie_name(FILER_COOKIE, https=house.base_url.startswith("https")))
    if not value:
        return None
    try:
        opened = open_sealed(house.keys.derive("filer-cookie"), bytes.fromhex(value), FILER_AAD)
    except (SealingError, ValueError):
        return None
    until, since, mark = int.from_bytes(opened[:8]), int.from_bytes(opened[8:16]), opened[16 : 16 + MARK]
    if until <= request.state.arrived or request.app.state.ended.has(mark, request.state.arrived):
        return None
    return _Opened(since, mark, opened[16 + MARK :])


def filer_cookie(request: Request, house: House, lookup: bytes) -> str:
    """The sealed cookie that lets a filer turn pages for half an hour; nothing is kept on the server."""
    arrived: int = request.state.arrived
    before = _filer_opened(request, house)
    if before is None or before.lookup != lookup:
        before = _Opened(arrived, secrets.token_bytes(MARK), lookup)
    until = min(arrived + int(FILER_TIME.total_seconds()), before.since + int(FILER_DAY.total_seconds()))
    sealed = until.to_bytes(8) + before.since.to_bytes(8) + before.mark + lookup
    return seal(house.keys.derive("filer-cookie"), sealed, FILER_AAD).hex()


def end_filer(request: Request, house: House) -> None:
    """Every cookie of this signing in opens nothing any more, also one that somebody copied."""
    opened = _filer_opened(request, house)
    if opened is not None:
        request.app.state.ended.end(opened.mark, request.state.arrived + int(FILER_TIME.total_seconds()))
