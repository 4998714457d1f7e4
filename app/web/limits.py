"""How often one address may knock: counted in shared memory by a key that is forgotten every hour."""

import asyncio
import hmac
import ipaddress
import mmap
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

SLOTS = 1 << 20
WINDOW = 60
HOUR = 3600
# Four bits of where a stranger comes from: too few to tell anybody by, enough that one cannot stand in everybody's way.
LANES = 16
# How long a page is kept back at most where many come from one address, one second more for each of them; and how many
# pages at once, for each web process: a page that waits takes no thread and no connection to the database.
LONGEST_LINE, MOST_IN_LINE = 20, 200


class TooOften(Exception):
    """An address knocked more often than it may; it is told when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Limiter:
    """Counts knocks of each address in the running minute, for all workers together.

    Made before the workers are forked, so that they share its memory. No address is kept: the slot is taken from
    a keyed hash whose key lives in this memory alone and changes with every hour.
    """

    def __init__(self, most: int, *, is_on: bool = True, clock: Callable[[], float] = time.time) -> None:
        self._most = most
        self._is_on = is_on
        self._clock = clock
        self._counts = mmap.mmap(-1, SLOTS * 2)
        self._minute = mmap.mmap(-1, 8)
        self._seed = secrets.token_bytes(32)

    def wait_for(self, address: str, now: float | None = None) -> int:
        """Seconds to wait before trying again; 0 while the address may pass."""
        return self._knock(_network(address), self._clock() if now is None else now)

    def wait_for_token(self, token_hash: bytes, now: float | None = None) -> int:
        """The same for whoever shows a token: counted by it, wherever it comes from."""
        return self._knock(token_hash, self._clock() if now is None else now)

    def line_for(self, address: str, now: float | None = None) -> tuple[int, int]:
        """How many stand before this one beyond what may pass at once, and in how many seconds all may pass again."""
        moment = self._clock() if now is None else now
        return max(0, self._count(_network(address), moment) - self._most), max(1, int(WINDOW - moment % WINDOW))

    def _knock(self, whose: bytes, moment: float) -> int:
        return 0 if self._count(whose, moment) <= self._most else max(1, int(WINDOW - moment % WINDOW))

    def _count(self, whose: bytes, moment: float) -> int:
        """How often this one knocked in the running minute, with this time."""
        if not self._is_on:
            return 0
        self._start_minute(int(moment // WINDOW))
        at = self._hashed(b"slot", whose, int(moment // HOUR)) % SLOTS * 2
        count = int.from_bytes(self._counts[at : at + 2]) + 1
        self._counts[at : at + 2] = min(count, 65535).to_bytes(2)
        return count

    def lane(self, address: str, now: float | None = None) -> int:
        """Which of a few lanes this address stands in for an hour; then it is another, and nobody can say which."""
        moment = self._clock() if now is None else now
        return self._hashed(b"lane", _network(address), int(moment // HOUR)) % LANES

    def _start_minute(self, minute: int) -> None:
        if int.from_bytes(self._minute[:]) != minute:
            self._minute[:] = minute.to_bytes(8)
            self._counts[:] = bytes(SLOTS * 2)

    def _hashed(self, purpose: bytes, whose: bytes, hour: int) -> int:
        key = hmac.digest(self._seed, purpose + hour.to_bytes(8), "sha256")
        return int.from_bytes(hmac.digest(key, whose, "sha256")[:4])


class Line:
    """Where a complaint waits its turn instead of being refused: many from one address are kept back a little each."""

    def __init__(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._standing = 0

    async def wait(self, limiter: Limiter, address: str) -> int:
        """Waits its turn. Where the line is too long: seconds until whoever filed may press Send again."""
        before, seconds = limiter.line_for(address)
        if before == 0:
            return 0
        if before > LONGEST_LINE or self._standing >= MOST_IN_LINE:
            return seconds
        self._standing += 1
        try:
            await self._sleep(before)
        finally:
            self._standing -= 1
        return 0


_LINE = Line()


async def stand_in_line(request: Request) -> int:
    """Before a complaint of the form takes a thread: 0 when it may go on, else the seconds to be told."""
    return await _LINE.wait(request.app.state.filings_limit, _address(request))


InLine = Annotated[int, Depends(stand_in_line)]


def wait_for_lookup(request: Request) -> int:
    """Seconds this address has to wait before it tries another passphrase."""
    seconds: int = request.app.state.lookups_limit.wait_for(_address(request))
    return seconds


def wait_for_draft(request: Request) -> int:
    """Seconds this address has to wait before one more new draft of it is saved; its form goes on unsaved."""
    seconds: int = request.app.state.drafts_limit.wait_for(_address(request))
    return seconds


def wait_for_sign_in(request: Request) -> int:
    """Seconds this address has to wait before it tries another name and password."""
    seconds: int = request.app.state.sign_ins_limit.wait_for(_address(request))
    return seconds


def sign_in_lane(request: Request) -> int:
    """In which lane of the strangers to a name this one stands."""
    lane: int = request.app.state.sign_ins_limit.lane(_address(request))
    return lane


def wait_for_upload(request: Request) -> int:
    """Seconds this address has to wait before a file of it is kept again that no complaint names yet."""
    seconds: int = request.app.state.uploads_limit.wait_for(_address(request))
    return seconds


async def filings_pass(request: Request) -> None:
    """A route's dependency: refuses with 429 where filings come too fast; in memory, so it needs no thread."""
    _pass(request.app.state.filings_limit.wait_for(_address(request)))


async def lookups_pass(request: Request) -> None:
    """A route's dependency: refuses with 429 where look-ups come too fast."""
    _pass(wait_for_lookup(request))


def _pass(seconds: int) -> None:
    if seconds:
        raise TooOften(seconds)


def _address(request: Request) -> str:
    """Who knocks. Behind HTTPS stands a proxy, and the last address it adds is the one that it has seen itself.

    Without this all the world would share one count, and one stranger could use it up for everybody.
    """
    if request.app.state.settings.is_https:
        seen = request.headers.getlist("x-forwarded-for")
        last = seen[-1].rpartition(",")[2].strip() if seen else ""
        if last:
            return last
    return request.client.host if request.client else ""


def _network(address: str) -> bytes:
    """One IPv4 address, or one IPv6 /56 as a household has it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return b"unknown"
    if isinstance(found, ipaddress.IPv6Address):
        # As a server that listens to both kinds of address names one of the older kind.
        return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:7]
    return found.packed
