"""The receipt: number, passphrase and proof, shown after the commit and left only when it is written down."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions, letters
from app.intake.commands import SubmitFiling
from app.intake.pages import asking
from app.intake.pages.papers import BUSY
from app.intake.rules import status
from app.intake.rules.filing import AnonymityKind
from app.policy.model import Rulebook
from app.policy.model.intake import NoticeWhen
from app.web.answers import done, download, show
from app.web.forms import Form, Unbound
from app.web.sealed_field import new_id, open_field, seal_field
from app.web.templates import Page, render
from app.web.work import may

router = APIRouter(prefix="/file", include_in_schema=False)

Submitter = Annotated[Work, may(Permission.FILING_SUBMIT)]
RECEIPT_SECONDS = 24 * 3600

# Whoever thanks or worries did not complain, and reads so after sending; a complaint has the rulebook's words.
SENT = {
    "compliment": (
        "We have your thanks",
        "Your good words about the police are with us. You do not have to do anything now.",
    ),
    "concern": ("We have your worry", "What worries you is with us. You do not have to do anything now."),
}
KEY = "Write down or print your passphrase now. With it you can read our answer and write to us again."


class Given(BaseModel):
    """What the filer was given, carried from the receipt to the page after it; never in an address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    words: str
    digits: str
    receipt: str
    received_at: datetime
    is_exact: bool
    against: str = ""
    kind: str = ""
    language: str


def given_to(got: actions.Acknowledged, ask: SubmitFiling) -> Given:
    """What whoever filed this was given."""
    return Given(
        number=got.number,
        words=got.passphrase.words,
        digits=got.passphrase.digits,
        receipt=got.receipt,
        received_at=got.received_at,
        is_exact=ask.anonymity is not AnonymityKind.ANONYMOUS,
        language=ask.language,
        against=ask.against,
        kind=ask.kind,
    )


def sent_title(book: Rulebook, given: Given) -> str:
    """The heading after sending, in the word for what was sent."""
    said = SENT.get(given.kind)
    return asking.translate(given.language)(said[0]) if said else book.form.sent_title.to(given.language)


def show_receipt(
    request: Request, work: Work, given: Given, form: Form, status_code: int = 200, title: str = ""
) -> Response:
    """The page that hands it over; nothing on it leads away before the confirmation, but the quick way out."""
    data = given.model_dump_json().encode()
    return show(
        request,
        work,
        "intake/receipt.html",
        title=title or sent_title(work.book, given),
        status=status_code,
        lang=given.language,
        typed=form,
        is_renewed=bool(title),
        sealed=seal_field(work.house, "receipt", new_id(), data, request.state.arrived),
        picture=letters.as_address(letters.receipt_picture(given.number, given.words, given.digits)),
        **said_on(work, given),
    )


def said_on(work: Work, given: Given) -> dict[str, Any]:
    """What the receipt says on the page and on paper."""
    book, is_other = work.book, given.kind in SENT
    return {
        "given": given,
        "sent_text": asking.translate(given.language)(KEY) if is_other else book.form.sent_text.to(given.language),
        "book": book,
        "stage": book.first_stage,
        "next_by": status.first_date(book, given.received_at.astimezone(work.house.zone).date()),
        "another_way": status.another_way(book, given.against, given.language),
        "notices": asking.notices(book, NoticeWhen.AFTER_FILING),
        "follow": f"{work.house.base_url}/my",
    }


@router.post("/finish")
def leave_receipt(request: Request, form: Unbound, work: Submitter) -> Response:
    """The receipt is left only after the filer says that the passphrase is written down."""
    given = _given(request, work, form)
    if given is None:
        return done(request, goto="/my")
    if form.value("written") != "yes":
        words = asking.translate(given.language)("Write down your passphrase first, then tick this box.")
        form.errors = {"written": words}
        return show_receipt(request, work, given, form, 422)
    title = asking.translate(given.language)("Thank you")
    said = SENT.get(given.kind, ("", "Your complaint is with us. You do not have to do anything now."))
    lead = asking.translate(given.language)(said[1])
    return show(request, work, "intake/thanks.html", title=title, lang=given.language, given=given, lead=lead)


@router.post("/save")
def save_receipt(request: Request, form: Unbound, work: Submitter) -> Response:
    """The receipt as a small text file, for whoever has a safe place for it."""
    given = _given(request, work, form)
    if given is None:
        return done(request, goto="/my")
    text = letters.receipt_text(
        work, given.language, given.number, given.words, given.received_at, is_exact=given.is_exact
    )
    return download("receipt.txt", "text/plain; charset=utf-8", iter([text.encode(), _proved_by(work, given).encode()]))


@router.post("/save/picture")
def save_picture(request: Request, form: Unbound, work: Submitter) -> Response:
    """The passphrase as a picture, made on the spot."""
    given = _given(request, work, form)
    if given is None:
        return done(request, goto="/my")
    return download(
        "receipt.png", "image/png", iter([letters.receipt_picture(given.number, given.words, given.digits)])
    )


@router.post("/save/paper")
def save_paper(request: Request, form: Unbound, work: Submitter) -> Response:
    """The receipt as a PDF, made on the spot of what the page holds; kept nowhere."""
    given = _given(request, work, form)
    if given is None:
        return done(request, goto="/my")
    title = sent_title(work.book, given)
    page = Page(
        title=title, agency=work.book.name.to(given.language), lang=given.language, timezone=str(work.book.time_zone)
    )
    said = said_on(work, given) | {"page": page, "today": work.today}
    said["picture"] = letters.as_address(letters.receipt_picture(given.number, given.words, given.digits))
    html = render(request.app.state.templates, "intake/receipt_own.html", said)
    made = letters.paper_now(html, title, given.language)
    if made is None:
        form.errors = {"": asking.translate(given.language)(BUSY)}
        return show_receipt(request, work, given, form, 503)
    return download("receipt.pdf", "application/pdf", iter([made]))


def _proved_by(work: Work, given: Given) -> str:
    """The line that proves later that nothing was altered, and where."""
    words = asking.translate(given.language)("This line proves that your complaint is kept as you sent it. Check it at")
    return f"\n\n{words} {work.house.base_url}/journal\n{given.receipt}\n"


def _given(request: Request, work: Work, form: Form) -> Given | None:
    sealed = form.value("receipt")
    opened = open_field(work.house, "receipt", sealed, request.state.arrived, seconds=RECEIPT_SECONDS)
    return Given.model_validate_json(opened) if opened is not None else None
