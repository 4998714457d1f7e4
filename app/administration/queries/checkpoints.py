"""Checkpoints that left the house: what was published, what was sent, and what they prove."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.audit import proofs
from app.audit.checkpoints import Signer
from app.audit.events import CheckpointMailed, CheckpointPublished
from app.audit.records import Checkpoint, CheckpointMail, JournalEntry, JournalLeaf, PublishedCheckpoint
from app.intake.rules.receipt import Receipt
from app.kernel.errors import NotFound

A_PAGE = 50
AT_ONCE = 1000
# What publishing itself writes is no news: else a house in which nothing happens would publish for ever.
OWN = (CheckpointPublished.tag, CheckpointMailed.tag)


def signer(work: Work) -> Signer:
    """Who signs this installation's checkpoints."""
    return Signer(f"candor/{work.house.agency}", work.keys.checkpoint_key)


def last_published(work: Work) -> PublishedCheckpoint | None:
    """The last that everybody could see."""
    return proofs.last_published(work.session)


def newest(work: Work) -> Checkpoint | None:
    """The last that was signed."""
    return proofs.newest_checkpoint(work.session)


def check_growth(work: Work, old_size: int, new_size: int) -> None:
    """Refuses where the newer tree did not grow out of the older."""
    proofs.consistency_path(work.session, old_size, new_size)


def published(work: Work, *, before: int | None = None) -> list[PublishedCheckpoint]:
    """The newest first; one more than a page shows, so that it is known whether another follows."""
    query = select(PublishedCheckpoint).order_by(PublishedCheckpoint.number.desc()).limit(A_PAGE + 1)
    if before is not None:
        query = query.where(PublishedCheckpoint.number < before)
    return list(work.session.scalars(query))


def published_after(work: Work, after: int) -> list[PublishedCheckpoint]:
    """The oldest first, for a machine that keeps them all."""
    query = select(PublishedCheckpoint).where(PublishedCheckpoint.number > after)
    return list(work.session.scalars(query.order_by(PublishedCheckpoint.number).limit(AT_ONCE)))


def get_published(work: Work, size: int) -> PublishedCheckpoint:
    """The checkpoint of so many entries, or 404: those that were not published are nobody's business."""
    return one_or_not_found(work, select(PublishedCheckpoint).where(PublishedCheckpoint.size == size))


def has_grown(work: Work, since: int) -> bool:
    """Whether anything but publishing itself happened after so many entries."""
    entry = select(JournalEntry.id).where(JournalEntry.id == JournalLeaf.entry_id, JournalEntry.tag.not_in(OWN))
    query = select(JournalLeaf.index).where(JournalLeaf.index >= since, entry.exists()).limit(1)
    return work.session.scalar(query) is not None


def consistency(work: Work, old_size: int, new_size: int) -> dict[str, Any]:
    """That one published checkpoint grew out of another, as a file."""
    if old_size > new_size:
        raise NotFound()
    old, new = get_published(work, old_size), get_published(work, new_size)
    path = proofs.consistency_path(work.session, old.size, new.size)
    return proofs.consistency_document(old.note, new.note, path, signer(work).verifier_key)


def place_of_receipt(work: Work, receipt: Receipt) -> proofs.Place | None:
    """Where the entry of a receipt stands under the last published checkpoint."""
    return proofs.place_of(work.session, receipt.entry_id, receipt.leaf, published=True)


def proof_of_receipt(work: Work, receipt: Receipt) -> dict[str, Any]:
    """The same as a file; whoever has the receipt may have it, for it says nothing of the complaint."""
    place = place_of_receipt(work, receipt)
    if place is None:
        raise NotFound()
    return proofs.proof_document(place, signer(work).verifier_key, receipt=receipt.text)


def mail_is_due(work: Work, every: timedelta) -> bool:
    """Whether so long has passed since the last was sent outside."""
    last = work.session.scalar(select(func.max(CheckpointMail.due_at)))
    return last is None or work.now - last >= every


def get_mail(work: Work, mail_id: UUID) -> CheckpointMail:
    """One checkpoint on its way."""
    return one_or_not_found(work, select(CheckpointMail).where(CheckpointMail.id == mail_id))


def get_numbered(work: Work, number: int) -> PublishedCheckpoint:
    """A published checkpoint by its running number."""
    return one_or_not_found(work, select(PublishedCheckpoint).where(PublishedCheckpoint.number == number))


def mailed_before(work: Work, mail: CheckpointMail) -> PublishedCheckpoint | None:
    """What was last meant for the same address before."""
    query = select(func.max(CheckpointMail.number)).where(
        CheckpointMail.address == mail.address, CheckpointMail.number < mail.number
    )
    number = work.session.scalar(query)
    return get_numbered(work, number) if number is not None else None


def unsent(work: Work) -> list[CheckpointMail]:
    """Those that did not go out yet."""
    return list(work.session.scalars(select(CheckpointMail).where(CheckpointMail.sent_at.is_(None))))


def mails_waiting(work: Work, longer_than: timedelta) -> int:
    """How many checkpoints should have reached somebody outside and did not."""
    waits = CheckpointMail.sent_at.is_(None) & (CheckpointMail.due_at < work.now - longer_than)
    return work.session.scalar(select(func.count(CheckpointMail.id)).where(waits)) or 0


def sizes(rows: Sequence[PublishedCheckpoint]) -> list[tuple[PublishedCheckpoint, int | None]]:
    """Each with the size of the one before it, where the list goes so far."""
    return [(row, rows[at + 1].size if at + 1 < len(rows) else None) for at, row in enumerate(rows)]
