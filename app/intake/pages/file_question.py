"""The form's question for files: what came with the page or in pieces is stored sealed; the draft alone can name it."""

from fastapi import Request

from app.access.work import Work
from app.intake import actions
from app.intake.actions.files import kept_of
from app.intake.pages import uploads
from app.intake.rules.draft import Draft
from app.intake.rules.filing import TOO_LARGE
from app.kernel.errors import Invalid
from app.policy.model.intake import FieldType, Page, Question
from app.web.forms import Form
from app.web.limits import wait_for_upload
from app.web.sealed_field import new_id
from app.web.uploads import LARGEST_FILE

MEGABYTE = 1_000_000
TOO_MANY = "Many files come from your network right now. Wait a minute and add it again, or go on without it."
MOST_FILES = 20
NO_MORE = "These are as many files as we can take with one complaint. You can send more when it has arrived."
WAITED = "Your file waited here for too long and is gone. Add it again, or go on without it."


def largest_file(work: Work) -> int:
    """How large a file may be: what the rulebook says, and no more than this door reads."""
    most = work.book.intake.largest_file_mb
    ours = LARGEST_FILE // MEGABYTE
    return min(ours, most or ours) * MEGABYTE


def file_question(work: Work) -> tuple[Page, Question] | None:
    """Where the rulebook's form asks for files."""
    asked = ((page, question) for page in work.book.form.pages for question in page.fields)
    return next((one for one in asked if one[1].type is FieldType.FILE), None)


def asks_files(page: Page) -> bool:
    """True for a page that takes files."""
    return any(question.type is FieldType.FILE for question in page.fields)


def offer(request: Request, work: Work, draft: Draft, page: Page) -> uploads.Offer | None:
    """How this page sends files in pieces, where it asks for any."""
    return uploads.offer(request, work, draft.id, largest_file(work)) if asks_files(page) else None


def without_old_files(request: Request, work: Work, form: Form, draft: Draft) -> Draft:
    """A file is promised only for as long as nobody sweeps it away."""
    asked, young = file_question(work), draft.young_files(request.state.arrived)
    if asked is None or young == draft.files:
        return draft
    form.errors[asked[1].code] = WAITED
    return draft.with_(files=young)


def with_files(request: Request, work: Work, form: Form, draft: Draft, page: Page) -> Draft:
    """The draft with what came along with its page."""
    for question in page.fields:
        if question.type is FieldType.FILE:
            draft = _with_arrived(request, work, form, draft, question.code)
            draft = _with_sent(request, work, form, draft, question.code)
    return draft


def _with_arrived(request: Request, work: Work, form: Form, draft: Draft, code: str) -> Draft:
    """Adds what came in pieces while the page stood open."""
    for kept in uploads.taken(work.house, draft.id, form.lists.get("arrived", []), request.state.arrived):
        if len(draft.files) >= MOST_FILES:
            form.errors[code] = NO_MORE
            return draft
        draft = draft.with_file(kept)
    return draft


def _with_sent(request: Request, work: Work, form: Form, draft: Draft, code: str) -> Draft:
    if code in form.oversized:
        form.errors[code] = TOO_LARGE
    if code in form.oversized or code not in form.files:
        return draft
    refusal = _refusal(request, draft)
    if refusal:
        form.errors[code] = refusal
        return draft
    return _keep(request, work, form, draft, code)


def _refusal(request: Request, draft: Draft) -> str:
    if len(draft.files) >= MOST_FILES:
        return NO_MORE
    return TOO_MANY if wait_for_upload(request) else ""


def _keep(request: Request, work: Work, form: Form, draft: Draft, code: str) -> Draft:
    upload = form.files[code]
    try:
        sent = actions.keep_upload(work, upload.filename or "", upload.file, limit=largest_file(work))
    except Invalid as refusal:
        form.errors[code] = refusal.fields["file"]
        return draft
    form.errors.pop(code, None)
    return draft.with_file(kept_of(sent, new_id(), request.state.arrived))
