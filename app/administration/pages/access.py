"""Who may do what, to which cases and why; who is away, and who stands in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import absences as actions
from app.administration.commands import AccessView, SayAbsence
from app.administration.queries import absences as queries
from app.administration.queries.access import access_page
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office", include_in_schema=False)

Reader = Annotated[Work, may(Permission.RULEBOOK_READ)]
Owner = Annotated[Work, may(Permission.SESSION_OWN)]


@router.get("/access")
def show_access(request: Request, work: Reader, view: Annotated[AccessView, Query()]) -> Response:
    """Every role with all it may do and why, by role or by permission."""
    return _shown(request, work, view, "Who may do what")


@router.get("/account/access")
def show_own_access(request: Request, work: Owner) -> Response:
    """The same of one's own roles, for everybody, whichever door they come in by."""
    return _shown(request, work, AccessView(), "What you may do", frozenset(work.actor.roles))


@router.get("/account/absence")
def show_absences(request: Request, work: Owner, form: Blank) -> Response:
    """Who is away and who stands in, as far as it is about oneself or one's people."""
    others = queries.others(work)
    me = [each for each in queries.people(work) if each.account.id == work.actor.id]
    return show(
        request,
        work,
        "administration/absence.html",
        title="Absence",
        typed=form,
        lines=queries.absences_shown(work),
        others=_options(others),
        deputies=_options(queries.deputies_for(work, me + others)),
        deputy_rules=work.house.access.deputies,
    )


@router.post("/account/absence/say")
@or_show(show_absences)
def say_absence(request: Request, form: Posted, work: Owner) -> Response:
    actions.say_absence(work, form.ask(SayAbsence))
    return done(request, goto="/office/account/absence?done=saved")


@router.post("/account/absence/{absence_id}/end")
@or_show(show_absences)
def end_absence(request: Request, form: Posted, work: Owner, absence_id: UUID) -> Response:
    actions.end_absence(work, absence_id)
    return done(request, goto="/office/account/absence?done=saved")


def _options(people: list[queries.Person]) -> list[tuple[str, str]]:
    return [(str(each.account.id), f"{each.account.display_name} ({', '.join(sorted(each.roles))})") for each in people]


def _shown(request: Request, work: Work, view: AccessView, title: str, own: frozenset[str] = frozenset()) -> Response:
    found: dict[str, Any] = access_page(work, view, own)
    return show(request, work, "administration/access.html", title=title, is_own=bool(own), **found)
