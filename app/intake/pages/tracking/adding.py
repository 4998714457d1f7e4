"""What a filer adds to their complaint: messages, words, files, and their name."""

from fastapi import APIRouter, Request, Response

from app.correspondence import actions as correspondence
from app.correspondence.commands import ReadMessages, SendMessage
from app.intake import actions
from app.intake.commands import AddToFiling, NameFiler
from app.intake.pages.sent import files_sent
from app.intake.pages.tracking.complaint import show_complaint
from app.intake.pages.tracking.signing import Tracker, language_here, own_or_refused
from app.kernel.errors import Invalid
from app.web.answers import done
from app.web.forms import Form, Posted, or_show

router = APIRouter(prefix="/my", include_in_schema=False)


@router.post("/messages/send", name="write_to_office")
@or_show(show_complaint)
def send_message(request: Request, form: Posted, work: Tracker) -> Response:
    own = own_or_refused(work)
    actions.write_to_office(work, own, form.ask(SendMessage), files_sent(request, work, form, "attached"))
    return done(request, goto=f"/my?done=sent&lang={language_here(request, work, own)}#messages")


@router.post("/messages/read")
@or_show(show_complaint)
def read_messages(request: Request, form: Posted, work: Tracker) -> Response:
    """What the page showed was read: its reader says so, and no browser that fetches a page for them."""
    own = own_or_refused(work)
    last = form.ask(ReadMessages).last
    correspondence.read_messages(work, own.id, own.case_id, from_filer=False, last=last)
    return done(request, goto=f"/my?lang={language_here(request, work, own)}#messages")


@router.post("/words/add", name="add_to_filing")
@or_show(show_complaint)
def add_words(request: Request, form: Posted, work: Tracker) -> Response:
    own = own_or_refused(work)
    try:
        ask = Form({"body": form.value("words")}).ask(AddToFiling)
    except Invalid as wrong:
        raise Invalid({"words": wrong.fields.get("body", wrong.words)}) from None
    actions.add_to_filing(work, own.id, ask, case_id=own.case_id)
    return done(request, goto=f"/my?done=saved&lang={language_here(request, work, own)}#added")


@router.post("/files/add", name="add_file_to_filing")
@or_show(show_complaint)
def add_file(request: Request, form: Posted, work: Tracker) -> Response:
    own = own_or_refused(work)
    files = files_sent(request, work, form, "file")
    if not files:
        raise Invalid({"file": "Choose a file first."})
    for sent in files:
        actions.add_file_to_filing(work, own.id, sent, case_id=own.case_id)
    return done(request, goto=f"/my?done=saved&lang={language_here(request, work, own)}#added")


@router.post("/name/give", name="name_filer")
@or_show(show_complaint)
def give_name(request: Request, form: Posted, work: Tracker) -> Response:
    """Who filed without a name gives one, and says who may learn it."""
    own = own_or_refused(work)
    actions.name_filer(work, form.ask(NameFiler))
    return done(request, goto=f"/my?done=saved&lang={language_here(request, work, own)}")
