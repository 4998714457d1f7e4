"""The journal for whoever audits: found by key, told in sentences, proved by its tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, cast, column, func, select

from app.access import history
from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account
from app.access.work import Work
from app.administration.commands import JournalView
from app.audit.merkle import leaf_hash
from app.audit.proofs import Place, place_of
from app.audit.reading import body_of
from app.audit.records import JournalEntry
from app.kernel.canonical import canonical_json

NOBODY = UUID(int=0)
AT_ONCE = 100_000


@dataclass(frozen=True)
class JournalPage:
    """One page, the numbers of its cases, and the mark of the next page."""

    lines: list[history.Line]
    numbers: dict[UUID, str]
    next: int | None


def journal_page(work: Work, view: JournalView) -> JournalPage:
    """The newest first, of any case and person."""
    work.need(Permission.JOURNAL_READ)
    page = history.history_page(work, view, *_wanted(work, view))
    return JournalPage(page.lines, _numbers(work, page.lines), page.next)


def taken(work: Work, view: JournalView) -> JournalPage:
    """The same without pages, up to a bound, for a table."""
    lines: list[history.Line] = []
    following: int | None = view.before
    while len(lines) < AT_ONCE:
        page = history.history_page(work, view.model_copy(update={"before": following}), *_wanted(work, view))
        work.session.expunge_all()
        lines += page.lines
        following = page.next
        if following is None:
            break
    return JournalPage(lines, _numbers(work, lines), following)


def own_page(work: Work, view: history.HistoryView) -> history.HistoryPage:
    """What was done under this person's own name."""
    work.need(Permission.SESSION_OWN)
    return history.history_page(work, view, JournalEntry.actor_id == work.actor.id)


def _wanted(work: Work, view: JournalView) -> Iterator[ColumnElement[bool]]:
    if view.case:
        yield JournalEntry.case_id == next(iter(_cases(work, [], view.case)), NOBODY)
    if view.user:
        name = select(Account.id).where(Account.name == view.user.casefold())
        yield JournalEntry.actor_id == (work.session.scalar(name) or NOBODY)


def _numbers(work: Work, lines: list[history.Line]) -> dict[UUID, str]:
    """Numbers only: whoever reads the journal opens no case."""
    return _cases(work, sorted({line.case_id for line in lines if line.case_id}), None)


def _cases(work: Work, ids: list[UUID], number: str | None) -> dict[UUID, str]:
    """By a function of the database: whoever reads the journal may know of no row of a case but its number."""
    found = func.cases_in_journal(cast(ids, ARRAY(Uuid)), cast(number, Text)).table_valued(
        column("id", Uuid), column("number")
    )
    return {row.id: row.number for row in work.session.execute(select(found.c.id, found.c.number))}


def get_entry(work: Work, entry_id: UUID) -> JournalEntry:
    """One entry, or 404."""
    work.need(Permission.JOURNAL_READ)
    return one_or_not_found(work, select(JournalEntry).where(JournalEntry.id == entry_id))


def line_of(work: Work, entry: JournalEntry) -> tuple[history.Line, str]:
    """One entry as a person reads it, and the number of its case."""
    line = history.lines_of(work, [entry])[0]
    return line, _numbers(work, [line]).get(entry.case_id, "") if entry.case_id else ""


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
