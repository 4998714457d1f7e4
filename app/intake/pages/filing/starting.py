"""Before the first question: what this is, how long it takes, other ways to reach the office."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake.pages import asking
from app.intake.rules.draft import Draft
from app.policy.model.intake import NoticeWhen
from app.policy.model.powers import Act
from app.web.answers import done, show
from app.web.shell import language_of
from app.web.work import may

router = APIRouter(prefix="/file", include_in_schema=False)

Submitter = Annotated[Work, may(Permission.FILING_SUBMIT)]


@router.get("")
def start_filing(request: Request, work: Submitter) -> Response:
    return first_page(request, work)


def first_page(request: Request, work: Work, draft: Draft | None = None) -> Response:
    """Where nothing is taken now, that and why in place of the way in, with the words that were written so far."""
    book = work.book
    language = draft.language if draft else language_of(request, book.language_codes)
    stop = work.stop_of(Act.FILINGS)
    return show(
        request,
        work,
        "intake/start.html",
        title=book.form.title.to(language) if stop is None else book.name.to(language),
        lang=language,
        book=book,
        language=language,
        notices=asking.notices(book, NoticeWhen.BEFORE_FILING),
        stop=stop,
        unsent=asking.written_rows(book, draft) if draft else [],
        status=409 if draft else 200,
    )


@router.get("/{step}")
def begin_again(request: Request, work: Submitter, step: str) -> Response:
    """The pages of the form have no address of their own."""
    return done(request, goto=f"/file?lang={language_of(request, work.book.language_codes)}")
