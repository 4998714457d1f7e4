"""Letters of the office, and files both ways, as their reader opens them."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.correspondence import actions as correspondence
from app.intake import actions
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
    response = show(
        request,
        work,
        "correspondence/letter.html",
        title=letter.subject,
        lang=letter.language,
        letter=letter,
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
