"""The roster as a program reads it: officers by the beginning of a name or a whole badge number."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.people import queries
from app.people.commands import RosterView
from app.web.problems import documented
from app.web.work import may

router = APIRouter(prefix="/api/v1", tags=["people"])

Reader = Annotated[Work, may(Permission.OFFICER_READ)]


class OfficerLine(BaseModel):
    """One officer of the roster."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    department_id: str
    name: str
    badge: str
    rank: str
    unit: str


class OfficerList(BaseModel):
    """One page of the roster; `next` is the cursor of the page after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[OfficerLine]
    next: str | None


@router.get("/officers", response_model=OfficerList, operation_id="list_officers", responses=documented(401, 403, 422))
def list_officers(work: Reader, view: Annotated[RosterView, Query()]) -> OfficerList:
    """The officers who have a name, in its order."""
    officers = queries.list_officers(work, view.q, queries.after(view.cursor))
    shown = officers[: queries.AT_MOST]
    items = [
        OfficerLine(
            id=officer.id,
            department_id=officer.department_id,
            name=queries.name_of(officer),
            badge=officer.badge,
            rank=officer.rank,
            unit=officer.unit,
        )
        for officer in shown
    ]
    return OfficerList(items=items, next=queries.cursor_of(shown[-1]) if len(officers) > queries.AT_MOST else None)
