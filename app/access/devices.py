"""Devices that somebody has signed in from: a sealed mark in a long-lived cookie, nothing kept on the server."""

import base64
import hmac
import re
import secrets
from uuid import UUID

from app.infra.keys import Keys

MOST_PEOPLE = 6
_SHAPE = re.compile(r"[\w-]{22}(\.[\w-]{22}){0,6}", re.ASCII)


def device_knowing(keys: Keys, cookie: str, account_id: UUID | None) -> str | None:
    """The device's id, if this very person has signed in from it before."""
    if account_id is None or not _SHAPE.fullmatch(cookie):
        return None
    device, *marks = cookie.split(".")
    mark = _mark(keys, device, account_id)
    return device if any(hmac.compare_digest(mark, given) for given in marks) else None


def remember(keys: Keys, cookie: str, account_id: UUID) -> str:
    """The cookie with this person added; a device that several people share keeps the last few of them."""
    device, *marks = cookie.split(".") if _SHAPE.fullmatch(cookie) else [secrets.token_urlsafe(16)]
    mark = _mark(keys, device, account_id)
    return ".".join([device, *[other for other in marks if other != mark][1 - MOST_PEOPLE :], mark])


def _mark(keys: Keys, device: str, account_id: UUID) -> str:
    digest = hmac.digest(keys.derive("device"), device.encode() + account_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
