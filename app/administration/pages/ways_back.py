"""Letting in, for an evening, somebody who lost the second step: one asks, another sees who it is and grants."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import letting_in
from app.administration.actions import ways_back as actions
from app.administration.commands import AskWayBack, SettleLink, SettleWayBack
from app.administration.queries import ways_back as queries
from app.administration.queries.letting_in import all_waiting
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

HERE = "/office/ways-back"
router = APIRouter(prefix=HERE, include_in_schema=False)

Giver = Annotated[Work, may(Permission.WAY_BACK_GIVE)]


@router.get("")
def show_ways_back(request: Request, work: Giver, form: Blank) -> Response:
    """What waits for a second person, and a form to ask."""
    return show(
        request,
        work,
        "administration/ways_back.html",
        title="Ways back in",
        typed=form,
        lines=queries.lines(work),
        links=all_waiting(work),
        people=queries.people(work),
        hours=work.house.access.factors.way_back_hours,
    )


@router.post("/ask")
@or_show(show_ways_back)
def ask_way_back(request: Request, form: Posted, work: Giver) -> Response:
    actions.ask_way_back(work, form.ask(AskWayBack))
    return done(request, goto=f"{HERE}?done=asked")


@router.post("/grant")
@or_show(show_ways_back)
def grant_way_back(request: Request, form: Posted, work: Giver) -> Response:
    """The one time that the code is shown."""
    code = actions.grant_way_back(work, form.ask(SettleWayBack))
    return show(
        request,
        work,
        "administration/way_back_code.html",
        title="The code is ready",
        code=code,
        hours=work.house.access.factors.way_back_hours,
    )


@router.post("/refuse")
@or_show(show_ways_back)
def refuse_way_back(request: Request, form: Posted, work: Giver) -> Response:
    actions.refuse_way_back(work, form.ask(SettleWayBack).way_back)
    return done(request, goto=f"{HERE}?done=saved")


@router.post("/agree")
@or_show(show_ways_back)
def agree_to_link(request: Request, form: Posted, work: Giver) -> Response:
    """Somebody, or another system, is let in by two; of a link, the one time that its code is shown."""
    code = letting_in.agree(work, form.ask(SettleLink))
    if not code:
        return done(request, goto=f"{HERE}?done=saved")
    return show(request, work, "administration/link_code.html", title="The code is ready", code=code)


@router.post("/turn-down")
@or_show(show_ways_back)
def refuse_link(request: Request, form: Posted, work: Giver) -> Response:
    letting_in.refuse(work, form.ask(SettleLink))
    return done(request, goto=f"{HERE}?done=saved")
