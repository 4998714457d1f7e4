"""A lost passphrase: the office's page with the rulebook's questions, and the filer's page that takes both halves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions, queries
from app.intake.actions import lost_words as words
from app.intake.commands import GiveNewWords, SecondNewWords, TakeNewWords
from app.intake.pages.asking import TOO_MANY_TRIES, translate
from app.intake.pages.receipt import Given, show_receipt
from app.intake.queries import lost_words as given_words
from app.intake.rules.filing import AnonymityKind
from app.intake.rules.lost_words import CODE_LIFE
from app.kernel.errors import Invalid, NotFound
from app.web.answers import held_back, show
from app.web.forms import Blank, Form, Posted, Unbound, or_show
from app.web.limits import wait_for_lookup
from app.web.shell import language_of
from app.web.work import may

router = APIRouter(include_in_schema=False)

Opener = Annotated[Work, may(Permission.IDENTITY_OPEN)]
Tracker = Annotated[Work, may(Permission.FILING_TRACK)]
UNKNOWN = "We do not know this code, or it was used already. Call us if it should be new."


@router.get("/office/filings/{filing_id}/words")
def show_questions(request: Request, work: Opener, filing_id: UUID, form: Blank) -> Response:
    """What to ask, and what happens then."""
    return _questions(request, work, filing_id, form)


def _questions(
    request: Request, work: Work, filing_id: UUID, form: Form, code: str = "", *, is_second: bool = False
) -> Response:
    filing = queries.get_filing(work, filing_id)
    waiting = given_words.half_to_give(work, filing.id)
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
        is_second=is_second,
        waiting=waiting,
        is_mine=waiting is not None and waiting.given_by_id in work.actor.places,
        ends_at=work.now + CODE_LIFE,
        address=f"{work.house.base_url}/my/new-words",
    )


@router.post("/office/filings/{filing_id}/words/renew")
@or_show(show_questions)
def give_new_words(request: Request, form: Posted, work: Opener, filing_id: UUID) -> Response:
    """The first half of the code, on this answer alone: it is printed or read out."""
    code = words.give_new_words(work, filing_id, form.ask(GiveNewWords))
    work.flush()
    return _questions(request, work, filing_id, Form(), code)


@router.post("/office/filings/{filing_id}/words/second")
@or_show(show_questions)
def second_new_words(request: Request, form: Posted, work: Opener, filing_id: UUID) -> Response:
    """The second half, on this answer alone, to somebody who did not give the first."""
    code = words.second_new_words(work, filing_id, form.ask(SecondNewWords))
    work.flush()
    return _questions(request, work, filing_id, Form(), code, is_second=True)


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
        form.errors = {"code": TOO_MANY_TRIES}
        return held_back(_code_field(request, work, form), wait)
    try:
        passphrase = words.take_new_words(work, form.ask(TakeNewWords))
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
