"""Encryption of single values at rest: sealed to their place, under one data key for each person."""

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY = 32
NONCE = 12
TAG = 16
# The first byte of whatever is sealed, so that another algorithm can one day stand beside this one.
VERSION = b"\x01"

Kind = Literal["email", "phone", "name"]


class SealingError(Exception):
    """It cannot be opened. Never says why: the reason is of use to an attacker only."""


def aad(table: str, column: str, row_id: UUID | str, key_id: str) -> bytes:
    """Where a value belongs; opened anywhere else, or under another key, it fails."""
    parts = (table, column, str(row_id), key_id)
    if any(not part or "|" in part for part in parts):
        raise ValueError("a part of a place is a word without a bar")
    return "|".join((*parts, "v1")).encode()


def seal(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return VERSION + nonce + AESGCM(_whole(key)).encrypt(nonce, plaintext, aad)


def open_sealed(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    if sealed[:1] != VERSION or len(sealed) < len(VERSION) + NONCE + TAG:
        raise SealingError
    nonce, body = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    try:
        return AESGCM(_whole(key)).decrypt(nonce, body, aad)
    except InvalidTag:
        raise SealingError from None


def new_data_key() -> bytes:
    return os.urandom(KEY)


def wrap_key(master: bytes, data_key: bytes, person_id: UUID, key_id: str) -> bytes:
    """Erasing a person is deleting this wrapped key: every copy of their data, in any backup, is noise."""
    return seal(master, _whole(data_key), key_place(person_id, key_id))


def unwrap_key(master: bytes, wrapped: bytes, person_id: UUID, key_id: str) -> bytes:
    return open_sealed(master, wrapped, key_place(person_id, key_id))


def blind_index(key: bytes, kind: Kind, value: str) -> bytes:
    """For exact matches of names, e-mail and telephone; never for dates, sex or race: too few values."""
    message = kind.encode() + b"\x00" + normalise(kind, value).encode()
    return hmac.digest(_whole(key), message, hashlib.sha256)


def normalise(kind: Kind, value: str) -> str:
    tidied = _TIDY[kind](_composed(_composed(value).casefold()))
    # What is taken out may bring two marks together that only now compose.
    return _composed(tidied)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _email(text: str) -> str:
    return "".join(text.split())


def _name(text: str) -> str:
    # O'Brien, O’Brien and OBrien are one name, and so are Ann-Marie and Ann Marie.
    without = re.sub(r"['’ʼ`.,]", "", text)
    return " ".join(re.sub(r"[\s\-\u2010-\u2015]+", " ", without).split())


def _telephone(text: str) -> str:
    number = re.split(r"x|ext|#", text, maxsplit=1)[0]
    digits = "".join(str(unicodedata.decimal(mark)) for mark in number if mark.isdecimal())
    digits = digits.removeprefix("00")
    # North American numbers are written with and without their country code.
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


_TIDY: dict[Kind, Callable[[str], str]] = {"phone": _telephone, "email": _email, "name": _name}


def key_place(person_id: UUID, key_id: str) -> bytes:
    """Where the wrapped key of one person belongs."""
    return aad("persons", "data_key", person_id, key_id)


def _whole(key: bytes) -> bytes:
    # AESGCM would take 16 or 24 bytes as well and quietly be a weaker cipher.
    if len(key) != KEY:
        raise ValueError("a key has 32 bytes")
    return key
