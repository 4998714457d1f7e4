"""The core of tus 1.0: what its headers ask, and a body taken piece by piece while no thread waits for it."""

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from app.infra.arriving import PIECE, Arrival, Conflict
from app.infra.sniff import HEAD
from app.infra.storage import NoRoom

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
BODY = "application/offset+octet-stream"
DIGEST = "candor-digest"
IDLE = 30.0  # seconds without a byte: the line is given up, and what came is kept
NO_ROOM = "There is no room for this file here now. Send your complaint without it, and call us."
LONGEST = 3600.0  # seconds: after that whoever sends asks again
KEEP_AFTER = 5.0  # seconds: a slow line loses no more than this when the server dies
MOST_AT_ONCE = 300  # bodies that one process receives at the same moment
# Threads of their own: those that answer pages never wait for an upload. None is started before the process forks.
PIECES = ThreadPoolExecutor(3, "pieces")
WHOLES = ThreadPoolExecutor(1, "wholes")

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,16}", re.ASCII)
T = TypeVar("T")


class Turned(Exception):
    """A request that is not taken, with the status that the protocol has for it."""

    def __init__(self, status: int, words: str, wait: int = 0) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.wait = wait


class Busy:
    """How many bodies this process receives now."""

    def __init__(self) -> None:
        self.now = 0

    def __enter__(self) -> None:
        if self.now >= MOST_AT_ONCE:
            raise Turned(503, "Many files arrive at this moment. Try again in a little while.", 10)
        self.now += 1

    def __exit__(self, *_: object) -> None:
        self.now -= 1


BUSY = Busy()


def check_version(request: Request) -> None:
    """Nothing else is spoken here. No header may make one method of another."""
    if request.headers.get("tus-resumable") != VERSION:
        raise Turned(412, "This address speaks tus 1.0.0.")
    if request.headers.get("x-http-method-override"):
        raise Turned(400, "A method is said as it is.")


def wanted_length(request: Request, most: int) -> int:
    """How long the file will be; a length said later, or a file made of others, is not taken."""
    if "upload-concat" in request.headers or "upload-defer-length" in request.headers:
        raise Turned(400, "A file comes as one, and its length is said first.")
    length = _number(request, "upload-length")
    if length > most:
        raise Turned(413, "This file is too large.")
    if not length:
        raise Turned(400, "This file is empty.")
    return length


def wanted_name(request: Request) -> str:
    """What the file is called, as the sender says; nothing depends on it."""
    return _said(request, "filename")


def wanted_mark(request: Request) -> str:
    """By what the sender will know the same file again; none where it cannot tell."""
    said = _said(request, "mark")
    return said if _DIGEST.fullmatch(said) else ""


def said_digest(request: Request) -> str:
    """The digest of the whole file, where its sender says it; one that is none is no file's."""
    return request.headers.get(DIGEST, "")[:100]


def _said(request: Request, name: str) -> str:
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == name:
            try:
                return base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""


def wanted_offset(request: Request) -> int:
    """Where this body begins."""
    if request.headers.get("content-type") != BODY:
        raise Turned(415, f"The body is {BODY}.")
    return _number(request, "upload-offset")


def _number(request: Request, name: str) -> int:
    said = request.headers.getlist(name)
    if len(said) != 1 or not _NUMBER.fullmatch(said[0]):
        raise Turned(400, f"{name} is one whole number.")
    return int(said[0])


def answered(status: int, **headers: str) -> Response:
    """An answer without a body."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status_code=status, headers={"tus-resumable": VERSION, "cache-control": "no-store"} | said)


def turned_away(turned: Turned, say: Callable[[str], str] = str) -> Response:
    """Why not, in words that the page shows, in its language."""
    headers = {"tus-resumable": VERSION, "tus-version": VERSION, "cache-control": "no-store"}
    wait = {"retry-after": str(turned.wait)} if turned.wait else {}
    return Response(say(turned.words), turned.status, headers | wait, media_type="text/plain")


async def in_thread(pool: ThreadPoolExecutor, do: Callable[..., T], *given: object) -> T:
    """Does what takes a moment outside the loop that answers everybody."""
    return await asyncio.get_running_loop().run_in_executor(pool, do, *given)


async def take(request: Request, arrival: Arrival, start: int, length: int, check: Callable[[bytes], None]) -> int:
    """Keeps what comes, from there on, and returns where it ends; whoever breaks off loses nothing that came.

    `check` sees the first bytes of a file, and may refuse it before the rest is sent in vain.
    """
    clock = asyncio.get_running_loop()
    waiting, at, since = bytearray(), start, clock.time()
    with BUSY:
        async for data in _received(request):
            if at + len(waiting) + len(data) > length:
                raise Turned(413, "More came than was said.")
            waiting += data
            if at == 0 and len(waiting) >= min(HEAD, length):
                check(bytes(waiting[:HEAD]))
            if len(waiting) >= PIECE or clock.time() - since > KEEP_AFTER:
                at, since = await _keep(arrival, at, waiting), clock.time()
        return await _keep(arrival, at, waiting)


async def _keep(arrival: Arrival, at: int, waiting: bytearray) -> int:
    if not waiting:
        return at
    piece = bytes(waiting)
    waiting.clear()
    try:
        await in_thread(PIECES, arrival.add, at, piece)
    except Conflict:
        raise Turned(409, "Something else came here first. Ask again how far it is.") from None
    except NoRoom:
        raise Turned(507, NO_ROOM) from None
    return at + len(piece)


async def _received(request: Request) -> AsyncIterator[bytes]:
    """The body until its end, or until the line is cut, silent, or open for too long."""
    stream = aiter(request.stream())
    ends = asyncio.get_running_loop().time() + LONGEST
    while asyncio.get_running_loop().time() < ends:
        try:
            async with asyncio.timeout(IDLE):
                data = await anext(stream)
        except (StopAsyncIteration, ClientDisconnect, TimeoutError):
            return
        if data:
            yield data
