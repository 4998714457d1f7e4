"""What waits without an answer, for the mails that the worker writes to others."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, and_, func, literal, not_, or_, select, text

from app.access.records import Account, AccountRole, Wall
from app.access.walls import is_free
from app.access.work import Work
from app.clocks import rules
from app.clocks.queries.lapses import has_open_warning, led_by
from app.clocks.queries.lines import case_lines
from app.clocks.records import Clock, ClockWarning

OPEN = and_(ClockWarning.ended_on.is_(None), ClockWarning.acknowledged_at.is_(None))

_STANDING_IN = text(
    "SELECT d.deputy_id, s.absent, s.lent FROM (SELECT DISTINCT deputy_id FROM absences"
    " WHERE ended_at IS NULL AND ends_at > now()) d, stood_in_for(d.deputy_id) s"
)


@dataclass(frozen=True)
class Reader:
    """Somebody whom a digest is for."""

    id: UUID
    email: str
    roles: frozenset[str]
    # Their own place, and theirs for whom they stand in today; their roles are among these.
    places: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Due:
    """A line of a digest: a case number and a date."""

    number: str
    due_on: date


@dataclass(frozen=True)
class Unanswered:
    """Who is meant by the warnings that nobody has answered: leads of cases, and roles they rose to."""

    leads: frozenset[UUID]
    levels: frozenset[str]


def readers(work: Work) -> list[Reader]:
    """People of the office who can be written to."""
    query = select(Account.id, Account.email, func.array_agg(AccountRole.role))
    query = query.join(AccountRole, AccountRole.account_id == Account.id)
    query = query.where(Account.status == "active", Account.email.is_not(None), Account.department_id.is_(None))
    rows = work.session.execute(query.group_by(Account.id, Account.email))
    lent = _lent(work)
    return [_reader(row[0], row[1] or "", frozenset(row[2]), lent.get(row[0], [])) for row in rows]


def _lent(work: Work) -> dict[UUID, list[tuple[UUID, frozenset[str]]]]:
    """For whom each deputy stands in today, and with which roles."""
    found: dict[UUID, list[tuple[UUID, frozenset[str]]]] = {}
    for row in work.session.execute(_STANDING_IN):
        found.setdefault(row.deputy_id, []).append((row.absent, frozenset(row.lent)))
    return found


def _reader(account_id: UUID, email: str, own: frozenset[str], lent: list[tuple[UUID, frozenset[str]]]) -> Reader:
    roles = own.union(*(roles for _, roles in lent))
    return Reader(account_id, email, roles, (account_id, *(absent for absent, _ in lent)))


def unanswered(work: Work) -> Unanswered:
    """Asked once a night, in two statements."""
    rows = list(work.session.execute(select(ClockWarning.case_id, ClockWarning.level).where(OPEN).distinct()))
    lines = case_lines(work, {row.case_id for row in rows})
    leads = {line.lead_id for line in lines.values() if line.lead_id is not None}
    return Unanswered(frozenset(leads), frozenset(row.level for row in rows))


def digest_of(work: Work, account: Reader, *, most: int) -> list[Due]:
    """The clocks without an answer that this person holds, or that rose to their role; none behind a wall."""
    walled = select(Wall.case_id).where(Wall.account_id.in_(account.places), Wall.lifted_at.is_(None))
    held = and_(or_(*(led_by(work, each) for each in account.places), literal(value=False)), has_open_warning())
    risen = has_open_warning(ClockWarning.level.in_(sorted(account.roles)))
    query = select(Clock.case_id, Clock.due_on).where(not_(Clock.case_id.in_(walled)), or_(held, risen))
    query = query.where(is_free(Clock.case_id, account.id))
    rows = list(work.session.execute(query.order_by(Clock.due_on, Clock.id).limit(most)))
    lines = case_lines(work, {row.case_id for row in rows})
    return [Due(lines[row.case_id].number, row.due_on) for row in rows if row.case_id in lines]


def unexplained(work: Work, most: int) -> list[Row[ClockWarning, Clock]]:
    """Lapses that nobody has explained, of clocks that have stopped since."""
    query = select(ClockWarning, Clock).join(Clock, Clock.id == ClockWarning.clock_id)
    query = query.where(OPEN, ClockWarning.step == rules.LAPSED, Clock.stopped_on.is_not(None))
    return list(work.session.execute(query.order_by(ClockWarning.raised_on.desc(), ClockWarning.id).limit(most)))
