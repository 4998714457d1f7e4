"""Files that come with a page of the form: stored sealed at once, named by the draft alone until it is sent."""

from app.access.work import Work
from app.intake import actions
from app.intake.pages.filing.step import Step
from app.intake.rules.draft import Kept
from app.intake.rules.filing import TOO_LARGE
from app.kernel.errors import Invalid
from app.policy.model.intake import FieldType, Page, Question
from app.web.limits import wait_for_upload
from app.web.sealed_field import new_id
from app.web.uploads import LARGEST_FILE

MEGABYTE = 1_000_000
TOO_MANY = "Many files come from your network right now. Wait a minute and add it again, or go on without it."
MOST_FILES = 20
NO_MORE = "These are as many files as we can take with one complaint. You can send more when it has arrived."
WAITED = "Your file waited here for too long and is gone. Add it again, or go on without it."


def with_files(step: Step) -> Step:
    """Stores a file that came along, and lets go of those that waited for too long."""
    return _with_file(_without_old_files(step))


def _without_old_files(step: Step) -> Step:
    """A file is promised only for as long as nobody sweeps it away."""
    asked, young = file_question(step.work), step.draft.young_files(step.request.state.arrived)
    if asked and young != step.draft.files:
        step.draft = step.draft.with_(files=young)
        step.form.errors[asked[1].code] = WAITED
    return step


def file_question(work: Work) -> tuple[Page, Question] | None:
    """Where the form asks for files, if it does."""
    asked = ((page, question) for page in work.book.form.pages for question in page.fields)
    return next((one for one in asked if one[1].type is FieldType.FILE), None)


def _with_file(step: Step) -> Step:
    """Stores a file that came along, sealed; the draft alone can name it."""
    for question in step.page.fields:
        if question.type is FieldType.FILE and question.code in step.form.oversized:
            step.form.errors[question.code] = TOO_LARGE
        elif question.type is FieldType.FILE and question.code in step.form.files:
            _keep_file(step, question.code)
    return step


def _keep_file(step: Step, code: str) -> None:
    upload = step.form.files[code]
    if len(step.draft.files) >= MOST_FILES:
        step.form.errors[code] = NO_MORE
        return
    if wait_for_upload(step.request):
        step.form.errors[code] = TOO_MANY
        return
    try:
        sent = actions.keep_upload(step.work, upload.filename or "", upload.file, limit=largest_file(step.work))
    except Invalid as refusal:
        step.form.errors[code] = refusal.fields["file"]
        return
    kept = Kept(
        id=new_id(),
        name=sent.name,
        media_type=sent.media_type,
        size=sent.stored.size,
        sha256=sent.stored.sha256,
        object_name=sent.stored.name,
        wrapped_key=sent.stored.wrapped_key,
        kept_at=step.request.state.arrived,
    )
    step.form.errors.pop(code, None)
    step.draft = step.draft.with_file(kept)


def largest_file(work: Work) -> int:
    """How large a file may be: what the rulebook says, and no more than this door reads."""
    most = work.book.intake.largest_file_mb
    ours = LARGEST_FILE // MEGABYTE
    return min(ours, most or ours) * MEGABYTE
