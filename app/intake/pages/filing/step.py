"""One page of the form as it was sent: its draft with what was typed in it, before anything is judged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from fastapi import Request
from pydantic import ValidationError

from app.access.work import Work
from app.intake import actions
from app.intake.pages.file_question import with_files, without_old_files
from app.intake.rules import draft as drafts
from app.intake.rules.draft import LIFE, Draft
from app.intake.rules.form import TOO_LONG
from app.policy.model.intake import Page
from app.web.forms import Form
from app.web.limits import wait_for_draft
from app.web.sealed_field import new_id, open_field, seal_field
from app.web.shell import language_of

Save = Callable[[Draft], date | None]


def unsaved(_: Draft) -> date | None:
    """For a page that is not saved."""
    return None


@dataclass
class Step:
    """One page of the form, sent."""

    request: Request
    work: Work
    form: Form
    draft: Draft
    page: Page
    at: int
    arg: str = ""
    is_lost: bool = False
    save: Save = unsaved
    is_new: bool = False
    is_back: bool = False

    def save_by(self, save: Save, *, is_another: bool = False) -> None:
        """Saves it from here on; of those that were not saved yet only so many a minute from one network."""
        is_first = self.is_new or is_another or not self.draft.is_saved
        may = not (is_first and wait_for_draft(self.request))
        self.draft = self.draft.with_(is_saved=may)
        self.save = save if may else unsaved


def read_step(request: Request, work: Work, form: Form) -> Step:
    """The draft with what was typed on this page in it; from the first page that is sent on it has its words."""
    book = work.book
    draft, is_lost = _open(request, work, form.value("draft"))
    page = book.form.page(form.value("page")) or book.form.pages[0]
    at = index_of(form.value("at"))
    # Who has only chosen a language has not said anything that could be saved.
    is_new = bool(form.value("page")) and not page.asks_language_alone and not draft.secret
    if is_new:
        draft = draft.with_(secret=fresh_secret())
    if form.value("page") and page.fields:
        draft = _with_typed(work, form, draft, page, at)
    draft = without_old_files(request, work, form, draft)
    draft = with_files(request, work, form, draft, page)
    return Step(request, work, form, draft, page, at, is_lost=is_lost, is_new=is_new)


def _with_typed(work: Work, form: Form, draft: Draft, page: Page, at: int) -> Draft:
    """What makes the whole too long is not taken, and that is said; the pages before stay as they were."""
    typed = drafts.taken(work.book, draft, page, form.values, form.lists, at)
    if not typed.is_too_long:
        return typed
    form.errors[""] = TOO_LONG
    return draft


def fresh_secret() -> str:
    """Words that nobody has yet, as their digits."""
    return actions.fresh_passphrase().digits.replace(" ", "")


def _open(request: Request, work: Work, sealed: str) -> tuple[Draft, bool]:
    opened = open_field(work.house, "draft", sealed, request.state.arrived, seconds=int(LIFE.total_seconds()))
    if opened is not None:
        try:
            return Draft.model_validate_json(opened), False
        except ValidationError:
            pass  # another version of ours wrote it
    return new_draft(request, work), bool(sealed)


def new_draft(request: Request, work: Work) -> Draft:
    """One in which nothing stands yet."""
    return Draft(id=new_id(), language=language_of(request, work.book.language_codes))


def sealed_draft(step: Step) -> str:
    """As it travels in the page."""
    data = step.draft.model_dump_json().encode()
    return seal_field(step.work.house, "draft", step.draft.id, data, step.request.state.arrived)


def index_of(text: str) -> int:
    """Which entry of a page that repeats; the first where it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
