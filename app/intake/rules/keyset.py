"""Where a page of filings begins: the moment and the id of the last one shown, as one word for an address."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.kernel.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def mark(moment: datetime, row_id: UUID) -> str:
    """The last row of a page, exactly."""
    data = ((moment - EPOCH) // MICROSECOND).to_bytes(8) + row_id.bytes
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def read(text: str) -> tuple[datetime, UUID]:
    """The same back."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return EPOCH + int.from_bytes(data[:8]) * MICROSECOND, UUID(bytes=data[8:])
    except (ValueError, OverflowError, binascii.Error):
        raise Invalid({"cursor": "This page's mark cannot be read. Begin again at the first page."}) from None
