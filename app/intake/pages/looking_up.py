"""Has this person complained before? Asked by an exact name, email or telephone, with a reason."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions, queries
from app.people.commands import LookUp
from app.people.rules import REASON_WORDS, LookUpReason
from app.web.answers import show
from app.web.forms import Blank, Form, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/look-up", include_in_schema=False)

Asker = Annotated[Work, may(Permission.IDENTITY_LOOK_UP)]


@router.get("")
def show_look_up(request: Request, work: Asker, form: Blank) -> Response:
    """The question; nothing is looked up before it is asked with a reason."""
    return _page(request, work, form, None)


@router.post("/ask", name="look_up")
@or_show(show_look_up)
def look_up(request: Request, form: Posted, work: Asker) -> Response:
    """The answer is on this page alone: neither it nor what was asked stands in an address."""
    return _page(request, work, form, actions.look_up_filer(work, form.ask(LookUp)))


def _page(request: Request, work: Work, form: Form, found: list[queries.FoundFiling] | None) -> Response:
    return show(
        request,
        work,
        "intake/look_up.html",
        title="Has this person complained before?",
        typed=form,
        found=found,
        reasons=[(reason.value, REASON_WORDS[reason]) for reason in LookUpReason],
    )
