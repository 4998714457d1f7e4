"""The rulebook in plain language, for everybody who works by it; its versions, and what changed between two."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.routing import Match

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.commands import RulebookChanges, RulebookView
from app.administration.queries import rulebook as queries
from app.web.answers import show
from app.web.work import may

router = APIRouter(prefix="/office/rulebook", include_in_schema=False)

Reader = Annotated[Work, may(Permission.RULEBOOK_READ)]
SOURCES = "/office/rulebook/sources"


@router.get("")
def show_rulebook(request: Request, work: Reader, view: Annotated[RulebookView, Query()]) -> Response:
    """What is not known first, then every rule as sentences with their law, and the sources last."""
    shown = queries.rulebook_view(work, view.version)
    return show(
        request,
        work,
        "administration/rulebook.html",
        title=f"Rulebook of {shown['book'].name.to('en')}",
        to_read_again=_page_of_sources(request),
        **shown,
    )


@router.get("/versions")
def show_versions(request: Request, work: Reader, view: Annotated[RulebookChanges, Query()]) -> Response:
    """Every version, and the difference between two of them as sentences."""
    return show(
        request,
        work,
        "administration/versions.html",
        title="Versions of the rulebook",
        **queries.changes_view(work, view.old, view.new),
    )


def _page_of_sources(request: Request) -> str:
    """The page of sources to read again, in a house that has one."""
    scope = {**request.scope, "path": SOURCES}
    return SOURCES if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes) else ""
