"""Turning the pages of the form: each that is sent is saved, and what was typed goes on whatever the database does."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.intake import actions
from app.intake.pages.filing.showing import show_at, show_page
from app.intake.pages.filing.starting import first_page
from app.intake.pages.filing.step import Step, fresh_secret, index_of, read_step
from app.intake.rules import draft as drafts
from app.intake.rules import form as rules
from app.intake.rules.draft import Draft
from app.policy.model.powers import Act
from app.web.forms import Unbound
from app.web.sealed_field import new_id
from app.web.work import DATABASE_AWAY, Begin, may_begin, unbegun

router = APIRouter(prefix="/file", include_in_schema=False)


async def _at_once(_: Request) -> None:
    """Nothing stands before a page that is turned."""


Turner = Annotated[Begin, may_begin(Permission.FILING_SUBMIT, _at_once)]


@router.post("/answer")
def answer_page(request: Request, form: Unbound, begin: Turner) -> Response:
    """Takes one page's answers and goes where the pressed button says."""
    with unbegun(request, Permission.FILING_SUBMIT) as work:
        step = read_step(request, work, form)
        if work.stop_of(Act.FILINGS) is not None:
            return first_page(request, work, step.draft)
        verb, _, step.arg = form.value("go", "next").partition(":")
        if not form.value("page"):
            return show_page(step)
        step.save_by(partial(saved_until, begin), is_another=verb == "new")
        return GO.get(verb, _next)(step)


def saved_until(begin: Begin, draft: Draft) -> date | None:
    """Until when it is kept; nothing where the database does not answer: then it still travels in the page."""
    try:
        with begin() as work:
            return actions.save_draft(work, draft)
    except DATABASE_AWAY:
        return None


def wrong(step: Step) -> dict[str, str]:
    """What is wrong on this page; a page that repeats may be left without an entry."""
    answers = step.draft.entry(step.page, step.at)
    if step.page.repeats and not answers:
        return dict(step.form.errors)
    book, today = step.work.book, step.work.today
    return step.form.errors | rules.problems(book, step.draft, step.page, step.at, today)


def _next(step: Step) -> Response:
    step.form.errors = wrong(step)
    if step.form.errors:
        return show_page(step, 422)
    return show_at(step, drafts.after(step.work.book, step.draft, step.page))


def _again(step: Step) -> Response:
    step.form.errors = wrong(step)
    return show_page(step, 422) if step.form.errors else show_at(step, step.page)


def _back(step: Step) -> Response:
    book = step.work.book
    if step.draft.is_checking:
        return show_at(step, book.form.visible_pages(step.draft.answers)[-1])
    before = drafts.before(book, step.draft, step.page)
    return show_at(step, before) if before else first_page(step.request, step.work)


def _edit(step: Step) -> Response:
    step.at = index_of(step.arg)
    return show_page(step)


def _drop(step: Step) -> Response:
    step.draft = drafts.without_entry(step.draft, step.page, index_of(step.arg))
    return show_at(step, step.page)


def _drop_file(step: Step) -> Response:
    step.draft = step.draft.without_file(step.arg)
    return show_page(step)


def _add_file(step: Step) -> Response:
    """The same page with room for one more: without a script files come one after the other."""
    return show_page(step, 422 if step.form.errors else 200)


def _change(step: Step) -> Response:
    code, _, at = step.arg.partition(":")
    page = step.work.book.form.page(code) or step.page
    step.draft = step.draft.with_(is_checking=True)
    step.page, step.at = page, index_of(at)
    return show_page(step)


def _show(step: Step) -> Response:
    """A page as it was left."""
    step.page = step.work.book.form.page(step.arg) or step.page
    return show_at(step, step.page)


def _speak(step: Step) -> Response:
    """The same page in another language, nothing lost."""
    book = step.work.book
    if step.arg in book.language_codes:
        asked = rules.question_filling(book, "language")
        answers = step.draft.answers | ({asked[1].code: step.arg} if asked else {})
        step.draft = step.draft.with_(language=step.arg, answers=answers)
    return show_page(step)


def _as_new(step: Step) -> Response:
    """The same words as a complaint of their own, with a passphrase of its own."""
    step.draft = step.draft.with_(id=new_id(), secret=fresh_secret())
    return show_page(step)


GO: Mapping[str, Callable[[Step], Response]] = {
    "next": _next,
    "again": _again,
    "back": _back,
    "edit": _edit,
    "drop": _drop,
    "drop-file": _drop_file,
    "add-file": _add_file,
    "change": _change,
    "lang": _speak,
    "show": _show,
    "new": _as_new,
}
