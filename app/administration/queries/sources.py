"""The sources of the rulebook in force: by when each is read again and by whom, and what leans on it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.access.permissions import Permission, Role
from app.access.records import Account, AccountRole
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.administration import rules
from app.administration.queries.health import Check
from app.administration.records import ChangeSeen, SourceReading
from app.kernel.errors import NotFound
from app.policy.model import Rulebook
from app.policy.model.law import Source
from app.policy.sources import Leaning, has_expired, leaning

FEW = 12
HOME = "/office/rulebook/sources"


@dataclass(frozen=True)
class Known:
    """What every line is made from."""

    today: date
    book: Rulebook
    latest: Mapping[str, SourceReading]
    changed: Mapping[str, SourceReading]
    roles: frozenset[str]


@dataclass(frozen=True)
class SourceLine:
    """One source as the list and its own page show it."""

    source: Source
    basis: str
    owner: str
    is_owner_here: bool
    read_by: date | None
    last_read_on: date | None
    last: SourceReading | None
    leaning: tuple[Leaning, ...]
    is_overdue: bool
    is_soon: bool
    has_expired: bool
    changed: SourceReading | None
    """A change that the rulebook in force was written before."""

    @property
    def is_due(self) -> bool:
        """Overdue, or due soon."""
        return self.is_overdue or self.is_soon

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many entries of each block lean on it."""
        return list(Counter(each.block_words for each in self.leaning).items())

    @property
    def blocks(self) -> dict[str, list[Leaning]]:
        """The same by their names."""
        found: dict[str, list[Leaning]] = {}
        for each in self.leaning:
            found.setdefault(each.block_words, []).append(each)
        return found


def source_lines(work: Work) -> list[SourceLine]:
    """Every source, the one to be read first first; those that nobody is told to read stand before them."""
    work.need(Permission.RULEBOOK_READ)
    book, latest, changed = work.book, latest_readings(work), latest_readings(work, changed=True)
    known = Known(work.today, book, latest, changed, roles_held(work))
    lines = [_line(known, source) for source in book.meta.sources]
    return sorted(lines, key=lambda line: (line.read_by or date.min, line.source.title))


def source_line(work: Work, code: str) -> SourceLine:
    """One of them, or 404."""
    found = next((line for line in source_lines(work) if line.source.code == code), None)
    if found is None:
        raise NotFound()
    return found


def _line(known: Known, source: Source) -> SourceLine:
    book, today = known.book, known.today
    last, changed, owner = known.latest.get(source.code), known.changed.get(source.code), book.owner_of(source)
    basis = source.basis.value.replace("_", " ") if source.basis else ""
    read = (last.read_on, last.next_on) if last else None
    day = rules.read_by(book.reread_on(source), source.read_on, source.to_on, read)
    return SourceLine(
        source=source,
        basis=basis,
        owner=owner or "",
        is_owner_here=owner in known.roles,
        read_by=day,
        last_read_on=max((d for d in (source.read_on, last.read_on if last else None) if d is not None), default=None),
        last=last,
        leaning=leaning(book).get(source.code, ()),
        is_overdue=day is None or day < today,
        is_soon=day is not None and today <= day <= today + timedelta(days=rules.SOON),
        has_expired=has_expired(source, today),
        changed=changed if changed is not None and changed.read_on >= book.effective_from else None,
    )


def latest_readings(work: Work, *, changed: bool = False) -> dict[str, SourceReading]:
    """By source: the last time it was read again, or the last time it had changed."""
    last = select(SourceReading.source, func.max(SourceReading.number).label("number")).group_by(SourceReading.source)
    newest = (last.where(SourceReading.outcome == rules.CHANGED) if changed else last).subquery()
    query = select(SourceReading).join(
        newest, (SourceReading.source == newest.c.source) & (SourceReading.number == newest.c.number)
    )
    return {reading.source: reading for reading in work.session.scalars(query)}


def readings_of(work: Work, code: str) -> list[tuple[SourceReading, str]]:
    """Every reading of one source with whoever read it, the last first."""
    work.need(Permission.RULEBOOK_READ)
    query = select(SourceReading, Account.display_name).join(Account, Account.id == SourceReading.read_by_id)
    rows = work.session.execute(query.where(SourceReading.source == code).order_by(SourceReading.number.desc()))
    return [(row[0], row[1]) for row in rows]


def roles_held(work: Work) -> frozenset[str]:
    """The roles that somebody active has."""
    query = select(AccountRole.role).join(Account, Account.id == AccountRole.account_id)
    return frozenset(work.session.scalars(query.where(Account.status == "active").distinct()))


def unseen_changes(work: Work, code: str = "") -> list[SourceReading]:
    """Changes of which this person has not taken notice, the last first."""
    seen = select(ChangeSeen.reading_id).where(ChangeSeen.account_id == work.actor.id)
    query = select(SourceReading).where(SourceReading.outcome == rules.CHANGED, SourceReading.id.not_in(seen))
    if code:
        query = query.where(SourceReading.source == code)
    return list(work.session.scalars(query.order_by(SourceReading.read_on.desc(), SourceReading.id).limit(FEW)))


def has_seen(work: Work, reading_id: UUID) -> bool:
    """Whether this person has taken notice of one change."""
    return work.session.get(ChangeSeen, (reading_id, work.actor.id)) is not None


def change_numbered(work: Work, code: str, number: int) -> SourceReading:
    """One change of one source, or 404."""
    query = select(SourceReading).where(SourceReading.source == code, SourceReading.number == number)
    found = work.session.scalars(query.where(SourceReading.outcome == rules.CHANGED)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def to_read_again(work: Work) -> WaitingList | None:
    """For the first page: the sources that this person's role must read again, overdue or within a month."""
    if not work.may(Permission.SOURCE_READ):
        return None
    roles = {str(role) for role in work.actor.roles}
    due = [line for line in source_lines(work) if line.is_due]
    held = frozenset(line.owner for line in due if line.is_owner_here)
    mine = [line for line in due if rules.is_reader(line.owner, roles, held, Role.ADMINISTRATOR)]
    rows = [_waiting(line) for line in mine[:FEW]]
    return WaitingList("Sources of the law to read again", rows) if rows else None


def _waiting(line: SourceLine) -> Waiting:
    note = "no day is set" if line.read_by is None else "overdue" if line.is_overdue else "due soon"
    return Waiting(line.source.title, f"{HOME}/{line.source.code}", note, line.read_by)


def sources_check(work: Work) -> Check:
    """For the page of health: whether every source was read again in its time."""
    overdue = [line for line in source_lines(work) if line.is_overdue]
    if not overdue:
        return Check("sources of the law", ok=True, words="are read again in their time")
    words = f"wait to be read again: {len(overdue)} overdue, see the rulebook’s sources"
    return Check("sources of the law", ok=False, words=words)


def source_view(work: Work, code: str) -> dict[str, Any]:
    """Everything that the page of one source shows beside its cases."""
    line = source_line(work, code)
    roles = {str(role) for role in work.actor.roles}
    may_record = work.may(Permission.SOURCE_READ) and bool({line.owner, Role.ADMINISTRATOR} & roles)
    others = {source.code: source.title for source in work.book.meta.sources}
    return {
        "line": line,
        "readings": readings_of(work, code),
        "may_record": may_record,
        "yields": [others.get(other, other) for other in line.source.overrides],
    }
