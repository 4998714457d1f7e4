"""Coming back to a complaint that was begun: by its words, from any phone or computer; and throwing it away."""

from functools import partial

from fastapi import APIRouter, Request, Response

from app.access.work import Work
from app.intake import actions
from app.intake.pages.asking import TOO_MANY_TRIES, translate
from app.intake.pages.file_question import without_old_files
from app.intake.pages.filing.showing import show_page
from app.intake.pages.filing.starting import Submitter, first_page
from app.intake.pages.filing.step import Step, read_step, sealed_draft
from app.intake.rules import draft as drafts
from app.intake.rules.draft import Draft
from app.kernel.errors import NotFound
from app.policy.model.powers import Act
from app.web.answers import held_back, show
from app.web.forms import Blank, Form, Unbound
from app.web.limits import wait_for_lookup
from app.web.shell import language_of

router = APIRouter(prefix="/file", include_in_schema=False)

UNKNOWN = "We do not know these words. Check each word, or type the numbers instead."


@router.get("/resume")
def show_way_back(request: Request, work: Submitter, form: Blank) -> Response:
    """Asks for the words."""
    return _way_back(request, work, form)


@router.post("/resume/open", name="find_draft")
def open_draft(request: Request, form: Unbound, work: Submitter) -> Response:
    """Goes on where it was left; wrong words are told as soon as unknown ones."""
    wait = wait_for_lookup(request)
    if wait:
        form.errors = {"passphrase": TOO_MANY_TRIES}
        return held_back(_way_back(request, work, form), wait)
    return resumed(request, work, form) or _sent_or_unknown(request, work, form)


def resumed(request: Request, work: Work, form: Form) -> Response | None:
    """The draft that these words belong to, or that it ended; nothing where there is none."""
    found = actions.find_draft(work, form.value("passphrase"))
    if found is None:
        return None
    if found.draft is None:
        language = language_of(request, work.book.language_codes)
        title = translate(language)("This draft has ended")
        return show(request, work, "intake/draft_ended.html", title=title, lang=language, ends_on=found.ends_on)
    return _going_on(request, work, found.draft)


def _going_on(request: Request, work: Work, draft: Draft) -> Response:
    if work.stop_of(Act.FILINGS) is not None:
        return first_page(request, work, draft)
    page = drafts.left_off(work.book, draft)
    form = Form()
    draft = without_old_files(request, work, form, draft)
    step = Step(request, work, form, draft, page, len(draft.entries.get(page.code, [])), is_back=True)
    step.save = partial(actions.save_draft, work)
    return show_page(step)


def _sent_or_unknown(request: Request, work: Work, form: Form) -> Response:
    """Words of a complaint that was sent lead to it; nothing of it is shown here."""
    sent = _sent(request, work, form.value("passphrase"))
    if sent is None:
        form.errors = {"passphrase": UNKNOWN}
        return _way_back(request, work, form, 422)
    return sent


def _sent(request: Request, work: Work, words: str) -> Response | None:
    try:
        own = actions.own_by_passphrase(work, words)
    except NotFound:
        work.restart()
        return None
    title = translate(own.language)("You sent this complaint already")
    return show(request, work, "intake/draft_sent.html", title=title, lang=own.language)


def _way_back(request: Request, work: Work, form: Form, status: int = 200) -> Response:
    language = language_of(request, work.book.language_codes)
    say = translate(language)
    form.errors = {name: say(words) for name, words in form.errors.items()}
    title = say("Go on with a complaint that you began")
    return show(request, work, "intake/resume.html", title=title, lang=language, status=status, typed=form)


@router.post("/draft/delete", name="drop_draft")
def delete_draft(request: Request, form: Unbound, work: Submitter) -> Response:
    """Asks once; then nothing of the draft is left here."""
    step = read_step(request, work, form)
    say, language = translate(step.draft.language), step.draft.language
    if form.value("sure") != "yes":
        title = say("Delete what you wrote?")
        sealed = sealed_draft(step)
        return show(
            request,
            work,
            "intake/draft_delete.html",
            title=title,
            lang=language,
            sealed=sealed,
            form_page=step.page,
            check_page=work.book.form.pages[-1],
        )
    if step.draft.secret:
        sent = _sent(request, work, step.draft.secret)
        if sent is not None:
            return sent  # from a page that was left open: what was sent is no draft, and nobody is told it were gone
        actions.drop_draft(work, step.draft)
    return show(request, work, "intake/draft_deleted.html", title=say("Your draft is deleted"), lang=language)
