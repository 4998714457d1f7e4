"""The first page of the office: what waits for whoever signed in."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import queries
from app.web.answers import show
from app.web.work import may

router = APIRouter(prefix="/office", include_in_schema=False)

LISTS = ("handed", "tasks", "messages", "parts", "waiting", "unassigned", "lapsing")

SignedIn = Annotated[Work, may(Permission.SESSION_OWN)]


@router.get("")
def show_my_work(request: Request, work: SignedIn) -> Response:
    """My cases by their nearest clock, my tasks, what was written to me, and what nobody has yet."""
    found = queries.my_work(work)
    return show(
        request,
        work,
        "cases/mine.html",
        title="My work",
        shortcuts=[
            (each.label, f"/office/cases?{urlencode(each.asks)}", False, each.shown) for each in found["saved"][1:]
        ],
        is_quiet=not any(found[key] for key in LISTS) and found["lapsing"] is None and not found["can_lead"],
        nearest=queries.nearest_clocks(work, found["mine"]),
        stages=queries.stage_labels(work),
        categories=queries.category_labels(work),
        **found,
    )
