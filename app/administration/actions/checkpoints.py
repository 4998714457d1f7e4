"""Takes the journal's checkpoints out of the house: shown to everybody, and sent to addresses outside."""

from datetime import timedelta
from uuid import uuid4

from app.access.work import Work
from app.administration.queries import checkpoints as queries
from app.audit.checkpoints import Verifier
from app.audit.events import CheckpointMailed, CheckpointPublished
from app.audit.records import CheckpointMail, PublishedCheckpoint


def publish_checkpoint(work: Work) -> PublishedCheckpoint | None:
    """Publishes the newest checkpoint where the journal has grown; one that rewrites the last is never published."""
    newest, last = queries.newest(work), queries.last_published(work)
    if newest is None or (last is not None and not queries.has_grown(work, last.size)):
        return None
    if last is not None:
        queries.check_growth(work, last.size, newest.size)
    Verifier(queries.signer(work).verifier_key).verify(newest.note)
    number = last.number + 1 if last is not None else 1
    row = work.add(PublishedCheckpoint(number=number, size=newest.size, note=newest.note, published_at=work.now))
    # With the new ones those that could not be sent before.
    mails = [*queries.unsent(work), *_mails(work, number)]
    entry_id = work.happened(CheckpointPublished(number=number, size=newest.size, root=newest.root.hex()))
    for mail in mails:
        work.defer("mail_checkpoint", {"mail_id": str(mail.id)}, entry_id)
    return row


def _mails(work: Work, number: int) -> list[CheckpointMail]:
    house = work.house
    if not house.witnesses or not queries.mail_is_due(work, timedelta(hours=house.witness_hours)):
        return []
    return [
        work.add(CheckpointMail(id=uuid4(), number=number, address=address, due_at=work.now, sent_at=None))
        for address in house.witnesses
    ]


def note_sent(work: Work, mail: CheckpointMail) -> None:
    """It goes out now; written down first, for a message cannot be undone."""
    mail.sent_at = work.now
    work.happened(CheckpointMailed(number=mail.number, mail_id=mail.id))
    work.flush()
