"""What the worker sends out for the journal."""

from uuid import UUID

from app.access.work import Work
from app.administration import letters
from app.administration.actions import checkpoints as checkpoint_actions
from app.administration.queries import checkpoints


def publish_checkpoint(work: Work) -> None:
    """Once an hour: more often would tell when an anonymous complaint came in, which is known to the hour alone."""
    checkpoint_actions.publish_checkpoint(work)


def mail_checkpoint(work: Work, mail_id: UUID) -> None:
    """One checkpoint to one address outside, once."""
    mail = checkpoints.get_mail(work, mail_id)
    if mail.sent_at is None and work.house.mail.is_on:
        subject, text = letters.checkpoint_mail(work, mail)
        checkpoint_actions.note_sent(work, mail)
        work.house.mail.send(mail.address, subject, text)
