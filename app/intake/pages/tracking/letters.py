"""Letters of the office, and files both ways, as their reader opens them."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence.rules import Written
from app.intake import actions
from app.intake.pages.asking import translate
from app.intake.pages.papers import BUSY, letter_paper
from app.intake.pages.tracking.signing import Tracker, signed_in, way_in
from app.kernel.errors import NotFound
from app.web.answers import download, show
from app.web.forms import Blank

router = APIRouter(prefix="/my", include_in_schema=False)


@router.get("/letters/{letter_id}")
def show_letter(request: Request, work: Tracker, letter_id: UUID, form: Blank) -> Response:
    """One letter, as it was written."""
    own = actions.own(work)
    if own is None:
        return way_in(request, work, form)
    letter = correspondence.open_letter(work, own.id, own.case_id, letter_id)
    return _letter_page(request, work, letter)


@router.get("/letters/{letter_id}/letter.pdf")
def download_letter(request: Request, work: Tracker, letter_id: UUID, form: Blank) -> Response:
    """The same as a paper, in the language in which it was written; where many are being made, the page says so."""
    own = actions.own(work)
    if own is None:
        return way_in(request, work, form)
    letter = correspondence.open_letter(work, own.id, own.case_id, letter_id)
    made = letter_paper(request, work, own.number, letter)
    if made is None:
        return _letter_page(request, work, letter, 503)
    return signed_in(request, work, download(f"letter-{own.number}.pdf", "application/pdf", iter([made])))


def _letter_page(request: Request, work: Work, letter: Written, status: int = 200) -> Response:
    response = show(
        request,
        work,
        "correspondence/letter.html",
        title=letter.subject,
        status=status,
        lang=letter.language,
        letter=letter,
        busy=translate(letter.language)(BUSY) if status != HTTPStatus.OK else "",
        contact=work.book.meta.contact,
    )
    return signed_in(request, work, response)


@router.get("/files/{file_id}")
def download_file(work: Tracker, file_id: UUID) -> Response:
    """A file of one's own complaint, or one that the office sent."""
    own = actions.own(work)
    if own is None:
        raise NotFound()
    file, body = actions.open_own_file(work, own, file_id)
    return download(file.file_name, file.media_type, body)
