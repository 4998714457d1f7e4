"""The office's pages of filings: what waits to be screened, one filing, and messages with its filer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence.commands import ReadMessages
from app.intake import actions, letters, queries
from app.intake.commands import AddTranslation, FilingsView, OpenIdentity, ScreenFiling, SendAnotherWay
from app.intake.pages.scanned import given_out, step_before
from app.intake.queries.additions import count_waiting_additions
from app.people.rules import REASON_WORDS, OpeningReason, Who
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/filings", include_in_schema=False)

Reader = Annotated[Work, may(Permission.FILING_READ)]
Screener = Annotated[Work, may(Permission.FILING_SCREEN)]
Opener = Annotated[Work, may(Permission.IDENTITY_OPEN)]
FileOpener = Annotated[Work, may(Permission.FILE_OPEN)]
Writer = Annotated[Work, may(Permission.MESSAGE_SEND)]
LetterWriter = Annotated[Work, may(Permission.LETTER_SEND)]


@router.get("")
def list_filings(request: Request, work: Reader, view: Annotated[FilingsView, Query()]) -> Response:
    """What waits to be screened, the oldest first, each with the next date that the office owes it."""
    return show(
        request,
        work,
        "intake/filings.html",
        part="intake/_filings.html",
        title="Filings to screen",
        view=view,
        waiting=queries.waiting_page(work, view.cursor),
        additions=count_waiting_additions(work),
        channels=_channels(work),
        may_take_down=work.may(Permission.FILING_TAKE_DOWN),
        may_screen=work.may(Permission.FILING_SCREEN),
        may_call=work.may(Permission.MESSAGE_SEND),
    )


def _channels(work: Work) -> dict[str, str]:
    """The ways in, in the office's words; what no rulebook names comes from a program or from another system."""
    own = {each.code: each.label.to("en") for each in work.book.intake.channels}
    return {"api": "Sent by a program", "import": "Imported"} | own


@router.get("/{filing_id}")
def show_filing(request: Request, work: Reader, filing_id: UUID, form: Blank) -> Response:
    """One filing as it was said. Each opening stands in the journal."""
    return _filing_page(request, work, filing_id, form, None)


def _filing_page(request: Request, work: Work, filing_id: UUID, form: Blank, who: Who | None) -> Response:
    filing = actions.open_filing(work, filing_id)
    return show(
        request,
        work,
        "intake/filing.html",
        title=f"Filing {filing.number}",
        typed=form,
        who=who,
        channels=_channels(work),
        own_title=correspondence.title_of(work),
        reasons=[(reason.value, REASON_WORDS[reason]) for reason in OpeningReason],
        **queries.filing_view(work, filing),
        **queries.asked_view(work, filing),
    )


@router.post("/{filing_id}/screen")
@or_show(show_filing)
def screen_filing(request: Request, form: Posted, work: Screener, filing_id: UUID) -> Response:
    filing = actions.screen_filing(work, filing_id, form.ask(ScreenFiling))
    return done(request, goto=f"/office/filings/{filing.id}?done=saved")


@router.post("/{filing_id}/identity/open")
@or_show(show_filing)
def open_identity(request: Request, form: Posted, work: Opener, filing_id: UUID) -> Response:
    """Shows who filed, on this answer alone; who looked and why stands in the journal."""
    who = actions.open_filer(work, filing_id, form.ask(OpenIdentity))
    if who is None:
        return done(request, goto=f"/office/filings/{filing_id}?done=asked#identity")
    return _filing_page(request, work, filing_id, form, who)


@router.post("/{filing_id}/route/set")
@or_show(show_filing)
def send_another_way(request: Request, form: Posted, work: Screener, filing_id: UUID) -> Response:
    """The filing goes another way; whoever sent it there may not see it again."""
    actions.send_another_way(work, filing_id, form.ask(SendAnotherWay))
    return done(request, goto="/office/filings?done=another-way")


@router.post("/{filing_id}/route/lift")
@or_show(show_filing)
def send_usual_way(request: Request, form: Posted, work: Screener, filing_id: UUID) -> Response:
    actions.send_usual_way(work, filing_id)
    return done(request, goto=f"/office/filings/{filing_id}?done=saved")


@router.get("/{filing_id}/files/{file_id}")
def download_file(request: Request, work: FileOpener, filing_id: UUID, file_id: UUID) -> Response:
    """A file of the filing; opening it stands in the journal."""
    found = queries.get_file(work, queries.get_filing(work, filing_id).id, file_id)
    back = f"/office/filings/{filing_id}"
    step = step_before(request, work, found, back)
    return step or given_out(request, work, actions.open_filing_file(work, filing_id, file_id)[0], back)


@router.post("/{filing_id}/messages/read")
@or_show(show_filing)
def read_messages(request: Request, form: Posted, work: Writer, filing_id: UUID) -> Response:
    """What the page showed was read; the filer sees that, and it leaves the list of what waits."""
    filing = queries.get_filing(work, filing_id)
    last = form.ask(ReadMessages).last
    correspondence.read_messages(work, filing.id, filing.case_id, from_filer=True, last=last)
    return done(request, goto=f"/office/filings/{filing.id}#messages")


@router.post("/{filing_id}/translations/add")
@or_show(show_filing)
def add_translation(request: Request, form: Posted, work: Writer, filing_id: UUID) -> Response:
    """A translation beside the words; they stay the record."""
    added = actions.add_translation(work, filing_id, form.ask(AddTranslation))
    return done(request, goto=f"/office/filings/{added.filing_id}?done=saved#said")


@router.post("/{filing_id}/letters/update", name="write_letter")
@or_show(show_filing)
def write_update(request: Request, form: Posted, work: LetterWriter, filing_id: UUID) -> Response:
    """Writes the rulebook's letter of where the complaint stands."""
    filing = queries.get_filing(work, filing_id)
    letters.write_update(work, filing)
    return done(request, goto=f"/office/filings/{filing.id}?done=sent#letters")
