"""Selects of what waits until a second person agrees: links, roles that groups give, and tokens of machines."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.access.machines import OPENS_NOTHING
from app.access.records import Account, AccountRole, Machine, OneTimeLink
from app.access.work import Work
from app.administration.rules import GROUPS
from app.kernel.errors import NotFound

TOO_LATE = "This was answered already, or it is too late for it."


@dataclass(frozen=True)
class Waiting:
    """Whom or what it lets in, as what, and who wants that."""

    account_id: UUID
    what: str
    whose: str
    may: tuple[str, ...]
    made_by: str
    purpose: str
    expires_at: datetime
    is_mine: bool


def waiting_link(work: Work, account_id: UUID, *, groups: bool = False) -> OneTimeLink:
    """The one of this person, held until the transaction ends."""
    kind = OneTimeLink.purpose == GROUPS if groups else OneTimeLink.purpose != GROUPS
    query = _links(work).where(OneTimeLink.account_id == account_id, kind).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound(TOO_LATE)
    return row


def waiting_machine(work: Work, machine_id: UUID) -> Machine:
    """The one of this id, held likewise."""
    row = work.session.scalars(_machines(work).where(Machine.account_id == machine_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(TOO_LATE)
    return row


def group_question(work: Work, account_id: UUID) -> OneTimeLink | None:
    """Which roles of groups wait for somebody's agreement."""
    query = _links(work).where(OneTimeLink.account_id == account_id, OneTimeLink.purpose == GROUPS)
    return work.session.scalars(query.with_for_update()).one_or_none()


def agreed_roles(work: Work, account_id: UUID) -> frozenset[str]:
    """The roles of groups to which somebody has agreed, for this person."""
    query = select(OneTimeLink.roles).where(
        OneTimeLink.account_id == account_id, OneTimeLink.purpose == GROUPS, OneTimeLink.agreed_by_id.is_not(None)
    )
    return frozenset(role for roles in work.session.scalars(query) for role in roles or ())


def all_waiting(work: Work) -> list[Waiting]:
    """That of everybody but whoever looks, the oldest first."""
    links = list(work.session.scalars(_links(work).where(OneTimeLink.account_id != work.actor.id)))
    machines = list(work.session.scalars(_machines(work)))
    if not links and not machines:
        return []
    names = {row.id: row.display_name for row in work.session.execute(select(Account.id, Account.display_name))}
    roles: dict[UUID, list[str]] = {}
    held = select(AccountRole).where(AccountRole.account_id.in_({row.account_id for row in links}))
    for one in work.session.scalars(held.order_by(AccountRole.role)):
        roles.setdefault(one.account_id, []).append(one.role)
    found = [_link(work, row, names, tuple(row.roles or roles.get(row.account_id, []))) for row in links]
    found += [_machine(work, row, names) for row in machines]
    return sorted(found, key=lambda each: each.expires_at)


def _link(work: Work, row: OneTimeLink, names: dict[UUID, str], roles: tuple[str, ...]) -> Waiting:
    return Waiting(
        row.account_id,
        GROUPS if row.purpose == GROUPS else "link",
        names[row.account_id],
        roles,
        names[row.made_by_id] if row.made_by_id else "",
        row.purpose,
        row.expires_at,
        row.made_by_id in work.actor.places,
    )


def _machine(work: Work, row: Machine, names: dict[UUID, str]) -> Waiting:
    return Waiting(
        row.account_id,
        "machine",
        names[row.account_id],
        tuple(row.scopes),
        names[row.made_by_id],
        f"{row.purpose}. {names[row.owner_id]} answers for it",
        row.expires_at,
        row.made_by_id in work.actor.places,
    )


def _links(work: Work) -> Select[OneTimeLink]:
    return select(OneTimeLink).where(
        OneTimeLink.waits,
        OneTimeLink.agreed_at.is_(None),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > work.now,
    )


def _machines(work: Work) -> Select[Machine]:
    return select(Machine).where(
        Machine.agreed_by_id.is_(None),
        Machine.ended_at.is_(None),
        Machine.expires_at > work.now,
        ~Machine.scopes.contained_by(sorted(map(str, OPENS_NOTHING))),
    )
