"""The outermost layer: sizes before anything is read, where an unsafe request came from, and safe headers."""

import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.infra.db import Door
from app.web.doors import STAFF_DOORS, door_of
from app.web.problems import problem_bytes
from app.web.tus import BODY
from app.web.uploads import LARGEST_FILE, LARGEST_READ

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

LARGEST_BODY = 512 * 1024
LARGEST_UPLOAD = LARGEST_READ
# Built files are named by their content: a changed one has another name.
FOR_EVER = b"public, max-age=31536000, immutable"
SAFE = {"GET", "HEAD", "OPTIONS"}
# Where a browser says that it fetches a page before anybody asked for it.
AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")
SAME = {"same-origin", "none"}
TOO_LARGE = "This is larger than the form takes."
# Asked by machines that know the process by its number, not by the site's name; their answers hold nothing of it.
PROBES = {"/healthz", "/readyz"}


class TooLargeError(Exception):
    """The body grew past what the route takes."""


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: Application, *, origin: str, hosts: frozenset[str], https: bool) -> None:
        self._app = app
        self._origin = origin
        self._hosts = hosts
        self._https = https

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Of a header that comes twice the first counts, as it does for whoever reads the body.
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
        scope.setdefault("state", {})
        scope["state"].update(nonce=secrets.token_urlsafe(18), arrived=int(time.time()))
        refused = self._refusal(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        if scope["method"] == "HEAD" and not scope["path"].startswith("/api/"):
            # What watches over a site asks so: answered as the page would be, and the server leaves the body out.
            scope = {**scope, "method": "GET"}
        await self._pass_on(scope, receive, send, headers)

    def _refusal(self, scope: Message, headers: dict[str, str]) -> tuple[int, str] | None:
        if self._hosts and scope["path"] not in PROBES and headers.get("host", "").rsplit(":", 1)[0] not in self._hosts:
            return 400, "This address does not belong to this site."
        if _declared(headers) > largest_body(scope["path"], headers):
            return 413, TOO_LARGE
        if _is_ahead(headers) and door_of(scope["path"]) is not Door.PUBLIC:
            return 403, "Pages here open when somebody opens them: to open one is an event, and is kept."
        if scope["method"] not in SAFE and not self._is_ours(scope["path"], headers):
            return 403, "This request came from another site. Open the page here and send it again."
        return None

    def _is_ours(self, path: str, headers: dict[str, str]) -> bool:
        """Fetch metadata decides; without it the Origin; the resident's door never suffers for an old phone."""
        if path.startswith("/api/"):
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in SAME
        origin = headers.get("origin")
        if origin is None or origin == "null":
            return door_of(path) is Door.RESIDENT or origin is None
        return origin.split("://", 1)[-1] == headers.get("host", "")

    async def _pass_on(self, scope: Message, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        body = _Counted(receive, largest_body(scope["path"], headers))
        answer = _Dressed(send, scope, body, https=self._https)
        try:
            await self._app(scope, body, answer)
        except TooLargeError:
            if not answer.has_started:
                await _answer(send, 413, TOO_LARGE)


class _Counted:
    """The body as it arrives, counted: what was declared is not believed."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self.is_over = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.is_over = True
            raise TooLargeError
        return message


class _Dressed:
    """The answer as it leaves, with the headers that every answer carries."""

    def __init__(self, send: Send, scope: Message, body: _Counted, *, https: bool) -> None:
        self._send = send
        self._scope = scope
        self._body = body
        self._https = https
        self.has_started = False

    async def __call__(self, message: Message) -> None:
        if self._body.is_over and not self.has_started:
            # Whoever read the body may have called it unreadable by now; it was too large.
            raise TooLargeError
        if message["type"] == "http.response.start":
            self.has_started = True
            message["headers"] = _with_defaults(message.get("headers", []), self._scope, https=self._https)
        await self._send(message)


def largest_body(path: str, headers: dict[str, str]) -> int:
    """How many bytes a request may have: files come as multipart forms of a page, or in pieces; nothing else is large.

    A program's body is read whole before anybody looks at what it is, so it stays small whatever it calls itself.
    """
    if headers.get("content-type") == BODY and path.startswith("/file/uploads/"):
        return LARGEST_FILE
    is_form = headers.get("content-type", "").startswith("multipart/form-data") and not path.startswith("/api/")
    return LARGEST_UPLOAD if is_form else LARGEST_BODY


def _is_ahead(headers: dict[str, str]) -> bool:
    """True for a prefetch or prerender: whoever then follows the link fetches the page again, and opens it."""
    return any(headers.get(name, "").startswith(("prefetch", "prerender", "preview")) for name in AHEAD)


def _declared(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _with_defaults(given: list[tuple[bytes, bytes]], scope: Message, *, https: bool) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in given}
    wanted = security_headers(scope["path"], scope["state"]["nonce"], https=https)
    return [*given, *((name, value) for name, value in wanted if name not in present)]


def security_headers(path: str, nonce: str, *, https: bool) -> list[tuple[bytes, bytes]]:
    """The headers every answer carries; public pages run no script at all, and residents' pages need none."""
    door = door_of(path)
    script = "'none'" if door is Door.PUBLIC else f"'nonce-{nonce}'"
    # No text becomes markup but by htmx, behind its guard (decision 31).
    trusted = "htmx" if door in STAFF_DOORS else "'none'"
    policy = (
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"require-trusted-types-for 'script'; trusted-types {trusted}"
    )
    headers = [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), interest-cohort=()"),
        (b"cache-control", FOR_EVER if path.startswith("/static/") else b"no-store"),
    ]
    if https:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers


async def _answer(send: Send, status: int, words: str) -> None:
    body = problem_bytes(status, words)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
