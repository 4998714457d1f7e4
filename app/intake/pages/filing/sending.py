"""Send: keeps the complaint under the draft's own words and shows the receipt; sent twice, it is one complaint."""

from functools import partial

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from app.access.work import Work
from app.intake import actions
from app.intake.commands import SubmitFiling
from app.intake.pages import asking
from app.intake.pages.file_question import file_question
from app.intake.pages.filing.showing import show_page
from app.intake.pages.filing.starting import Submitter, first_page
from app.intake.pages.filing.step import Step, fresh_secret, read_step, sealed_draft
from app.intake.pages.filing.turning import wrong
from app.intake.pages.receipt import given_to, show_receipt
from app.intake.rules import form as rules
from app.kernel.errors import Invalid
from app.policy.model.intake import Page
from app.policy.model.powers import Act
from app.web.answers import held_back, show
from app.web.forms import Form, Unbound, messages_of
from app.web.limits import InLine

router = APIRouter(prefix="/file", include_in_schema=False)


@router.post("/send")
def send_filing(request: Request, form: Unbound, wait: InLine, work: Submitter) -> Response:
    """Keeps the complaint and shows the receipt, once the commit is done; sent twice, it is one complaint."""
    step = read_step(request, work, form)
    step.is_new = step.is_new or not step.draft.secret
    step.draft = step.draft.with_(secret=step.draft.secret or fresh_secret())
    step.save_by(partial(actions.save_draft, work))
    if work.stop_of(Act.FILINGS) is not None:
        return first_page(request, work, step.draft)
    step.page = work.book.form.visible_pages(step.draft.answers)[-1]
    faulty = rules.first_problem(work.book, step.draft, work.today) or _where_a_file_is_gone(step)
    if step.is_lost or faulty:
        return _faulty(step, faulty)
    if wait:
        return _busy(step, wait)
    try:
        return _sent(step)
    except actions.KeyUsed:
        work.restart()
        return _sent_before(request, work, step)
    except Invalid as refusal:
        work.restart()
        return _refused(step, refusal)


def _where_a_file_is_gone(step: Step) -> tuple[Page, int] | None:
    asked = file_question(step.work)
    return (asked[0], 0) if asked and asked[1].code in step.form.errors else None


def _faulty(step: Step, faulty: tuple[Page, int] | None) -> Response:
    step.page, step.at = faulty or (step.work.book.form.pages[0], 0)
    step.form.errors = wrong(step) if faulty else {}
    return show_page(step, 422)


def _busy(step: Step, wait: int) -> Response:
    words = "Many complaints come from your network right now. Nothing is lost: wait a minute and press Send again."
    step.form.errors = {"": words}
    return held_back(show_page(step), wait)


def _sent_before(request: Request, work: Work, step: Step) -> Response:
    return show(
        request,
        work,
        "intake/sent_before.html",
        title=asking.translate(step.draft.language)("This form was sent before"),
        lang=step.draft.language,
        status=409,
        sealed=sealed_draft(step),
        form_page=step.page,
    )


def _refused(step: Step, refusal: Invalid) -> Response:
    """An error of the filing beside the question it came from."""
    for place, words in refusal.fields.items():
        asked = rules.question_filling(step.work.book, place)
        if asked:
            step.page = asked[0]
            step.form.errors[asked[1].code] = words
        else:
            step.form.errors[""] = refusal.words
    return show_page(step, 422)


def _sent(step: Step) -> Response:
    work, draft = step.work, step.draft
    try:
        ask = SubmitFiling.model_validate(rules.filing_of(work.book, draft))
    except ValidationError as refused:
        raise Invalid(messages_of(refused)) from None
    files = [actions.sent_of(file) for file in draft.files]
    got = actions.submit_filing(work, ask, passphrase=actions.passphrase_of(draft.secret), files=files)
    return show_receipt(step.request, work, given_to(got, ask), Form())
