"""The way out of every resident's page, and what it cannot take along: the browser's own history."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from app.access.permissions import Permission
from app.access.work import Work
from app.intake.pages.asking import translate
from app.web.answers import show
from app.web.doors import FILER_COOKIE, cookie_name
from app.web.shell import language_of
from app.web.templates import Page
from app.web.work import end_filer, may

router = APIRouter(include_in_schema=False)

Anyone = Annotated[Work, may(Permission.FILING_SUBMIT)]
# What the browser drops on the way out, where it listens. Not its cache: some take seconds for that.
DROP = '"cookies", "storage"'


@router.get("/leave")
def leave(request: Request, work: Anyone) -> Response:
    """Takes back the cookie, in every copy of it, and leads to a page that says nothing of us."""
    end_filer(request, work.house)
    response = RedirectResponse(Page.leave, status_code=303, headers={"clear-site-data": DROP})
    https = work.house.base_url.startswith("https")
    response.delete_cookie(cookie_name(FILER_COOKIE, https=https), path="/", secure=https, httponly=True)
    return response


@router.get("/leaving")
def show_leaving(request: Request, work: Anyone) -> Response:
    """What stays behind on this device, and how to clear it."""
    language = language_of(request, work.book.language_codes)
    title = translate(language)("Your browser’s history stays. How to clear it")
    return show(request, work, "intake/leaving.html", title=title, lang=language)
