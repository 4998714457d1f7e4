"""The second person: whoever is let in, by a link, by groups or as a machine, is let in by two and is neither."""

import hmac
from uuid import UUID

from app.access.factors import KEY_NAME
from app.access.permissions import Permission, Role
from app.access.records import OneTimeLink
from app.access.sessions import hash_of, new_secret
from app.access.work import Work
from app.administration.commands import SettleLink
from app.administration.events import (
    GroupsAgreed,
    GroupsRefused,
    GroupsWait,
    LinkAgreed,
    LinkRefused,
    MachineAgreed,
    MachineRefused,
)
from app.administration.queries import letting_in as queries
from app.administration.rules import GROUPS, GROUPS_LIFE
from app.infra.codes import new_paper_code, paper_hash
from app.kernel.errors import NotAllowed

MADE_IT = "You made this link. Somebody else agrees to it."
MADE_TOKEN = "You made this token. Somebody else agrees to it."  # noqa: S105 - no secret, a sentence
MAY_RUN_IT = (
    "Whoever manages accounts may run the city’s accounts too, and so be the one who gave this group. "
    "The director or the secretary agrees."
)


def agree(work: Work, ask: SettleLink) -> str:
    """From now on it opens; whoever made it, or stands in for them, does not agree to it. Of a link: the code."""
    work.need(Permission.WAY_BACK_GIVE)
    work.need_step_up()
    code = ""
    if ask.what == "machine":
        _agree_to_machine(work, ask.account)
    elif ask.what == "groups":
        _agree_to_groups(work, ask.account)
    else:
        code = agree_to_link(work, ask.account)
    work.flush()
    return code


def refuse(work: Work, ask: SettleLink) -> None:
    """It opens nothing any more; whoever made it may take it back as well."""
    work.need(Permission.WAY_BACK_GIVE)
    if ask.what == "machine":
        _refuse_machine(work, ask.account)
    else:
        _refuse_link(work, ask)
    work.flush()


def agree_to_link(work: Work, account_id: UUID) -> str:
    """A link by which somebody chooses a password, or has their account linked with the provider's.

    It opens with the code that is given back, shown this once: whoever made the link knows it, and else could open it
    before the one it is for.
    """
    link = _waiting(work, account_id, groups=False)
    if link.made_by_id in work.actor.places:
        raise NotAllowed(MADE_IT)
    code = new_paper_code()
    link.second_hash = paper_hash(work.keys.derive(KEY_NAME), account_id.bytes, code)
    link.agreed_by_id, link.agreed_at = work.actor.id, work.now
    work.happened(LinkAgreed(account_id=account_id))
    return code


def opens_with(work: Work, link: OneTimeLink, code: str) -> bool:
    """Whether this is the code of the second person; a link that needed none opens without."""
    if link.second_hash is None:
        return True
    return hmac.compare_digest(link.second_hash, paper_hash(work.keys.derive(KEY_NAME), link.account_id.bytes, code))


def wait_for_second(work: Work, account_id: UUID, new: frozenset[Role]) -> frozenset[Role]:
    """Those of the roles that groups give somebody for the first time to which nobody has agreed: asked for, once."""
    wanted = new - queries.agreed_roles(work, account_id)
    asked = queries.group_question(work, account_id)
    if not wanted or (asked is not None and set(asked.roles or ()) == wanted):
        return wanted
    if asked is not None:
        asked.expires_at = work.now
    work.add(
        OneTimeLink(
            secret_hash=hash_of(new_secret()),
            account_id=account_id,
            purpose=GROUPS,
            expires_at=work.now + GROUPS_LIFE,
            waits=True,
            roles=sorted(wanted),
        )
    )
    work.happened(GroupsWait(account_id=account_id, roles=tuple(sorted(wanted))))
    work.flush()
    return wanted


def _agree_to_groups(work: Work, account_id: UUID) -> None:
    asked = _waiting(work, account_id, groups=True)
    if work.may(Permission.USER_MANAGE):
        raise NotAllowed(MAY_RUN_IT)
    asked.agreed_by_id, asked.agreed_at = work.actor.id, work.now
    work.happened(GroupsAgreed(account_id=account_id, roles=tuple(asked.roles or ())))


def _refuse_link(work: Work, ask: SettleLink) -> None:
    link = _waiting(work, ask.account, groups=ask.what == GROUPS)
    link.expires_at = work.now
    if ask.what == GROUPS:
        work.happened(GroupsRefused(account_id=ask.account, roles=tuple(link.roles or ())))
    else:
        work.happened(LinkRefused(account_id=ask.account))


def _agree_to_machine(work: Work, machine_id: UUID) -> None:
    machine = queries.waiting_machine(work, machine_id)
    if machine.made_by_id in work.actor.places:
        raise NotAllowed(MADE_TOKEN)
    machine.agreed_by_id, machine.agreed_at = work.actor.id, work.now
    work.happened(MachineAgreed(machine_id=machine_id, owner_id=machine.owner_id))


def _refuse_machine(work: Work, machine_id: UUID) -> None:
    machine = queries.waiting_machine(work, machine_id)
    machine.ended_at, machine.ended_why = work.now, "revoked"
    work.happened(MachineRefused(machine_id=machine_id, owner_id=machine.owner_id))


def _waiting(work: Work, account_id: UUID, *, groups: bool) -> OneTimeLink:
    link = queries.waiting_link(work, account_id, groups=groups)
    if account_id in work.actor.places:
        raise NotAllowed("Nobody lets themselves in. Two others do this.")
    return link
