"""Fills an empty installation with plausible cases for load tests, marked so that nobody can take them for real."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from sqlalchemy import func, select, text

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.records import Account, AccountRole
from app.access.work import House, Work, open_work
from app.cases.records import Case
from app.imports.bulk import insert_rows
from app.imports.plausible.case import ORIGIN, Drawing, Plan, Staff
from app.imports.plausible.law import Law
from app.imports.plausible.telling import Teller
from app.infra.db import Door
from app.infra.schema import bare
from app.intake.records import Filing
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.people.records import Officer
from app.policy.records import Installation

BATCH = 2000
YEARS = 8
# The newest cases are open, fewer the older they are: three in a hundred of all.
OPEN_AMONG_NEWEST = 0.06
OPEN_FOR_EVER = 0.0005
WITH_FILING = 0.25
CASES_TO_AN_OFFICER = 10
CASES_TO_A_WAITING_FILING = 2500
MOST_LEADS, OPEN_TO_A_LEAD = 40, 60
FEWEST_OFFICERS = 40

Advance = Callable[[int], None]


class CasesGenerated(Event):
    """A batch of invented cases was written for load tests; every row of it names this entry."""

    tag: ClassVar[str] = "imports:cases:generated"
    sentence: ClassVar[str] = "Generated {cases} invented cases for load tests (seed {seed}, batch {batch})."

    seed: int
    batch: int
    cases: int
    officers: int


class ColleaguesGenerated(Event):
    """Invented investigators without a password, so that cases have somebody to lead them."""

    tag: ClassVar[str] = "imports:colleagues:generated"
    sentence: ClassVar[str] = "Added {count} invented investigators who cannot sign in."

    count: int


class InstallationMarked(Event):
    """From now on this installation holds invented cases, and says so on every page."""

    tag: ClassVar[str] = "imports:installation:marked"
    sentence: ClassVar[str] = "Marked the installation as one of invented cases."

    cases: int
    seed: int


@dataclass(frozen=True)
class Generated:
    """How much was written."""

    cases: int
    open: int
    rows: dict[str, int]


def check_empty(house: House) -> None:
    """Refuses where anything stands that somebody may care about."""
    with open_work(house, Actor.system("generate", Door.OFFICE)) as work:
        people = work.session.scalar(select(func.count()).where(~Account.is_demonstration)) or 0
    with open_work(house, _actor()) as work:
        kinds = (Case.id, Filing.id, Officer.id)
        is_used = any(work.session.scalar(select(kind).limit(1)) is not None for kind in kinds)
    if people or is_used:
        raise Refused("Only an empty installation can be filled: name another folder with --data.")


def generate(house: House, cases: int, seed: int, advance: Advance, *, today: date | None = None) -> Generated:
    """All in one transaction, a journal entry for each batch: a generation that is stopped leaves nothing."""
    check_empty(house)
    draw = Random(seed)  # noqa: S311 -- repeatable on purpose; nothing here is secret
    _add_colleagues(house, Teller(Random(seed)), min(MOST_LEADS, cases * 3 // 100 // OPEN_TO_A_LEAD))  # noqa: S311
    with open_work(house, _actor()) as work:
        staff = Staff(_accounts(work, Role.INVESTIGATOR), next(iter(_accounts(work, Role.SUPERVISOR)), None))
        day = today or work.today
        drawing = Drawing(draw, _laws(house, draw), staff, day)
        plans = _plans(draw, cases, day)
        counts: dict[str, int] = {}
        for batch, start in enumerate(range(0, cases, BATCH), 1):
            chosen = plans[start : start + BATCH]
            _draw_batch(drawing, chosen, day, officers_first=batch == 1, cases=cases)
            _write(work, drawing, CasesGenerated(seed=seed, batch=batch, cases=len(chosen), officers=0), counts)
            advance(len(chosen))
        _mark(work, cases, seed)
    return Generated(cases, sum(plan.is_open for plan in plans), counts)


def tidy(owner_url: str) -> None:
    """What the database itself would do in the next hour: statistics, and the map of what everybody may see."""
    with psycopg.connect(bare(owner_url), autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in tables:
            connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(name)))


def _draw_batch(drawing: Drawing, plans: list[Plan], today: date, *, officers_first: bool, cases: int) -> None:
    drawing.rows.clear()
    if officers_first:
        for _ in range(max(FEWEST_OFFICERS, cases // CASES_TO_AN_OFFICER)):
            drawing.officer()
        for _ in range(3 + cases // CASES_TO_A_WAITING_FILING):
            drawing.unscreened(today - timedelta(days=drawing.draw.randint(0, 6)))
    for plan in plans:
        drawing.case(plan)


def _write(work: Work, drawing: Drawing, event: CasesGenerated, counts: dict[str, int]) -> None:
    officers = len(drawing.rows[Officer])
    entry_id = work.happened(event.model_copy(update={"officers": officers}))
    for kind, rows in drawing.rows.items():
        if rows:
            insert_rows(work, kind, rows, entry_id)
        counts[kind.__tablename__] = counts.get(kind.__tablename__, 0) + len(rows)
    # The references of this batch are checked now, so that the list of what is to be checked does not grow for ever.
    work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    work.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def _plans(draw: Random, cases: int, today: date) -> list[Plan]:
    """When each case came and whether it is still open, oldest first."""
    received = sorted(today - timedelta(days=int(draw.random() * 365.25 * YEARS)) for _ in range(cases))
    return [_plan(draw, day, (cases - place) / cases) for place, day in enumerate(received)]


def _plan(draw: Random, day: date, from_newest: float) -> Plan:
    chance = max(OPEN_FOR_EVER, 1 - from_newest / OPEN_AMONG_NEWEST)
    return Plan(day, draw.random() < chance, from_newest < WITH_FILING)


def _laws(house: House, draw: Random) -> dict[date, Law]:
    """The agency's rulebooks by the day they took effect, newest first."""
    return {book.effective_from: Law(book, draw) for book in reversed(house.policies.of(house.agency))}


def _accounts(work: Work, role: Role) -> list[UUID]:
    query = select(Account.id).join(AccountRole, AccountRole.account_id == Account.id)
    query = query.where(AccountRole.role == role, Account.status == "active")
    return list(work.session.scalars(query.order_by(Account.name)))


def _add_colleagues(house: House, tell: Teller, count: int) -> None:
    with open_work(house, Actor.system("generate", Door.OFFICE)) as work:
        known = set(work.session.scalars(select(Account.name)))
        names = [name for name in (f"generated{number}" for number in range(1, count + 1)) if name not in known]
        for name in names:
            account = work.add(
                Account(
                    id=uuid4(),
                    name=name,
                    display_name=f"{tell.first_name()} {tell.surname()}",
                    title="Investigator",
                    status="active",
                    is_demonstration=True,
                    created_at=work.now,
                )
            )
            work.add(AccountRole(account_id=account.id, role=Role.INVESTIGATOR))
        if names:
            work.happened(ColleaguesGenerated(count=len(names)))


def _mark(work: Work, cases: int, seed: int) -> None:
    installation = work.session.scalars(select(Installation)).one()
    installation.is_demonstration = True
    installation.settings = {**installation.settings, ORIGIN: {"cases": cases, "seed": seed}}
    work.happened(InstallationMarked(cases=cases, seed=seed))


def _actor() -> Actor:
    return Actor.system("generate")
