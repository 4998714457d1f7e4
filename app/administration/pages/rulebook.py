"""The rulebook in force, in plain language, for everybody who works by it."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.queries import rulebook as queries
from app.web.answers import show
from app.web.work import may

router = APIRouter(prefix="/office/rulebook", include_in_schema=False)

Reader = Annotated[Work, may(Permission.RULEBOOK_READ)]


@router.get("")
def show_rulebook(request: Request, work: Reader) -> Response:
    """Stages, clocks with their law, findings with their meaning, and what is not known."""
    return show(
        request,
        work,
        "administration/rulebook.html",
        title=f"Rulebook of {work.book.name.to('en')}",
        book=work.book,
        **queries.rulebook_view(work),
    )
