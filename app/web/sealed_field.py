"""A hidden field that only we can read or write: what a form carries from page to page, kept nowhere here."""

import base64
import binascii
import re
import secrets
import zlib

from app.access.work import House
from app.infra.sealing import SealingError, open_sealed, seal

ID = re.compile(r"[A-Za-z0-9_-]{22}")


def new_id() -> str:
    """The random name of one form that is being filled in."""
    return secrets.token_urlsafe(16)


def seal_field(house: House, purpose: str, field_id: str, data: bytes, arrived: int) -> str:
    """The data with the moment, sealed to this form and this purpose."""
    sealed = seal(_key(house, purpose), arrived.to_bytes(8) + zlib.compress(data), _place(purpose, field_id))
    return f"{field_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def open_field(house: House, purpose: str, text: str, arrived: int, *, seconds: int) -> bytes | None:
    """The data; None where it was altered, belongs to another form, or is older than that."""
    field_id, _, sealed = text.partition(".")
    if not ID.fullmatch(field_id):
        return None
    try:
        opened = open_sealed(_key(house, purpose), base64.urlsafe_b64decode(sealed), _place(purpose, field_id))
    except (SealingError, ValueError, binascii.Error):
        return None
    return zlib.decompress(opened[8:]) if int.from_bytes(opened[:8]) + seconds > arrived else None


def _key(house: House, purpose: str) -> bytes:
    return house.keys.derive(f"field:{purpose}")


def _place(purpose: str, field_id: str) -> bytes:
    return f"field|{purpose}|{field_id}|v1".encode()
