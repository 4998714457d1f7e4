"""A lost passphrase: the office's page with the rulebook's questions, and the filer's page that takes the code."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions, queries
from app.intake.actions import lost_words as words
from app.intake.commands import GiveNewWords, TakeNewWords
from app.intake.pages.asking import translate
from app.intake.pages.receipt import Given, show_receipt
from app.intake.queries import lost_words as given_words
from app.intake.rules.filing import AnonymityKind
from app.intake.rules.lost_words import CODE_LIFE
from app.kernel.errors import Invalid, NotFound
from app.web.answers import show
from app.web.forms import Blank, Form, Posted, Unbound, or_show
from app.web.limits import wait_for_lookup
from app.web.shell import language_of
from app.web.work import may

router = APIRouter(include_in_schema=False)

Opener = Annotated[Work, may(Permission.IDENTITY_OPEN)]
Tracker = Annotated[Work, may(Permission.FILING_TRACK)]
UNKNOWN = "We do not know this code, or it was used already. Call us if it should be new."
WAIT = "Too many tries came from your network. Wait a minute and try again."


@router.get("/office/filings/{filing_id}/words")
def show_questions(request: Request, work: Opener, filing_id: UUID, form: Blank) -> Response:
    """What to ask, and what happens then."""
    return _questions(request, work, filing_id, form, "")


def _questions(request: Request, work: Work, filing_id: UUID, form: Form, code: str) -> Response:
    filing = queries.get_filing(work, filing_id)
    return show(
        request,
        work,
        "intake/lost_words.html",
        title=f"New passphrase for {filing.number}",
        typed=form,
        filing=filing,
        questions=work.book.intake.identity_questions,
        is_nameless=filing.anonymity == AnonymityKind.ANONYMOUS,
        given=given_words.new_words_of(work, filing.id),
        code=code,
        ends_at=work.now + CODE_LIFE,
        address=f"{work.house.base_url}/my/new-words",
    )


@router.post("/office/filings/{filing_id}/words/renew")
@or_show(show_questions)
def give_new_words(request: Request, form: Posted, work: Opener, filing_id: UUID) -> Response:
    """The code, on this answer alone: it is printed or read out, and opens new words once."""
    code = words.give_new_words(work, filing_id, form.ask(GiveNewWords))
    work.flush()
    return _questions(request, work, filing_id, Form(), code)


@router.get("/my/new-words")
def show_code_field(request: Request, work: Tracker, form: Blank) -> Response:
    """Asks for the code."""
    return _code_field(request, work, form)


def _code_field(request: Request, work: Work, form: Form, status: int = 200) -> Response:
    language = language_of(request, work.book.language_codes)
    say = translate(language)
    form.errors = {name: say(said) for name, said in form.errors.items()}
    title = say("Take your new passphrase")
    return show(request, work, "intake/take_words.html", title=title, lang=language, status=status, typed=form)


@router.post("/my/new-words/take")
def take_new_words(request: Request, form: Unbound, work: Tracker) -> Response:
    """The new words, shown to whoever has the code; as with a receipt, the page is left on purpose."""
    wait = wait_for_lookup(request)
    if wait:
        form.errors = {"code": WAIT}
        response = _code_field(request, work, form, 429)
        response.headers["retry-after"] = str(wait)
        return response
    try:
        passphrase = words.take_new_words(work, form.ask(TakeNewWords).code)
    except (NotFound, Invalid):
        work.restart()
        form.errors = {"code": UNKNOWN}
        return _code_field(request, work, form, 422)
    own = actions.own(work)
    if own is None:
        raise NotFound()
    given = Given(
        number=own.number,
        words=passphrase.words,
        digits=passphrase.digits,
        receipt=own.receipt,
        received_at=own.received_at,
        is_exact=True,
        language=own.language,
    )
    return show_receipt(request, work, given, Form(), title=translate(own.language)("Your new passphrase"))
