"""The receipt of a complaint that was taken down: shown once, printed or posted, and kept nowhere in the office."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import letters
from app.intake.pages import asking, papers, receipt
from app.intake.pages.receipt import Given
from app.intake.rules import scribing
from app.intake.rules.draft import Draft
from app.web.answers import done, download, show
from app.web.forms import Form, Posted
from app.web.sealed_field import new_id, open_field, seal_field
from app.web.work import may

router = APIRouter(prefix="/office/filings/new", include_in_schema=False)

Scribe = Annotated[Work, may(Permission.FILING_TAKE_DOWN)]
PURPOSE = "handing"
HANDING_SECONDS = 3600
BUSY = "The paper is not ready yet: many are being made. Try again in a minute, or read the words out."


class Handing(BaseModel):
    """What the filer gets, carried in the page until it is left; never in an address, and in no table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    given: Given
    handed: str
    draft: Draft


def show_handing(request: Request, work: Work, handing: Handing, form: Form, status: int = 200) -> Response:
    """The page that hands it over."""
    data = handing.model_dump_json().encode()
    return show(
        request,
        work,
        "intake/scribe_receipt.html",
        title=f"Kept as {handing.given.number}",
        status=status,
        typed=form,
        given=handing.given,
        sealed=seal_field(work.house, PURPOSE, new_id(), data, request.state.arrived),
        how=scribing.HANDED_WORDS[scribing.Handed(handing.handed)],
    )


@router.post("/receipt/make")
def make_receipt(request: Request, form: Posted, work: Scribe) -> Response:
    """The receipt and a copy of what was kept, as a paper for the filer in their language; made anew each time."""
    opened = open_field(work.house, PURPOSE, form.value("handing"), request.state.arrived, seconds=HANDING_SECONDS)
    if opened is None:
        return done(request, goto="/office/filings")
    handing = Handing.model_validate_json(opened)
    given = handing.given
    language, title = given.language, receipt.sent_title(work.book, given)
    said = receipt.said_on(work, given) | {"rows": asking.check_rows(work.book, handing.draft)}
    said["picture"] = letters.as_address(letters.receipt_picture(given.number, given.words, given.digits))
    html = papers.paper(request, work, "intake/receipt_paper.html", language, title, said)
    made = letters.paper_now(html, title, language)
    if made is None:
        form.refusal = BUSY
        return show_handing(request, work, handing, form, 503)
    return download(f"receipt-{given.number}.pdf", "application/pdf", iter([made]))
