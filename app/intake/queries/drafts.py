"""A saved draft, found by its passphrase alone; what is found is sealed under it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from app.access.work import Work

_FIND = text("SELECT content, until FROM find_draft(:lookup)")


@dataclass(frozen=True)
class SavedDraft:
    """What is kept of a draft: its sealed bytes, and none where it ended."""

    sealed: bytes | None
    ends_on: date


def saved_draft(work: Work, lookup: bytes) -> SavedDraft | None:
    """The draft that a passphrase belongs to; one whose last day is over has ended, emptied or not."""
    row = work.session.execute(_FIND, {"lookup": lookup}).one_or_none()
    if row is None:
        return None
    return SavedDraft(row.content if row.until >= work.today else None, row.until)
