"""Files that come with a form, whole or in pieces, kept before any row names them."""

from fastapi import Request

from app.access.work import Work
from app.intake import actions
from app.intake.actions import Sent
from app.intake.pages import uploads
from app.intake.pages.file_question import TOO_MANY, largest_file
from app.intake.rules.filing import TOO_LARGE
from app.kernel.errors import Invalid
from app.web.forms import Form
from app.web.limits import wait_for_upload


def files_sent(request: Request, work: Work, form: Form, field: str) -> list[Sent]:
    """What came in pieces while a filer's page stood open, and what came with it; a fault is told beside the field."""
    if field in form.files and wait_for_upload(request):
        raise Invalid({field: TOO_MANY})
    owner = uploads.owner_of_filing(work)
    kept = uploads.taken(work.house, owner, form.lists.get("arrived", []), request.state.arrived)
    # The same slip named twice is one file.
    return [*map(actions.sent_of, {each.id: each for each in kept}.values()), *file_sent(work, form, field)]


def file_sent(work: Work, form: Form, field: str) -> list[Sent]:
    """What came whole with the form, stored sealed."""
    if field in form.oversized:
        raise Invalid({field: TOO_LARGE})
    upload = form.files.get(field)
    if upload is None:
        return []
    try:
        return [actions.keep_upload(work, upload.filename or "", upload.file, limit=largest_file(work))]
    except Invalid as wrong:
        raise Invalid({field: wrong.fields.get("file", wrong.words)}) from None
