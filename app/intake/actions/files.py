"""The files of a filing: kept before any row names them, and opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID, uuid4

from app.access.acts import never_stopped
from app.access.work import Work
from app.infra.files import stored_of
from app.infra.sniff import sniff
from app.infra.storage import StoredFile, TooLarge
from app.intake import queries
from app.intake.events import FilingFileOpened
from app.intake.records import FilingFile
from app.intake.rules import filing as rules
from app.intake.rules.draft import Kept
from app.kernel.errors import Invalid

HEAD = 4096


@dataclass(frozen=True)
class Sent:
    """A file that came with the form, stored before the transaction ends."""

    name: str
    media_type: str
    stored: StoredFile


def keep_upload(work: Work, name: str, source: BinaryIO, *, limit: int) -> Sent:
    """Stores a file sealed before any row names it; what it is, its content says, and the rulebook what is taken."""
    media_type = sniff(source.read(HEAD))
    source.seek(0)
    rules.check_file_type(work.book, media_type)
    try:
        stored = work.storage.put(source, limit=limit)
    except TooLarge:
        raise Invalid({"file": rules.TOO_LARGE}) from None
    return Sent(rules.file_name(name), media_type, stored)


def sent_of(kept: Kept) -> Sent:
    """The file that a draft names."""
    return Sent(kept.name, kept.media_type, stored_of(kept))


def kept_of(sent: Sent, file_id: str, at: int) -> Kept:
    """What a draft, or a slip for one, says of a stored file."""
    return Kept(
        id=file_id,
        name=sent.name,
        media_type=sent.media_type,
        size=sent.stored.size,
        sha256=sent.stored.sha256,
        object_name=sent.stored.name,
        wrapped_key=sent.stored.wrapped_key,
        kept_at=at,
    )


def attach(work: Work, filing_id: UUID, file: Sent, *, message_id: UUID | None = None) -> FilingFile:
    stored = file.stored
    return work.put(
        FilingFile(
            id=uuid4(),
            filing_id=filing_id,
            message_id=message_id,
            file_name=file.name,
            media_type=file.media_type,
            size=stored.size,
            sha256=stored.sha256,
            object_name=stored.name,
            wrapped_key=stored.wrapped_key,
            stored_at=work.now,
        )
    )


@never_stopped("history stays and is read")
def open_filing_file(work: Work, filing_id: UUID, file_id: UUID) -> tuple[FilingFile, Iterator[bytes]]:
    """A file of a filing, piece by piece; the opening stands in the journal."""
    filing = queries.get_filing(work, filing_id)
    file = queries.get_file(work, filing.id, file_id)
    work.happened(FilingFileOpened(case_id=filing.case_id, filing_id=filing.id, file_id=file.id))
    return file, work.storage.open(stored_of(file))
