"""The tab of messages and letters: what the filers of a case wrote, what they were told, and what they read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.intake import queries as intake
from app.web.answers import show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}", include_in_schema=False)

Reader = Annotated[Work, may(Permission.FILING_READ)]


@router.get("/messages")
def show_messages(request: Request, work: Reader, case_id: UUID) -> Response:
    """Each filing of the case with its messages and letters."""
    case = actions.read_case(work, case_id)
    return show(
        request,
        work,
        "correspondence/case.html",
        title=f"Case {case.number}: messages and letters",
        filings=intake.correspondence_of_case(work, case.id),
        **queries.case_frame(work, case, "messages"),
    )
