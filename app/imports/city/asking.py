"""What a few filers of the invented city ask: to take the complaint back, or that the decision be looked at again."""

from collections.abc import Generator
from datetime import datetime, timedelta

from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence import queries as kept
from app.correspondence.commands import AnswerRequest, AskForReview, AskToTakeBack
from app.correspondence.rules import RequestAnswer
from app.imports.city.diary import RESIDENT, Life, Turn
from app.imports.city.town import Matter, Town
from app.intake import actions as intake
from app.intake import queries as filings
from app.intake.rules.appeals import FILER

# One in so many; told by the complaint's own number, so that nothing else of the year is thrown otherwise.
WITH_A_FILE, ASKS_AGAIN = 5, 6
LATER = timedelta(hours=5)


def is_taken_back(town: Town, matter: Matter) -> bool:
    """True for a complaint that ends because its filer wants it to."""
    endings = {each.code for each in town.book.closures if each.asked_by_filer}
    return matter.plan.ending in endings and bool(matter.passphrase)


def takes_back(matter: Matter) -> Generator[Turn, Work, None]:
    """The filer says so on their own page, and says no more."""
    work = yield Turn(RESIDENT, matter.at + LATER)
    own = intake.own_by_passphrase(work, matter.passphrase)
    intake.ask_to_take_back(work, own, AskToTakeBack())


def answer_taken_back(town: Town, work: Work, matter: Matter) -> None:
    """Whoever closes it says yes first, in the rulebook's words."""
    closure = town.book.closure(matter.plan.ending)
    said = closure.reopen_when or closure.definition
    for request in kept.requests_of(work, matter.filing):
        ask = AnswerRequest(answer=RequestAnswer.ACCEPTED, body=said.to(matter.plan.language))
        correspondence.answer_request(work, matter.filing, matter.case, request.id, ask)


def asks_again(town: Town, matter: Matter, after: datetime) -> Life:
    """Some days after the end one filer in a few asks that it be looked at again, on a ground of the rulebook."""
    appeal = next((each for each in town.book.review.appeals if FILER in each.by and each.grounds), None)
    if appeal is None or matter.plan.number % ASKS_AGAIN or not matter.passphrase:
        return
    work = yield Turn(RESIDENT, after + timedelta(days=6, hours=3))
    own = intake.own_by_passphrase(work, matter.passphrase)
    if not filings.status_of(work, own).is_over:
        return
    ground = appeal.grounds[0]
    intake.ask_for_review(
        work, own, appeal.code, AskForReview(ground=ground.code, reason=f"{ground.label.to(matter.plan.language)}.")
    )
