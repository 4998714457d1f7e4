"""Telling more without a passphrase, and putting what was told to its complaint."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake.actions import additions as actions
from app.intake.commands import LinkAddition, TellMore
from app.intake.pages.asking import translate
from app.intake.queries import additions as queries
from app.kernel.errors import Invalid
from app.web.answers import done, held_back, show
from app.web.forms import Blank, Form, Posted, Unbound, or_show
from app.web.limits import InLine
from app.web.shell import language_of
from app.web.work import may

router = APIRouter(include_in_schema=False)

Submitter = Annotated[Work, may(Permission.FILING_SUBMIT)]
Screener = Annotated[Work, may(Permission.FILING_SCREEN)]
# Said of each by its own words: the same words twice would not say what is meant.
MISSING = {"about": "Tell us which complaint you mean.", "body": "Tell us what you want to add."}
BUSY = "Many messages come from your network right now. Nothing is lost: wait a minute and press Send again."


@router.get("/file/addition")
def show_addition_form(request: Request, work: Submitter, form: Blank) -> Response:
    """For who filed before and has lost the passphrase."""
    return _form(request, work, form)


def _form(request: Request, work: Work, form: Form, status: int = 200) -> Response:
    language = language_of(request, work.book.language_codes)
    say = translate(language)
    form.errors = {name: say(words) for name, words in form.errors.items()}
    title = say("I told you before and have lost my words")
    contact = work.book.meta.contact
    return show(
        request, work, "intake/addition.html", title=title, lang=language, status=status, typed=form, contact=contact
    )


@router.post("/file/addition/send")
def tell_more(request: Request, form: Unbound, wait: InLine, work: Submitter) -> Response:
    """Keeps it for the office."""
    language = language_of(request, work.book.language_codes)
    if wait:
        form.errors = {"": BUSY}
        return held_back(_form(request, work, form), wait)
    try:
        actions.tell_more(work, form.ask(TellMore, language=language))
    except Invalid as wrong:
        work.restart()
        form.keep(wrong)
        form.errors |= {name: words for name, words in MISSING.items() if not form.value(name).strip()}
        return _form(request, work, form, 422)
    title = translate(language)("We have what you added")
    return show(request, work, "intake/addition_sent.html", title=title, lang=language)


@router.get("/office/additions")
def list_additions(request: Request, work: Screener) -> Response:
    """What came without a passphrase and belongs to no complaint yet."""
    waiting = queries.waiting_additions(work)
    return show(request, work, "intake/additions.html", title="Additions without a passphrase", waiting=waiting)


@router.get("/office/additions/{addition_id}")
def show_addition(request: Request, work: Screener, addition_id: UUID, form: Blank) -> Response:
    """One as it was said; each opening stands in the journal."""
    addition = actions.open_addition(work, addition_id)
    title = "Addition without a passphrase"
    return show(request, work, "intake/office_addition.html", title=title, typed=form, addition=addition)


@router.post("/office/additions/{addition_id}/link")
@or_show(show_addition)
def link_addition(request: Request, form: Posted, work: Screener, addition_id: UUID) -> Response:
    """Puts it to its complaint."""
    addition = actions.link_addition(work, addition_id, form.ask(LinkAddition))
    return done(request, goto=f"/office/filings/{addition.filing_id}?done=saved#added")
