"""The queue of cases: what is due first stands first."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import queries
from app.cases.commands import NOBODY, QueueForm
from app.web.answers import done, show
from app.web.work import may

router = APIRouter(prefix="/office/cases", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
ADDRESS = "/office/cases"
SORTS = [("due_on", "Due first"), ("opened_on", "Oldest first"), ("-opened_on", "Newest first")]


@router.get("")
def list_cases(request: Request, work: Reader, view: Annotated[QueueForm, Query()]) -> Response:
    """One page of the queue; a search for a whole number goes straight to its case."""
    exact = queries.case_by_number(work, view.q.strip().upper()) if view.q and not view.cursor else None
    if exact is not None:
        return done(request, goto=f"{ADDRESS}/{exact.id}")
    page = queries.queue_page(work, view)
    leads = [(account.name, account.display_name) for account in queries.investigators(work)]
    stages = queries.stage_labels(work)
    asked = _asked(view)
    return show(
        request,
        work,
        "cases/queue.html",
        part="cases/_rows.html",
        title="Queue",
        view=view,
        page_of_cases=page,
        nearest=queries.nearest_clocks(work, page),
        stages=stages,
        categories=queries.category_labels(work),
        lead_options=[(NOBODY, "Nobody yet"), *leads],
        sorts=SORTS,
        may_open_own=queries.may_open_own(work),
        saved=_saved(work, asked),
        chips=_chips(asked, stages, dict(leads)),
        next_page=_address(asked | {"cursor": page.next}) if page.next else "",
        first_page=_address(asked) if view.cursor else "",
    )


def _asked(view: QueueForm) -> dict[str, str]:
    return {key: str(value) for key, value in view.model_dump(mode="json", exclude_defaults=True).items()} | {
        "cursor": ""
    }


def _address(asked: dict[str, str]) -> str:
    words = urlencode({key: value for key, value in asked.items() if value})
    return f"{ADDRESS}?{words}" if words else ADDRESS


def _saved(work: Work, asked: dict[str, str]) -> list[tuple[str, str, bool, str]]:
    """The everyday filters as tabs: label, address, whether it is the one in use, count."""
    now = {key: value for key, value in asked.items() if value and key not in ("sort", "limit")}
    tabs = [("All", ADDRESS, not now, "")]
    return tabs + [(f.label, _address(f.asks), f.asks == now, f.shown) for f in queries.saved_filters(work)]


def _chips(asked: dict[str, str], stages: dict[str, str], leads: dict[str, str]) -> list[tuple[str, str]]:
    """What is filtered for, each with the address without it."""
    lead, stage = asked.get("assignee", ""), asked.get("stage", "")
    words = {
        "q": f"“{asked.get('q')}”",
        "stage": stages.get(stage, stage),
        "assignee": "Led by nobody" if lead == NOBODY else f"Led by {leads.get(lead, lead)}",
        "due_before": f"Due before {asked.get('due_before')}",
    }
    return [(said, _address(asked | {key: ""})) for key, said in words.items() if asked.get(key)]
