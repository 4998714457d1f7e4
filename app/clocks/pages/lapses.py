"""The lapse list: what runs, by days left; and the dates that moved without anybody's doing."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.clocks import actions, queries
from app.clocks.commands import LapseView, NoteSeen
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/clocks", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
ADDRESS = "/office/clocks"


@router.get("")
def list_clocks(request: Request, work: Reader, view: Annotated[LapseView, Query()]) -> Response:
    """One page of the list; what has lapsed stands first."""
    page = queries.lapse_page(work, view)
    asked = {key: str(value) for key, value in view.model_dump(exclude_defaults=True).items() if key != "cursor"}
    kinds = {rule.code: rule.label.to("en") for rule in work.book.deadlines}
    return show(
        request,
        work,
        "clocks/lapses.html",
        part="clocks/_lapses.html",
        title="Clocks",
        view=view,
        rows=page.rows,
        kinds=kinds,
        tabs=_tabs(work, asked),
        chips=[(kinds.get(view.rule, view.rule), _address(asked | {"rule": ""}))] if view.rule else [],
        next_page=_address(asked | {"cursor": page.next}) if page.next else "",
        first_page=_address(asked) if view.cursor else "",
        may_recount=work.may(Permission.CLOCK_RECOUNT),
    )


def _address(asked: dict[str, str]) -> str:
    words = urlencode({key: value for key, value in asked.items() if value})
    return f"{ADDRESS}?{words}" if words else ADDRESS


def _tabs(work: Work, asked: dict[str, str]) -> list[tuple[str, str, bool, str]]:
    """The everyday views as tabs: label, address, whether it is the one in use, count."""
    now = {key: value for key, value in asked.items() if key != "rule"}
    everything = [("All that run", ADDRESS, not now, "")]
    return everything + [(tab.label, _address(tab.asks), tab.asks == now, tab.shown) for tab in queries.tabs(work)]


@router.get("/moved")
def list_moved(request: Request, work: Reader, form: Blank) -> Response:
    """Dates of this person's cases that moved because the clocks were counted again."""
    found = queries.unseen_changes(work)
    return show(request, work, "clocks/moved.html", title="Dates that moved", typed=form, found=found)


@router.post("/moved/note")
@or_show(list_moved)
def note_seen(request: Request, form: Posted, work: Reader) -> Response:
    actions.note_seen(work, form.ask(NoteSeen))
    return done(request, goto=f"{ADDRESS}/moved?done=saved")
