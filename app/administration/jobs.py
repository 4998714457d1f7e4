"""What the worker sends out: word of an account to its person, without content, and checkpoints to the outside."""

from uuid import UUID

from app.access.permissions import Role
from app.access.work import Work
from app.administration import letters
from app.administration.actions import checkpoints as checkpoint_actions
from app.administration.actions import machines as machine_actions
from app.administration.queries import checkpoints
from app.administration.queries import told as queries


def tell_account(work: Work, account_id: UUID) -> None:
    """Something happened to somebody's sign-in; sent twice it does no harm."""
    _send(work, queries.address_of(work, account_id), letters.account_changed(work))


def tell_auditors(work: Work) -> None:
    """Somebody was let in by two: with a link, or with a way back."""
    for address in queries.addresses_of(work, Role.AUDITOR):
        _send(work, address, letters.way_back_granted(work))


def tell_machine_owner(work: Work, owner_id: UUID) -> None:
    """Something happened to the token of a machine that this person answers for."""
    _send(work, queries.address_of(work, owner_id), letters.machine_changed(work))


def look_after_machines(work: Work) -> None:
    """Every hour: tokens that are over are noted, and owners are told of those that soon are."""
    machine_actions.look_after_machines(work)


def _send(work: Work, address: str | None, letter: tuple[str, str]) -> None:
    if address and work.house.mail.is_on:
        work.house.mail.send(address, *letter)


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
