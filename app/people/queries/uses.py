"""Who used the vault, for those who answer for it and for the filer; never a name that was read."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.access.permissions import Permission
from app.access.records import Account
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.people.records import VaultUse
from app.people.rules import OPENED, REASON_WORDS, UNUSUAL_WORDS, Pace

FEW = 100


@dataclass(frozen=True)
class Seen:
    """For the filer: the day on which somebody of a role read their name, and whether that was unusual."""

    role: str
    on: datetime
    is_unusual: bool


@dataclass(frozen=True)
class UseLine:
    """One use as a page shows it."""

    id: UUID
    what: str
    who: str
    role: str
    used_at: datetime
    why: str
    refers_to: str
    case_id: UUID | None
    filing_id: UUID | None
    label: str
    unusual: str
    looked_at: datetime | None


def pace_of(work: Work, kind: str) -> Pace:
    """How often this person used the vault lately; two requests of theirs at once are counted one after the other."""
    row = work.session.execute(select(func.my_vault_pace(kind, work.now).table_valued("hour", "today", "usual"))).one()
    return Pace(row.hour, row.today, row.usual)


def visible_uses(work: Work) -> Select[VaultUse]:
    """Uses of the vault, for those who answer for them; row security keeps those of walled cases away."""
    work.need(Permission.VAULT_REVIEW)
    return select(VaultUse)


def unusual_uses(work: Work) -> list[VaultUse]:
    """What was out of the ordinary and nobody else has looked at yet, the oldest first; never one's own."""
    query = visible_uses(work).where(VaultUse.unusual != "", VaultUse.looked_at.is_(None))
    query = query.where(or_(VaultUse.account_id.is_(None), VaultUse.account_id.not_in(work.actor.places)))
    return list(work.session.scalars(query.order_by(VaultUse.used_at, VaultUse.id).limit(FEW)))


def latest_uses(work: Work) -> list[VaultUse]:
    """All uses, the latest first."""
    query = visible_uses(work).order_by(VaultUse.used_at.desc(), VaultUse.id)
    return list(work.session.scalars(query.limit(FEW)))


def uses_of_person(work: Work, person_id: UUID) -> list[VaultUse]:
    """Who read this name, for whoever may read it; the latest first."""
    work.need(Permission.IDENTITY_OPEN)
    query = select(VaultUse).where(VaultUse.person_id == person_id)
    return list(work.session.scalars(query.order_by(VaultUse.used_at.desc(), VaultUse.id).limit(FEW)))


def lines_of(work: Work, uses: list[VaultUse]) -> list[UseLine]:
    """The same with the names of those who did it, and the numbers of cases."""
    accounts = {each.account_id for each in uses if each.account_id}
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(accounts)))
    names = {row.id: row.display_name for row in rows}
    cases = {each.case_id for each in uses if each.case_id}
    numbers = {key: line.number for part in work.parts("case_lines") for key, line in part(work, cases).items()}
    return [
        _line(each, names.get(each.account_id or each.id, ""), numbers.get(each.case_id or each.id, ""))
        for each in uses
    ]


def _line(use: VaultUse, who: str, number: str) -> UseLine:
    return UseLine(
        id=use.id,
        what="Opened a name" if use.kind == OPENED else f"Looked somebody up, {use.hits or 0} shown",
        who=who,
        role=use.role,
        used_at=use.used_at,
        why=REASON_WORDS.get(use.reason, use.reason),
        refers_to=use.refers_to,
        case_id=use.case_id,
        filing_id=use.filing_id,
        label=number,
        unusual=UNUSUAL_WORDS.get(use.unusual, ""),
        looked_at=use.looked_at,
    )


def uses_to_look_at(work: Work) -> WaitingList | None:
    """On the first page of whoever answers for the vault: what was out of the ordinary."""
    if not work.may(Permission.VAULT_REVIEW):
        return None
    lines = lines_of(work, unusual_uses(work))
    rows = [Waiting(f"{each.who}: {each.what}", "/office/vault", each.unusual) for each in lines]
    return WaitingList("Unusual use of names", rows) if rows else None


def seen_by_filer(work: Work, filing_id: UUID) -> list[Seen]:
    """For the filer: each day on which somebody of a role read their name, the first first."""
    columns = (VaultUse.role, VaultUse.used_at, VaultUse.unusual)
    query = select(*columns).where(VaultUse.filing_id == filing_id, VaultUse.kind == OPENED)
    days: dict[tuple[str, date], Seen] = {}
    for row in work.session.execute(query.order_by(VaultUse.used_at).limit(FEW)):
        key = (row.role, row.used_at.astimezone(work.house.zone).date())
        before = days.get(key)
        days[key] = Seen(row.role, row.used_at, bool(row.unusual) or (before is not None and before.is_unusual))
    return list(days.values())
