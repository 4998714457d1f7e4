"""What the page of walls shows: the compartments and who is inside, what is kept, the sides, and who has read what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access import sides
from app.access.compartments import OF_CASES, SIDES, Kind, Side
from app.access.keeping import kept_matter, labels_of
from app.access.permissions import Permission
from app.access.records import Account
from app.access.work import Work
from app.cases.queries.visible import names_of
from app.cases.records import Case
from app.people.records import Identity, Person


@dataclass(frozen=True)
class ShownSide:
    """Somebody on a side of the case."""

    id: UUID
    who: str
    side: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ShownReading:
    """That somebody has read what is kept."""

    who: str
    what: str
    role: str
    at: datetime


def walls_tab(work: Work, case: Case) -> tuple[str, str] | None:
    """The tab of walls, for those who may change them; without a count."""
    return ("Who sees what", f"/office/cases/{case.id}/walls") if work.may(Permission.CASE_ASSIGN) else None


def walls_view(work: Work, case: Case) -> dict[str, Any]:
    """All that the page shows, as far as whoever asks is inside."""
    rules = work.house.access.compartments
    mine = work.house.access.inside(work.actor.roles)
    return {
        "compartments": [(str(kind), rule, str(kind) in mine) for kind, rule in rules.items()],
        "kept": [(kind, rules[Kind(kind)].label) for kind in case.compartments],
        "keep_kinds": [(str(kind), rules[kind].label) for kind in OF_CASES if str(kind) not in case.compartments],
        "matter": [(each.label, ", ".join(labels_of(work, each.marks))) for each in kept_matter(work, case.id)],
        "sides": _sides(work, case.id),
        "side_kinds": [(str(side), f"Somebody who {words}") for side, words in SIDES.items()],
        "people": _people(work),
        "readings": _readings(work, case.id),
    }


def _sides(work: Work, case_id: UUID) -> list[ShownSide]:
    found = sides.sides_of(work, case_id)
    names = names_of(work, {each.account_id for each in found} | {each.named_by_id for each in found})
    return [
        ShownSide(
            each.id,
            names.get(each.account_id, ""),
            SIDES[Side(each.side)],
            each.reason,
            names.get(each.named_by_id, ""),
            each.named_at,
        )
        for each in found
    ]


def _readings(work: Work, case_id: UUID) -> list[ShownReading]:
    found = sides.readings_of(work, case_id)
    names = names_of(work, {row.account_id for row in found})
    return [
        ShownReading(names.get(row.account_id, ""), labels_of(work, [row.kind])[0], row.role, row.read_at)
        for row in found
    ]


def _people(work: Work) -> list[tuple[UUID, str]]:
    query = select(Account.id, Account.display_name, Account.title)
    query = query.where(Account.status == "active", Account.department_id.is_(None)).order_by(Account.display_name)
    rows = work.session.execute(query)
    return [(row.id, f"{row.display_name}, {row.title}" if row.title else row.display_name) for row in rows]


def identities_of_filers(work: Work, case_id: UUID) -> list[Identity]:
    """Who filed this case, sealed; for the machinery that keeps them apart."""
    query = select(Identity).join(Person, Person.id == Identity.person_id)
    return list(work.session.scalars(query.where(Person.case_id == case_id, Person.role == "filer")))
