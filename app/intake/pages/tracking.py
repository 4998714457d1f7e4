"""Following a complaint: the passphrase opens it for half an hour, to read the answers, write back and add to it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence import queries as kept
from app.correspondence.commands import ReadMessages, SendMessage
from app.intake import actions, letters, queries
from app.intake.commands import AddToFiling, NameFiler, Track
from app.intake.pages.asking import translate
from app.intake.pages.filing import largest_file
from app.intake.queries import OwnFiling
from app.intake.rules.filing import TOO_LARGE, AnonymityKind, kinds_with_a_name, may_be_named
from app.kernel.errors import Invalid, NotFound, Refused
from app.people import queries as people
from app.web.answers import done, show
from app.web.doors import FILER_COOKIE, cookie_name
from app.web.forms import Blank, Form, Posted, or_show
from app.web.limits import wait_for_lookup
from app.web.shell import language_of
from app.web.work import FILER_TIME, end_filer, filer_cookie, may

router = APIRouter(prefix="/my", include_in_schema=False)

Tracker = Annotated[Work, may(Permission.FILING_TRACK)]

UNKNOWN = "We do not know this passphrase. Check each word, or type the numbers instead."
WAIT = "Too many tries came from your network. Wait a minute and try again."
SIGNED_OUT = "You were signed out. Type your passphrase again. What you wrote stands below: copy it, then sign in."


@router.get("")
def show_complaint(request: Request, work: Tracker, form: Blank) -> Response:
    """The complaint of whoever holds the passphrase; without one, the way in."""
    own = actions.own(work)
    if own is None:
        return _way_in(request, work, form)
    language = _language(request, work, own)
    messages = kept.messages_of(work, own.id)
    response = show(
        request,
        work,
        "intake/my.html",
        title=translate(language)("Your complaint"),
        lang=language,
        typed=form,
        own=own,
        standing=letters.told_status(work, own, language),
        another_way=queries.way_of(work, own, language),
        messages=messages,
        is_exact=own.anonymity != AnonymityKind.ANONYMOUS,
        is_new=any(not message.is_from_filer and message.read_at is None for message in messages),
        letters=kept.letters_of(work, own.id),
        amendments=queries.amendments_of(work, own.id),
        files=queries.files_of(work, own.id),
        place=queries.place_of_own(work, own),
        largest=largest_file(work),
        namings=_namings(work, own, language),
        known_as=_known_as(work, own, language),
        seen=people.seen_by_filer(work, own.id),
        contact=work.book.meta.contact,
    )
    return _signed_in(request, work, response)


def _namings(work: Work, own: OwnFiling, language: str) -> list[tuple[str, str, str]]:
    """How whoever filed without a name may be known from now on: code, label and what it means."""
    book = work.policies.named(own.policy_id)
    if not may_be_named(book, own.anonymity):
        return []
    kinds = kinds_with_a_name(book)
    said = [each for each in book.intake.anonymity if each.code in kinds]
    return [(each.code, each.label.to(language), each.meaning.to(language)) for each in said]


def _known_as(work: Work, own: OwnFiling, language: str) -> str:
    """What was agreed about the filer's name, in the rulebook's words."""
    said = work.policies.named(own.policy_id).intake.anonymity
    return next((each.label.to(language) for each in said if each.code == own.anonymity), "")


def _language(request: Request, work: Work, own: OwnFiling) -> str:
    """The complaint's own language, unless the address asks for another."""
    asked = request.query_params.get("lang", "")
    return asked if asked in work.book.language_codes else own.language


def _way_in(request: Request, work: Work, form: Form, status: int = 200) -> Response:
    language = language_of(request, work.book.language_codes)
    say = translate(language)
    form.errors = {name: say(words) for name, words in form.errors.items()}
    title = say("Check your complaint")
    return show(
        request,
        work,
        "intake/sign_in.html",
        title=title,
        lang=language,
        status=status,
        typed=form,
        unsent=form.value("body"),
        signed_out=say(SIGNED_OUT) if form.value("body") else "",
        contact=work.book.meta.contact,
    )


def _signed_in(request: Request, work: Work, response: Response) -> Response:
    """Each page turned gives half an hour more."""
    https = work.house.base_url.startswith("https")
    value = filer_cookie(request, work.house, work.actor.lookup or b"")
    response.set_cookie(
        cookie_name(FILER_COOKIE, https=https),
        value,
        max_age=int(FILER_TIME.total_seconds()),
        path="/",
        secure=https,
        httponly=True,
        samesite="strict",
    )
    return response


@router.post("/sign-in")
def sign_in(request: Request, form: Posted, work: Tracker) -> Response:
    """Opens the complaint that this passphrase belongs to; a wrong one is told as soon as an unknown one."""
    wait = wait_for_lookup(request)
    if wait:
        form.errors = {"passphrase": WAIT}
        response = _way_in(request, work, form, 429)
        response.headers["retry-after"] = str(wait)
        return response
    try:
        own = actions.own_by_passphrase(work, form.ask(Track, passphrase=form.value("passphrase")).passphrase)
    except (NotFound, Invalid):
        work.restart()
        form.errors = {"passphrase": UNKNOWN}
        return _way_in(request, work, form, 422)
    return _signed_in(request, work, done(request, goto=f"/my?lang={own.language}"))


@router.post("/sign-out")
def sign_out(request: Request, form: Posted, work: Tracker) -> Response:
    """Forgets the passphrase on this device, and in every copy of its cookie."""
    end_filer(request, work.house)
    response = done(request, goto=f"/my?done=out&lang={language_of(request, work.book.language_codes)}")
    https = work.house.base_url.startswith("https")
    response.delete_cookie(cookie_name(FILER_COOKIE, https=https), path="/", secure=https, httponly=True)
    return response


def _own(work: Work) -> OwnFiling:
    """The signed-in filer's complaint; refused where the half hour is over, with the words kept."""
    own = actions.own(work)
    if own is None:
        raise Refused(SIGNED_OUT)
    return own


@router.post("/messages/send", name="write_to_office")
@or_show(show_complaint)
def send_message(request: Request, form: Posted, work: Tracker) -> Response:
    own = _own(work)
    correspondence.write_to_office(work, own.id, own.case_id, form.ask(SendMessage))
    return done(request, goto=f"/my?done=sent&lang={_language(request, work, own)}#messages")


@router.post("/messages/read")
@or_show(show_complaint)
def read_messages(request: Request, form: Posted, work: Tracker) -> Response:
    """What the page showed was read: its reader says so, and no browser that fetches a page for them."""
    own = _own(work)
    last = form.ask(ReadMessages).last
    correspondence.read_messages(work, own.id, own.case_id, from_filer=False, last=last)
    return done(request, goto=f"/my?lang={_language(request, work, own)}#messages")


@router.post("/words/add", name="add_to_filing")
@or_show(show_complaint)
def add_words(request: Request, form: Posted, work: Tracker) -> Response:
    own = _own(work)
    try:
        ask = Form({"body": form.value("words")}).ask(AddToFiling)
    except Invalid as wrong:
        raise Invalid({"words": wrong.fields.get("body", wrong.words)}) from None
    actions.add_to_filing(work, own.id, ask, case_id=own.case_id)
    return done(request, goto=f"/my?done=saved&lang={_language(request, work, own)}#added")


@router.post("/files/add", name="add_file_to_filing")
@or_show(show_complaint)
def add_file(request: Request, form: Posted, work: Tracker) -> Response:
    own = _own(work)
    upload = form.files.get("file")
    if "file" in form.oversized:
        raise Invalid({"file": TOO_LARGE})
    if upload is None:
        raise Invalid({"file": "Choose a file first."})
    sent = actions.keep_upload(work, upload.filename or "", upload.file, limit=largest_file(work))
    actions.add_file_to_filing(work, own.id, sent, case_id=own.case_id)
    return done(request, goto=f"/my?done=saved&lang={_language(request, work, own)}#added")


@router.post("/name/give", name="name_filer")
@or_show(show_complaint)
def give_name(request: Request, form: Posted, work: Tracker) -> Response:
    """Who filed without a name gives one, and says who may learn it."""
    own = _own(work)
    actions.name_filer(work, form.ask(NameFiler))
    return done(request, goto=f"/my?done=saved&lang={_language(request, work, own)}")


@router.get("/letters/{letter_id}")
def show_letter(request: Request, work: Tracker, letter_id: UUID, form: Blank) -> Response:
    """One letter, as it was written."""
    own = actions.own(work)
    if own is None:
        return _way_in(request, work, form)
    letter = correspondence.open_letter(work, own.id, own.case_id, letter_id)
    response = show(
        request,
        work,
        "correspondence/letter.html",
        title=letter.subject,
        lang=letter.language,
        letter=letter,
        contact=work.book.meta.contact,
    )
    return _signed_in(request, work, response)
