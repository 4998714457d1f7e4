"""The journal for reading: found by key, told in sentences, proved by its tree."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account
from app.access.work import Work
from app.administration.commands import JournalView
from app.audit.merkle import leaf_hash
from app.audit.proofs import Place, place_of
from app.audit.reading import body_of, sentence_in
from app.audit.records import JournalEntry
from app.cases.records import Case
from app.kernel.canonical import canonical_json
from app.kernel.events import event_types

A_PAGE = 50
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Line:
    """One entry as a person reads it."""

    id: UUID
    seq: int
    at: datetime
    who: str
    sentence: str
    case: str
    kind: str


@dataclass(frozen=True)
class JournalPage:
    """One page, and the mark of the next."""

    lines: list[Line]
    next: int | None


def kinds() -> list[tuple[str, str]]:
    """Every kind of entry that there is, for the filter."""
    return [(tag, tag.replace(":", " · ").replace("_", " ")) for tag in sorted({kind.tag for kind in event_types()})]


def journal_page(work: Work, view: JournalView) -> JournalPage:
    """The newest first, from the mark on; the last page costs what the first does."""
    work.need(Permission.JOURNAL_READ)
    query = select(JournalEntry).where(*_wanted(work, view)).order_by(JournalEntry.seq.desc()).limit(A_PAGE + 1)
    entries = list(work.session.scalars(query))
    more = len(entries) > A_PAGE
    entries = entries[:A_PAGE]
    names = _names(work, {entry.actor_id for entry in entries if entry.actor_id})
    numbers = _numbers(work, {entry.case_id for entry in entries if entry.case_id})
    return JournalPage([_line(entry, names, numbers) for entry in entries], entries[-1].seq if more else None)


def _wanted(work: Work, view: JournalView) -> list[ColumnElement[bool]]:
    asked = (
        (view.before, lambda seq: JournalEntry.seq < seq),
        (view.kind, lambda tag: JournalEntry.tag == tag),
        (view.case, lambda number: JournalEntry.case_id == _case_of(work, number)),
        (view.user, lambda name: JournalEntry.actor_id == _account_of(work, name)),
        (view.since, lambda day: JournalEntry.at >= _begins(work, day)),
        (view.until, lambda day: JournalEntry.at < _begins(work, day + timedelta(days=1))),
    )
    return [condition(value) for value, condition in asked if value]


def _begins(work: Work, day: date) -> datetime:
    """The agency's day, not UTC's."""
    return datetime.combine(day, time(), work.house.zone)


def _account_of(work: Work, name: str) -> UUID:
    return work.session.scalar(select(Account.id).where(Account.name == name.casefold())) or NOBODY


def _case_of(work: Work, number: str) -> UUID:
    return work.session.scalar(select(Case.id).where(Case.number == number)) or NOBODY


def _names(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def _numbers(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    """Numbers only: whoever reads the journal opens no case."""
    rows = work.session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))
    return {row.id: row.number for row in rows}


def _line(entry: JournalEntry, names: dict[UUID, str], numbers: dict[UUID, str]) -> Line:
    return Line(
        id=entry.id,
        seq=entry.seq,
        at=entry.at,
        who=names.get(entry.actor_id, "Somebody") if entry.actor_id else _kind_words(entry.actor_kind),
        sentence=sentence_in(entry.body),
        case=numbers.get(entry.case_id, "") if entry.case_id else "",
        kind=entry.tag,
    )


def _kind_words(kind: str) -> str:
    known = {"anyone": "Somebody without an account", "filer": "A filer"}
    return known.get(kind, f"The system ({kind.partition(':')[2]})")


def get_entry(work: Work, entry_id: UUID) -> JournalEntry:
    """One entry, or 404."""
    work.need(Permission.JOURNAL_READ)
    return one_or_not_found(work, select(JournalEntry).where(JournalEntry.id == entry_id))


def line_of(work: Work, entry: JournalEntry) -> Line:
    """One entry as a person reads it."""
    return _line(
        entry,
        _names(work, {entry.actor_id} if entry.actor_id else set()),
        _numbers(work, {entry.case_id} if entry.case_id else set()),
    )


def proof_of(work: Work, entry: JournalEntry) -> Place | None:
    """The inclusion proof under the newest checkpoint; nothing while the entry is not sealed."""
    return place_of(work.session, entry.id, leaf_hash(entry.body), published=False)


def readable(body: bytes) -> list[tuple[str, str]]:
    """The entry's fields one by one, as the page lists them."""
    read = body_of(body)
    facts = read.pop("facts")
    return [*((name, _said(value)) for name, value in read.items()), *((name, _said(v)) for name, v in facts.items())]


def _said(value: Any) -> str:
    return value if isinstance(value, str) else canonical_json(value).decode()
