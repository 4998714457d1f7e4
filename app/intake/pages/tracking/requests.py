"""What a filer may ask of the office: to take the complaint back, or to look at the decision again."""

from fastapi import APIRouter, Request, Response

from app.correspondence.commands import AskForReview, AskToTakeBack
from app.intake import actions, letters, queries
from app.intake.pages.asking import translate
from app.intake.pages.tracking.signing import Tracker, language_here, own_or_refused, signed_in, way_in
from app.kernel.errors import NotFound
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show

router = APIRouter(prefix="/my", include_in_schema=False)


@router.get("/taking-back")
def show_taking_back(request: Request, work: Tracker, form: Blank) -> Response:
    """What it means to take a complaint back, and the button that does it."""
    own = actions.own(work)
    if own is None:
        return way_in(request, work, form)
    language = language_here(request, work, own)
    standing = letters.told_status(work, own, language)
    if standing.is_over:
        raise NotFound()
    book = queries.book_of_own(work, own, standing)
    response = show(
        request,
        work,
        "intake/taking_back.html",
        title=translate(language)("Take back your complaint"),
        lang=language,
        typed=form,
        closure=next((each for each in book.closures if each.asked_by_filer), None),
        asked=queries.open_taking_back(work, own.id),
        is_exact=False,
    )
    return signed_in(request, work, response)


@router.post("/taking-back/ask")
@or_show(show_taking_back)
def ask_to_take_back(request: Request, form: Posted, work: Tracker) -> Response:
    own = own_or_refused(work)
    actions.ask_to_take_back(work, own, form.ask(AskToTakeBack))
    return done(request, goto=f"/my?done=sent&lang={language_here(request, work, own)}")


@router.get("/reviews/{appeal}")
def show_review(request: Request, work: Tracker, appeal: str, form: Blank) -> Response:
    """One way to have the decision looked at again, with its last day and how that is counted."""
    own = actions.own(work)
    if own is None:
        return way_in(request, work, form)
    language = language_here(request, work, own)
    standing = letters.told_status(work, own, language)
    book = queries.book_of_own(work, own, standing)
    way, asked = queries.way_to_appeal(work, own, book, standing, appeal, language)
    response = show(
        request, work, "intake/review.html", title=way.label, lang=language, typed=form, way=way, asked=asked
    )
    return signed_in(request, work, response)


@router.post("/reviews/{appeal}/ask")
@or_show(show_review)
def ask_for_review(request: Request, form: Posted, work: Tracker, appeal: str) -> Response:
    own = own_or_refused(work)
    actions.ask_for_review(work, own, appeal, form.ask(AskForReview))
    return done(request, goto=f"/my?done=sent&lang={language_here(request, work, own)}#review")
