"""The second person of a link: whoever reads cases is let in by two, and neither of them is the one let in."""

from uuid import UUID

from app.access.permissions import Permission
from app.access.records import OneTimeLink
from app.access.work import Work
from app.administration.events import LinkAgreed, LinkRefused
from app.administration.queries import letting_in as queries
from app.kernel.errors import NotAllowed


def agree_to_link(work: Work, account_id: UUID) -> None:
    """From now on the link opens; whoever made it, or stands in for them, does not agree to it."""
    work.need(Permission.WAY_BACK_GIVE)
    work.need_step_up()
    link = _waiting(work, account_id)
    if link.made_by_id in work.actor.places:
        raise NotAllowed("You made this link. Somebody else agrees to it.")
    link.agreed_by_id, link.agreed_at = work.actor.id, work.now
    work.happened(LinkAgreed(account_id=account_id))
    work.flush()


def refuse_link(work: Work, account_id: UUID) -> None:
    """It opens nothing any more; whoever made it may take it back as well."""
    work.need(Permission.WAY_BACK_GIVE)
    link = _waiting(work, account_id)
    link.expires_at = work.now
    work.happened(LinkRefused(account_id=account_id))
    work.flush()


def _waiting(work: Work, account_id: UUID) -> OneTimeLink:
    link = queries.waiting_link(work, account_id)
    if account_id in work.actor.places:
        raise NotAllowed("Nobody lets themselves in. Two others do this.")
    return link
