"""A page of the form as it is shown: saved first, with its words to come back and until when."""

from dataclasses import replace

from fastapi import Response

from app.intake import actions
from app.intake.pages import asking
from app.intake.pages.file_question import largest_file, offer
from app.intake.pages.filing.step import Step, sealed_draft
from app.intake.rules.draft import LIFE, Draft
from app.policy.model.intake import Page
from app.web.answers import show


def show_page(step: Step, status_code: int = 200) -> Response:
    """The page that the step stands at, with everything typed so far."""
    book, draft, page = step.work.book, step.draft, step.page
    pages = book.form.visible_pages(draft.answers)
    shown = asking.asks(book, draft, page, step.at, step.form.errors)
    words = actions.passphrase_of(draft.secret)
    return show(
        step.request,
        step.work,
        "intake/check.html" if page.is_check else "intake/page.html",
        title=page.label.to(draft.language),
        status=status_code,
        lang=draft.language,
        typed=step.form,
        sealed=sealed_draft(step),
        book=book,
        draft=draft,
        form_page=page,
        at=step.at,
        asks=shown,
        steps=[each.label.to(draft.language) for each in pages],
        place=pages.index(page) + 1 if page in pages else 1,
        rows=asking.check_rows(book, draft) if page.is_check else asking.entry_rows(book, draft, page),
        has_room=page.repeats and _room(draft, page) < (page.at_most or 1),
        notices=asking.notices_on(book, draft, page),
        services=asking.services_on(book, draft, page),
        largest=largest_file(step.work),
        offer=offer(step.request, step.work, draft, page),
        is_lost=step.is_lost,
        error_rows=_error_rows(step, shown),
        words=words,
        saved_until=step.save(draft) if words else None,
        open_until=step.work.now + LIFE,
        is_first=step.is_new,
        is_back=step.is_back,
    )


def show_at(step: Step, page: Page) -> Response:
    """Shows another page; one that repeats opens with room for one more."""
    is_checking = step.draft.is_checking and not page.is_check
    moved = replace(step, draft=step.draft.with_(is_checking=is_checking), page=page, at=_room(step.draft, page))
    return show_page(moved)


def _room(draft: Draft, page: Page) -> int:
    return len(draft.entries.get(page.code, [])) if page.repeats else 0


def _error_rows(step: Step, shown: list[asking.Ask]) -> list[tuple[str, str]]:
    say = asking.translate(step.draft.language)
    known = [(each.name, each.error) for each in shown if each.error]
    names = {name for name, _ in known}
    return known + [("", say(words)) for name, words in step.form.errors.items() if name not in names]
