"""The office's page of releases: ask for one, see it built and attacked, and let a second person publish it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.publication import actions
from app.publication.commands import AskForRelease
from app.publication.queries import builds
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/releases", include_in_schema=False)

Builder = Annotated[Work, may(Permission.RELEASE_BUILD)]
Publisher = Annotated[Work, may(Permission.RELEASE_PUBLISH)]


@router.get("")
def list_builds(request: Request, work: Builder, form: Blank) -> Response:
    """Every release that was asked for, and how it stands."""
    return show(
        request,
        work,
        "publication/releases.html",
        part="publication/_builds.html",
        title="Releases",
        typed=form,
        builds=builds.visible_builds(work),
        can={"publish": work.may(Permission.RELEASE_PUBLISH)},
        threshold=work.book.publication.small_cell_threshold,
    )


@router.post("/ask")
@or_show(list_builds)
def ask_for_release(request: Request, form: Posted, work: Builder) -> Response:
    actions.ask_for_release(work, form.ask(AskForRelease))
    return done(request, goto="/office/releases")


@router.post("/{build_id}/publish")
@or_show(list_builds)
def publish_release(request: Request, form: Posted, work: Publisher, build_id: UUID) -> Response:
    actions.ask_to_publish(work, build_id)
    return done(request, goto="/office/releases")
