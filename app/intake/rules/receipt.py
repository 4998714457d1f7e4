"""The exact bytes of a filing, and the receipt that proves the complaint filed is the complaint kept."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.kernel.canonical import Json, canonical_json

FILING_FORMAT = "candor filing v1"
RECEIPT_FORMAT = "candor1"
SALT = 32


class BadReceipt(ValueError):
    """The text is not a receipt; a letter may be wrong or missing."""


@dataclass(frozen=True)
class FiledDocument:
    sha256: bytes
    size: int


@dataclass(frozen=True)
class Receipt:
    """Version 1: `candor1.<entry id>.<leaf hash>`, both in base64url without padding."""

    entry_id: UUID
    leaf: bytes

    @property
    def text(self) -> str:
        return f"{RECEIPT_FORMAT}.{_written(self.entry_id.bytes)}.{_written(self.leaf)}"

    @classmethod
    def parse(cls, text: str) -> "Receipt":
        parts = "".join(text.split()).split(".")
        if len(parts) != 3 or parts[0] != RECEIPT_FORMAT:
            raise BadReceipt("A receipt has three parts and begins with candor1.")
        return cls(UUID(bytes=_read(parts[1], 16)), _read(parts[2], 32))


def filing_bytes(
    said: Mapping[str, Json], language: str, received_at: datetime, files: Sequence[FiledDocument]
) -> bytes:
    """Canonical filing v1: what was said, in which language, when received, each file's digest in order."""
    if received_at.tzinfo is None:
        raise ValueError("a moment has a time zone")
    return canonical_json(
        {
            "format": FILING_FORMAT,
            "said": said,
            "language": language,
            "received_at": received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "files": [{"sha256": file.sha256.hex(), "size": file.size} for file in files],
        }
    )


def commitment(salt: bytes, filing: bytes) -> bytes:
    """What the journal keeps of a filing. Once the salt is destroyed it says nothing, even to a guesser."""
    if len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes")
    return hmac.digest(salt, filing, hashlib.sha256)


def opens(committed: bytes, salt: bytes, filing: bytes) -> bool:
    """Whether these are the very bytes that the journal committed to."""
    return hmac.compare_digest(committed, commitment(salt, filing))


def proves(receipt: Receipt, entry_body: bytes) -> bool:
    """Whether the receipt was given for this journal entry (RFC 6962 leaf hash of its bytes)."""
    return hmac.compare_digest(receipt.leaf, hashlib.sha256(b"\x00" + entry_body).digest())


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _read(text: str, length: int) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as error:
        raise BadReceipt("A receipt holds letters, digits, - and _ only.") from error
    # base64 has several spellings of the same bytes, and Python skips strange letters: only ours counts.
    if len(data) != length or _written(data) != text:
        raise BadReceipt("A part of the receipt is incomplete or misspelt.")
    return data
