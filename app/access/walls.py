"""What a person may know of: nothing behind a wall of theirs, and of what goes another way only what is theirs."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Function, Text, Uuid, and_, any_, cast, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.access.work import Work
from app.infra.db import Door

Key = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]
IDS = ARRAY(Uuid)


def may_know(work: Work, case_id: Key) -> ColumnElement[bool]:
    """For a case: no wall of any kind stands before it, and somebody from outside the office handles it."""
    return _among(work, case_id, func.my_scope(type_=IDS))


def may_decide_on(work: Work, case_id: Key) -> ColumnElement[bool]:
    """For what is read to decide one step: also in cases of which somebody from outside sees nothing else."""
    return _among(work, case_id, func.my_decisions(type_=IDS))


def may_know_filing(work: Work, filing_id: Key, case_id: Key) -> ColumnElement[bool]:
    """For a filing: neither it nor its case is behind a wall, and somebody from outside handles one of them."""
    if work.actor.door is Door.WORKER:
        return true()
    walled = _walls(work)
    free = and_(not_(_is_in(filing_id, walled)), or_(case_id.is_(None), not_(_is_in(case_id, walled))))
    if work.actor.outsider is None:
        return free
    scope = func.my_scope(type_=IDS)
    return and_(free, or_(_is_in(filing_id, scope), _is_in(case_id, scope)))


def is_free(case_id: Key, account_id: UUID) -> ColumnElement[bool]:
    """The same for somebody else, for the machinery that writes to them."""
    return not_(_is_in(case_id, func.walled_for(account_id, type_=IDS)))


def is_kept_from(work: Work, account_id: UUID, handled_by: Sequence[str], hidden_from: Sequence[str]) -> bool:
    """Whether a way that these handle, kept from those, is none of this person's."""
    found = work.session.scalars(select(func.capacities_of(account_id, type_=ARRAY(Text)))).one()
    return not set(handled_by) & set(found) or bool(set(hidden_from) & set(found))


def _among(work: Work, key: Key, scope: Function[list[UUID]]) -> ColumnElement[bool]:
    if work.actor.door is Door.WORKER:
        # The machinery does what somebody asked for who might know of it.
        return true()
    free = not_(_is_in(key, _walls(work)))
    return free if work.actor.outsider is None else and_(free, _is_in(key, scope))


def _walls(work: Work) -> Function[list[UUID]]:
    """What is kept as a whole is left out by the policies of rows alone: there may be thousands of it."""
    return func.walled_to_me(type_=IDS) if work.actor.outsider is None else func.walled_cases(type_=IDS)


def _is_in(key: Key, ids: Function[list[UUID]]) -> ColumnElement[bool]:
    """In a sub-select, so that the function runs once a statement and not once a row."""
    return key == any_(cast(select(ids).scalar_subquery(), IDS))
