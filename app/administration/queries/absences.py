"""Who is away, who stands in for them, and who could."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.access.absences import Absence
from app.access.reading import one_or_not_found
from app.access.records import Account, AccountRole
from app.access.work import Work
from app.kernel.errors import Invalid, NotFound


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, with the roles that are their own."""

    account: Account
    roles: frozenset[str]


@dataclass(frozen=True)
class Away:
    """An absence that runs or is to come, as its page shows it."""

    absence: Absence
    whose: str
    deputy: str
    is_running: bool
    is_me: bool
    is_mine_to_stand_in: bool


def person(work: Work, account_id: UUID, field: str) -> Person:
    """Somebody who can sign in now."""
    query = select(Account).where(Account.id == account_id, Account.status == "active")
    account = work.session.scalars(query).one_or_none()
    if account is None:
        raise Invalid({field: "Choose somebody of the list."})
    roles = work.session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id))
    return Person(account, frozenset(roles))


def hold(work: Work, *accounts: UUID) -> None:
    """Whoever says something of these people at the same moment waits, and sees what was said; in one order for all."""
    query = select(Account.id).where(Account.id.in_(accounts)).order_by(Account.id).with_for_update()
    work.session.execute(query).all()


def people(work: Work) -> list[Person]:
    """Everybody who can sign in, by the name shown."""
    accounts = work.session.scalars(select(Account).where(Account.status == "active").order_by(Account.display_name))
    roles: dict[UUID, set[str]] = {}
    for row in work.session.execute(select(AccountRole.account_id, AccountRole.role)):
        roles.setdefault(row.account_id, set()).add(row.role)
    return [Person(account, frozenset(roles.get(account.id, ()))) for account in accounts]


def may_say_for(work: Work, roles: frozenset[str]) -> bool:
    """By one's own roles: what is lent to somebody lends nothing on."""
    return work.house.access.deputies.may_say_for(work.actor.own_roles, roles)


def others(work: Work) -> list[Person]:
    """Those for whom whoever asks may say that they are away."""
    return [each for each in people(work) if each.account.id != work.actor.id and may_say_for(work, each.roles)]


def may_stand_in(work: Work, absent: Person, deputy: Person) -> bool:
    """Of the same group of roles and, where they are of a department, of the same one; and somebody else."""
    lent, _ = work.house.access.deputies.lent(absent.roles, deputy.roles)
    same = absent.account.department_id == deputy.account.department_id
    return bool(lent) and same and absent.account.id != deputy.account.id


def deputies_for(work: Work, whom: list[Person]) -> list[Person]:
    """Who could stand in for one of these; nobody chooses themselves."""
    known = [each for each in people(work) if each.account.id != work.actor.id]
    return [each for each in known if any(may_stand_in(work, absent, each) for absent in whom)]


def standing(work: Work, *of: ColumnElement[bool]) -> list[Absence]:
    """What runs or is to come."""
    query = select(Absence).where(Absence.ended_at.is_(None), Absence.ends_at > work.now, *of)
    return list(work.session.scalars(query.order_by(Absence.first_day, Absence.id)))


def in_these_days(work: Work, account_id: UUID, first_day: date, last_day: date) -> list[Absence]:
    """Standing absences of one person that share a day with these."""
    return standing(
        work, Absence.account_id == account_id, Absence.first_day <= last_day, Absence.last_day >= first_day
    )


def get_absence(work: Work, absence_id: UUID) -> Absence:
    """One that still stands, for those whom it is about or who may say it."""
    query = select(Absence).where(Absence.id == absence_id, Absence.ended_at.is_(None), Absence.ends_at > work.now)
    row = one_or_not_found(work, query.with_for_update())
    if work.actor.id in (row.account_id, row.deputy_id, row.said_by_id):
        return row
    if not may_say_for(work, person(work, row.account_id, "account").roles):
        raise NotFound()
    return row


def absences_shown(work: Work) -> list[Away]:
    """Those that are about whoever asks, and of those for whom they may say it."""
    whom = [each.account.id for each in others(work)]
    me = work.actor.id
    rows = standing(work, or_(Absence.account_id == me, Absence.deputy_id == me, Absence.account_id.in_(whom)))
    names = {each.account.id: each.account.display_name for each in people(work)}
    return [_shown(work, row, names) for row in rows]


def _shown(work: Work, row: Absence, names: dict[UUID, str]) -> Away:
    return Away(
        row,
        names.get(row.account_id, "somebody"),
        names.get(row.deputy_id, "somebody"),
        row.starts_at <= work.now,
        row.account_id == work.actor.id,
        row.deputy_id == work.actor.id,
    )
