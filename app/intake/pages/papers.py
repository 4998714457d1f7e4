"""What goes out of the house on paper: the blank form, the phone script, the contact card, a filer's letters."""

from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence import queries as correspondence
from app.correspondence.rules import Written, parts_of
from app.intake import actions, letters
from app.intake.pages import asking
from app.intake.rules import printed
from app.kernel.errors import Refused
from app.policy.model.intake import NoticeWhen
from app.web.answers import download, show
from app.web.shell import language_of
from app.web.templates import Page, render
from app.web.work import may

router = APIRouter(include_in_schema=False)

Anyone = Annotated[Work, may(Permission.FILING_SUBMIT)]
Reader = Annotated[Work, may(Permission.FILING_READ)]
Scribe = Annotated[Work, may(Permission.FILING_TAKE_DOWN)]
CARDS = 10
BUSY = "The PDF is not ready yet: many are being made. Try again in a minute, or print this page."


@router.get("/file/print")
def show_blank_form(request: Request, work: Anyone) -> Response:
    """The form to be printed, filled in by hand and sent or brought."""
    language = _language(request, work)
    title = work.book.form.title.to(language)
    return show(request, work, "intake/print.html", title=title, lang=language, **_form(work, language))


@router.get("/file/print/form.pdf")
def download_blank_form(request: Request, work: Anyone) -> Response:
    """The same as a paper."""
    language = _language(request, work)
    title = work.book.form.title.to(language)
    html = paper(request, work, "intake/print_paper.html", language, title, _form(work, language))
    return _paper(f"form-{language}.pdf", html, title, language)


@router.get("/file/card")
def show_card(request: Request, work: Anyone) -> Response:
    """How to reach the office, on a card for the pocket; and ten of them on one sheet."""
    language = _language(request, work)
    title = asking.translate(language)("Contact card")
    return show(request, work, "intake/card.html", title=title, lang=language, **_card(work, language))


@router.get("/file/card/sheet.pdf")
def download_cards(request: Request, work: Anyone) -> Response:
    """Ten cards with marks to cut along."""
    language = _language(request, work)
    title = asking.translate(language)("Contact card")
    html = paper(request, work, "intake/card_paper.html", language, title, _card(work, language))
    return _paper(f"cards-{language}.pdf", html, title, language)


@router.get("/office/filings/script")
def show_script(request: Request, work: Scribe, speak: Annotated[str, Query(max_length=20)] = "en") -> Response:
    """What to say on the telephone, in English beside the caller's language."""
    language = speak if speak in work.book.language_codes else "en"
    ours, theirs = (printed.pages(work.book, each, asking.translate(each)) for each in ("en", language))
    both = [
        (part, their, list(zip(part.lines, their.lines, strict=True))) for part, their in zip(ours, theirs, strict=True)
    ]
    return show(request, work, "intake/script.html", title="Phone script", book=work.book, spoken=language, both=both)


@router.get("/office/filings/{filing_id}/letters/{letter_id}/letter.pdf")
def download_letter_to_filer(request: Request, work: Reader, filing_id: UUID, letter_id: UUID) -> Response:
    """A letter as its filer gets it, to be printed and sent; it is an opening of the filing."""
    filing = actions.open_filing(work, filing_id)
    letter = correspondence.get_letter(work, filing.id, letter_id)
    made = letter_paper(request, work, filing.number, letter)
    if made is None:
        raise Refused(BUSY)
    return download(f"letter-{filing.number}.pdf", "application/pdf", iter([made]))


def letter_paper(request: Request, work: Work, number: str, letter: Written) -> bytes | None:
    """The letter as a paper in its language; nothing where too many papers are being made."""
    said = {
        "number": number,
        "letter": letter,
        "parts": parts_of(letter.body),
        "contact": work.book.meta.contact,
    }
    html = paper(request, work, "correspondence/letter_paper.html", letter.language, letter.subject, said)
    return letters.paper_now(html, letter.subject, letter.language)


def _language(request: Request, work: Work) -> str:
    return language_of(request, work.book.language_codes)


def _form(work: Work, language: str) -> dict[str, Any]:
    book = work.book
    return {
        "book": book,
        "language": language,
        "pages": printed.pages(book, language, asking.translate(language)),
        "notices": asking.notices(book, NoticeWhen.BEFORE_FILING),
        "contact": book.meta.contact,
        "address": work.house.base_url,
        "needs_no_name": any(not way.asks_identity for way in book.intake.anonymity),
    }


def _card(work: Work, language: str) -> dict[str, Any]:
    address = f"{work.house.base_url}/file?lang={language}"
    return {
        "book": work.book,
        "language": language,
        "contact": work.book.meta.contact,
        "address": work.house.base_url,
        "code": letters.code_of(address),
        "count": CARDS,
        "needs_no_name": any(not way.asks_identity for way in work.book.intake.anonymity),
    }


def paper(request: Request, work: Work, template: str, language: str, title: str, said: dict[str, Any]) -> str:
    """A paper as HTML, in its language."""
    page = Page(title=title, agency=work.book.name.to(language), lang=language, timezone=str(work.book.time_zone))
    return render(
        request.app.state.templates, template, {"page": page, "today": work.today, "language": language, **said}
    )


def _paper(name: str, html: str, title: str, language: str) -> Response:
    return download(name, "application/pdf", iter([_made(html, title, language)]))


@lru_cache(maxsize=64)
def _made(html: str, title: str, language: str) -> bytes:
    """It is the same for everybody: made once for each language, and remembered while this process lives."""
    made = letters.paper_now(html, title, language)
    if made is None:
        raise Refused(BUSY)
    return made
