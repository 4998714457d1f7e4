"""The journal as people read it: one plain sentence for each entry, the newest first, page by page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, select

from app.access.records import Account
from app.access.work import Work
from app.audit.reading import behalf_in, sentence_in
from app.audit.records import JournalEntry
from app.kernel.commands import Command
from app.kernel.events import event_types
from app.kernel.text import SafeLine

A_PAGE = 50
FIELD = re.compile(r"\{\w+\}")
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1))]


class HistoryView(Command):
    """Which entries: of a kind, from and to a day; `before` is the mark of the page."""

    kind: Annotated[SafeLine, Field(max_length=100)] = ""
    since: Day | None = None
    until: Day | None = None
    before: Annotated[int, Field(ge=1, lt=2**63)] | None = None


@dataclass(frozen=True)
class Line:
    """One entry as a person reads it."""

    id: UUID
    seq: int
    at: datetime
    who: str
    sentence: str
    kind: str
    case_id: UUID | None


@dataclass(frozen=True)
class HistoryPage:
    """One page, and the mark of the next."""

    lines: list[Line]
    next: int | None


def kinds() -> list[tuple[str, str]]:
    """Every kind of entry as a sentence with its gaps, in the order of the alphabet, for the filter."""
    said = {kind.tag: FIELD.sub("…", kind.sentence).rstrip(".") for kind in event_types()}
    return sorted(said.items(), key=lambda kind: kind[1])


def history_page(work: Work, view: HistoryView, *of: ColumnElement[bool]) -> HistoryPage:
    """The newest first, from the mark on; the last page costs what the first does."""
    query = select(JournalEntry).where(*of, *_wanted(work, view)).order_by(JournalEntry.seq.desc()).limit(A_PAGE + 1)
    entries = list(work.session.scalars(query))
    shown = entries[:A_PAGE]
    return HistoryPage(lines_of(work, shown), shown[-1].seq if len(entries) > A_PAGE else None)


def lines_of(work: Work, entries: list[JournalEntry]) -> list[Line]:
    """Entries as people read them."""
    people = {each for entry in entries for each in (entry.actor_id, behalf_in(entry.body)) if each}
    names = _names(work, people)
    return [_line(entry, names) for entry in entries]


def _wanted(work: Work, view: HistoryView) -> Iterator[ColumnElement[bool]]:
    if view.before:
        yield JournalEntry.seq < view.before
    if view.kind:
        yield JournalEntry.tag == view.kind
    if view.since:
        yield JournalEntry.at >= _begins(work, view.since)
    if view.until:
        yield JournalEntry.at < _begins(work, view.until + timedelta(days=1))


def _begins(work: Work, day: date) -> datetime:
    """The agency's day, not UTC's."""
    return datetime.combine(day, time(), work.house.zone)


def _names(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def _line(entry: JournalEntry, names: dict[UUID, str]) -> Line:
    who = names.get(entry.actor_id, "Somebody") if entry.actor_id else _kind_words(entry.actor_kind)
    behalf = behalf_in(entry.body)
    who += f", for {names.get(behalf, 'somebody')}" if behalf else ""
    return Line(entry.id, entry.seq, entry.at, who, sentence_in(entry.body), entry.tag, entry.case_id)


def _kind_words(kind: str) -> str:
    known = {"anyone": "Somebody without an account", "filer": "A filer"}
    return known.get(kind, f"The system ({kind.partition(':')[2]})")
