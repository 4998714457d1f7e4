"""Compartments: what only some of those who may know of a case may know; whoever is outside finds nothing there.

A row that can be kept takes `KeptItem`, and nothing else need be remembered: every select of the office's and the
commission's doors leaves out what is kept from its asker, and row security (`migrations/access/60_walls.sql`) says it
again, exactly, by cases led and by sides taken. Whoever loads a kept row has read it, and that stays on file.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Text, event  # noqa: TID251 - the one hook: a wall that must be remembered leaks (decision 44)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from app.kernel.compartments import OF_CASES, OF_ITEMS, SIDES, Compartment, Kind, Side, inside, together

__all__ = [
    "OF_CASES",
    "OF_ITEMS",
    "SIDES",
    "Compartment",
    "KeptItem",
    "KeptWhole",
    "Kind",
    "Opened",
    "Side",
    "asks",
    "inside",
    "marks_of",
    "opened_in",
    "together",
]

_ASKER = "compartments of whoever asks"
_OPENED = "compartments opened"
Opened = set[tuple[UUID, str]]


class KeptWhole:
    """What is kept as a whole: a case, a filing, a name."""

    compartments: Mapped[list[str]] = mapped_column(ARRAY(Text), default=[])


class KeptItem:
    """One row of a case that may be kept; the marks are set when it is added, and never taken away."""

    compartments: Mapped[list[str]] = mapped_column(ARRAY(Text), default=[])


def marks_of(session: Session, rows: Iterable[object]) -> list[str]:
    """The compartments of rows that were changed; whoever writes such a row knows it as its reader does."""
    kept = [row for row in rows if isinstance(row, KeptItem) and row.compartments]
    for row in kept:
        _was_read(row, session)
    return together(*(row.compartments for row in kept))


def asks(session: Session, kinds: Callable[[], list[str] | None]) -> None:
    """From here on this session's selects leave out what is kept from its asker; None leaves out nothing."""
    session.info[_ASKER] = kinds


def opened_in(session: Session) -> Opened:
    """What was read so far in this session: case and kind."""
    found: Opened = session.info.setdefault(_OPENED, set())
    return found


@event.listens_for(Session, "do_orm_execute")
def _leave_out(state: ORMExecuteState) -> None:
    asker = state.session.info.get(_ASKER)
    if asker is None or not state.is_select or state.is_column_load:
        return
    known = asker()
    if known is not None:
        criteria = with_loader_criteria(KeptItem, lambda kept: kept.compartments.op("<@")(known), include_aliases=True)
        state.statement = state.statement.options(criteria)


@event.listens_for(KeptItem, "load", propagate=True)
def _was_loaded(row: KeptItem, context: Any) -> None:
    if row.compartments:
        _was_read(row, context.session)


def _was_read(row: Any, session: Session) -> None:
    # Every row that can be kept names its case.
    opened_in(session).update((row.case_id, kind) for kind in row.compartments)
