"""Selects of machines: what each may do, who answers for it, when it was last here and when it ends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.access.machines import OPENS_NOTHING
from app.access.permissions import Permission, Role
from app.access.reading import found
from app.access.records import Account, AccountRole, Machine, MachineUse
from app.access.work import Work
from app.administration.queries.accounts import visible_accounts

# Whose machine would not be the office's.
OUTSIDE = (Role.LIAISON, Role.OUTSIDER)


@dataclass(frozen=True)
class MachineLine:
    """One machine as its page shows it."""

    machine: Machine
    name: str
    owner: str
    made_by: str
    agreed_by: str
    waits: bool
    last_day: date
    used_on: date | None
    used_for: str
    ends_soon: bool

    @property
    def id(self) -> UUID:
        """By which it is named."""
        return self.machine.account_id


def visible_machines(work: Work) -> Select[Machine]:
    """Every machine, for those who manage accounts."""
    work.need(Permission.USER_MANAGE)
    return select(Machine)


def get_machine(work: Work, machine_id: UUID, *, for_update: bool = False) -> Machine:
    """One machine, or 404."""
    query = visible_machines(work).where(Machine.account_id == machine_id)
    return found(work.session.scalars(query.with_for_update() if for_update else query).one_or_none())


def list_machines(work: Work) -> list[MachineLine]:
    """Those that stand first, what ends soonest at the top."""
    query = visible_machines(work).order_by(Machine.ended_at.is_not(None), Machine.expires_at)
    return [_line(work, machine) for machine in work.session.scalars(query)]


def show_machine(work: Work, machine_id: UUID) -> MachineLine:
    """One of them."""
    return _line(work, get_machine(work, machine_id))


def standing_machines_of(work: Work, owner_id: UUID) -> list[Machine]:
    """Those that a person answers for."""
    query = select(Machine).where(Machine.owner_id == owner_id, Machine.ended_at.is_(None))
    return list(work.session.scalars(query.with_for_update()))


def ending_machines(work: Work, before: datetime) -> list[Machine]:
    """Those that stand, as far as anybody noted, and end before a moment."""
    query = select(Machine).where(Machine.ended_at.is_(None), Machine.expires_at <= before)
    return list(work.session.scalars(query.with_for_update(skip_locked=True)))


def orphaned_machines(work: Work) -> list[Machine]:
    """Those whose owner has no account any more that opens anything: they open nothing either, since that moment."""
    standing = select(Account.id).where(Account.status == "active")
    query = select(Machine).where(Machine.ended_at.is_(None), Machine.owner_id.not_in(standing))
    return list(work.session.scalars(query.with_for_update(skip_locked=True)))


def owners(work: Work) -> list[tuple[str, str]]:
    """Who may answer for a machine: people of the office."""
    of_office = select(AccountRole.account_id).where(AccountRole.role.not_in(OUTSIDE))
    query = visible_accounts(work).where(Account.status == "active", Account.id.in_(of_office))
    return [(person.name, person.display_name) for person in work.session.scalars(query.order_by(Account.display_name))]


def owner_named(work: Work, name: str, among: Collection[str]) -> Account | None:
    """One of them."""
    if name not in among:
        return None
    return work.session.scalars(visible_accounts(work).where(Account.name == name)).one_or_none()


def _line(work: Work, machine: Machine) -> MachineLine:
    ids = (machine.account_id, machine.owner_id, machine.made_by_id, machine.agreed_by_id)
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    names = {row.id: row.display_name for row in rows}
    used = work.session.scalars(select(MachineUse).where(MachineUse.account_id == machine.account_id)).one_or_none()
    warn_days = work.house.access.machines.warn_days
    return MachineLine(
        machine=machine,
        name=names[machine.account_id],
        owner=names[machine.owner_id],
        made_by=names[machine.made_by_id],
        agreed_by=names.get(machine.agreed_by_id, ""),
        waits=machine.ended_at is None and machine.agreed_by_id is None and not set(machine.scopes) <= OPENS_NOTHING,
        last_day=last_day_of(work, machine),
        used_on=used.used_on if used is not None else None,
        used_for=used.used_for if used is not None else "",
        ends_soon=machine.ended_at is None and (last_day_of(work, machine) - work.today).days <= warn_days,
    )


def last_day_of(work: Work, machine: Machine) -> date:
    """The last day on which it opens anything: it ends with the first moment of the next."""
    return date.fromordinal(machine.expires_at.astimezone(work.house.zone).date().toordinal() - 1)
