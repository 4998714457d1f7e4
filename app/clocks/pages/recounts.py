"""How far all clocks are counted again, what moved by it, and the wish to have it done now."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.clocks import actions, queries
from app.clocks.commands import AskRecount, ChangesForm
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/clocks/recounts", include_in_schema=False)

Counter = Annotated[Work, may(Permission.CLOCK_RECOUNT)]
ADDRESS = "/office/clocks/recounts"


@router.get("")
def list_recounts(request: Request, work: Counter, form: Blank) -> Response:
    """The latest ones, each with how far it has come."""
    found = queries.latest_recounts(work)
    return show(
        request,
        work,
        "clocks/recounts.html",
        part="clocks/_recounts.html",
        title="Clocks counted again",
        typed=form,
        found=found,
    )


@router.post("/ask")
@or_show(list_recounts)
def ask_recount(request: Request, form: Posted, work: Counter) -> Response:
    recount = actions.ask_recount(work, form.ask(AskRecount))
    return done(request, goto=f"{ADDRESS}/{recount.id}")


@router.get("/{recount_id}")
def show_recount(request: Request, work: Counter, recount_id: UUID, view: Annotated[ChangesForm, Query()]) -> Response:
    """One of them, with every date it moved."""
    recount = queries.get_recount(work, recount_id)
    found = queries.changes_in(work, recount_id, view.after)
    page = found[: queries.CHANGES_AT_ONCE]
    more = f"{ADDRESS}/{recount_id}?after={page[-1].change.id}" if len(found) > len(page) else ""
    return show(
        request,
        work,
        "clocks/recount.html",
        title="Clocks counted again",
        recount=recount,
        found=page,
        next_page=more,
        first_page=f"{ADDRESS}/{recount_id}" if view.after else "",
    )
