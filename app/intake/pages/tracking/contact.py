"""How a filer is told that something waits for them, and what makes that safe."""

from fastapi import APIRouter, Request, Response

from app.correspondence.commands import ChooseContact
from app.intake import actions, queries
from app.intake.pages.asking import translate
from app.intake.pages.tracking.signing import Tracker, language_here, own_or_refused, signed_in, way_in
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show

router = APIRouter(prefix="/my", include_in_schema=False)


@router.get("/contact")
def show_contact(request: Request, work: Tracker, form: Blank) -> Response:
    """What was chosen, and what may be chosen from now on."""
    own = actions.own(work)
    if own is None:
        return way_in(request, work, form)
    language = language_here(request, work, own)
    told = queries.own_contact(work, own)
    response = show(
        request,
        work,
        "intake/contact.html",
        title=translate(language)("How we tell you"),
        lang=language,
        typed=form,
        told=told,
        ways=queries.ways_offered(work, work.book, told, language),
        rules=queries.rules_offered(work.book, language),
    )
    return signed_in(request, work, response)


@router.post("/contact/choose")
@or_show(show_contact)
def choose_contact(request: Request, form: Posted, work: Tracker) -> Response:
    own = own_or_refused(work)
    actions.choose_contact(work, own, form.ask(ChooseContact))
    return done(request, goto=f"/my?done=saved&lang={language_here(request, work, own)}")
