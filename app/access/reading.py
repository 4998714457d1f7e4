"""How a query ends: one row or the 404 that tells nothing."""

from typing import TypeVar

from sqlalchemy import Select

from app.access.work import Work
from app.kernel.errors import NotFound

T = TypeVar("T")


def found(row: T | None) -> T:
    """The row; or NotFound, the same whether there is none or it is not this person's to see."""
    if row is None:
        raise NotFound()
    return row


def one_or_not_found(work: Work, query: Select[T]) -> T:
    """The one row of a select, or NotFound."""
    return found(work.session.scalars(query).one_or_none())
