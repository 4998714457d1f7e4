"""Which cases a person may know of, and one of them."""

from uuid import UUID

from sqlalchemy import Row, Select, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account, AccountRole, Wall
from app.access.walls import may_know
from app.access.work import Work
from app.cases.records import Case


def visible_cases(work: Work) -> Select[Case]:
    """The cases this person may know of: by role, less those behind a wall."""
    work.need(Permission.CASE_READ)
    walled = select(Wall.case_id).where(Wall.account_id == work.actor.id, Wall.lifted_at.is_(None))
    return select(Case).where(Case.id.not_in(walled), may_know(work, Case.id))


def get_case(work: Work, case_id: UUID, *, for_update: bool = False) -> Case:
    """One case, or 404."""
    query = visible_cases(work).where(Case.id == case_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def case_of_clock(work: Work, case_id: UUID) -> Case:
    """The case whose clock somebody moved: they may know of the clock, and row security says how much of the case."""
    return one_or_not_found(work, select(Case).where(Case.id == case_id))


def case_by_number(work: Work, number: str) -> Case | None:
    """The case of that number, if it is this person's to see."""
    return work.session.scalars(visible_cases(work).where(Case.number == number)).one_or_none()


def account_named(work: Work, name: str) -> UUID | None:
    """The account of that user name."""
    return work.session.scalar(select(Account.id).where(Account.name == name))


def user_name(work: Work, account_id: UUID | None) -> str | None:
    """The user name of an account."""
    return work.session.scalar(select(Account.name).where(Account.id == account_id)) if account_id else None


def investigators(work: Work) -> list[Row[UUID, str, str]]:
    """Who may lead a case: id, user name and the name shown."""
    query = select(Account.id, Account.name, Account.display_name)
    query = query.join(AccountRole, AccountRole.account_id == Account.id)
    query = query.where(AccountRole.role == "investigator", Account.status == "active").order_by(Account.name)
    return list(work.session.execute(query))


def names_of(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    """How people of the office are shown beside what they did."""
    if not ids:
        return {}
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row.id: row.display_name for row in rows}
