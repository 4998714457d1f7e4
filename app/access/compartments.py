"""Compartments: what only some of those who may know of a case may know; whoever is outside finds nothing there.

A row that can be kept takes `KeptItem`, and nothing else need be remembered: every select of the office's and the
commission's doors leaves out what is kept from its asker, and row security (`migrations/access/60_walls.sql`) says it
again, exactly, by cases led and by sides taken. Whoever loads a kept row has read it, and that stays on file.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Text, event  # noqa: TID251 - the one hook: a wall that must be remembered leaks (decision 44)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

_ASKER = "compartments of whoever asks"
_OPENED = "compartments opened"
Opened = set[tuple[UUID, str]]


class Kind(StrEnum):
    """The closed list of compartments."""

    COMPELLED = "compelled"
    JUVENILE = "juvenile"
    COURT_SEALED = "court_sealed"
    WHISTLEBLOWER = "whistleblower"
    MEDIATION = "mediation"
    DEFENDING_COUNSEL = "defending_counsel"


# What a whole case may be kept in; and what is put on single files and notes. A name is kept by itself.
OF_CASES = (Kind.JUVENILE, Kind.COURT_SEALED)
OF_ITEMS = (Kind.COMPELLED, Kind.JUVENILE, Kind.COURT_SEALED, Kind.MEDIATION, Kind.DEFENDING_COUNSEL)


class Side(StrEnum):
    """On which side of a case somebody is who works for others in it too."""

    CRIMINAL = "criminal"
    DEFENDING = "defending"


SIDES: Mapping[Side, str] = {
    Side.CRIMINAL: "works on or with the criminal investigation",
    Side.DEFENDING: "defends the officer, or the city with the officer",
}


class Compartment(BaseModel):
    """Who is inside one kind, who never, and why; as `policies/access.yaml` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    seen_by: str
    why: str
    source: str = ""
    inside: frozenset[str]
    # Inside only in the cases that they lead.
    if_leading: frozenset[str] = frozenset()
    # Outside whatever other role they hold, and outside where they are on this side of the case.
    never_roles: frozenset[str] = frozenset()
    never_side: Side | None = None

    @property
    def named(self) -> frozenset[str]:
        """Every role that it names."""
        return self.inside | self.if_leading | self.never_roles

    def admits(self, roles: Iterable[str], *, leading: bool = True) -> bool:
        """True where these roles may be inside; `leading` counts what they may in cases of their own."""
        held = frozenset(roles)
        may = self.inside | (self.if_leading if leading else frozenset())
        return bool(may & held) and not self.never_roles & held


class KeptWhole:
    """What is kept as a whole: a case, a filing, a name."""

    compartments: Mapped[list[str]] = mapped_column(ARRAY(Text), default=[])


class KeptItem:
    """One row of a case that may be kept; the marks are set when it is added, and never taken away."""

    compartments: Mapped[list[str]] = mapped_column(ARRAY(Text), default=[])


def inside(rules: Mapping[Kind, Compartment], roles: Iterable[str]) -> list[str]:
    """The kinds that these roles may be inside of."""
    held = frozenset(roles)
    return sorted(str(kind) for kind, rule in rules.items() if rule.admits(held))


def marks_of(session: Session, rows: Iterable[object]) -> list[str]:
    """The compartments of rows that were changed; whoever writes such a row knows it as its reader does."""
    kept = [row for row in rows if isinstance(row, KeptItem) and row.compartments]
    for row in kept:
        _was_read(row, session)
    return together(*(row.compartments for row in kept))


def together(*marks: Iterable[str]) -> list[str]:
    """What is made from several things is kept as all of them are."""
    return sorted({str(mark) for each in marks for mark in each})


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
