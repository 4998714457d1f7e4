"""The tab of a case's history: everything that was done, and who looked, in plain sentences."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.history import HistoryView, kinds
from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.web.answers import show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/history", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]


@router.get("")
def show_history(request: Request, work: Reader, case_id: UUID, view: Annotated[HistoryView, Query()]) -> Response:
    """The newest first; filtered by kind and time."""
    case = actions.read_case(work, case_id)
    page = queries.case_history(work, case, view)
    following = view.model_dump(mode="json", exclude_defaults=True) | {"before": page.next} if page.next else {}
    return show(
        request,
        work,
        "cases/history.html",
        part="_kit/_history.html",
        title=f"Case {case.number}: history",
        view=view,
        lines=page.lines,
        following=following,
        kinds=kinds(),
        home=f"/office/cases/{case_id}/history",
        shows_who=True,
        **queries.case_frame(work, case, "history"),
    )
