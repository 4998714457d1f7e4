"""The department's door for recommendations: what is recommended, by when, and its answer. Never who complained."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.discipline import actions, queries, rules
from app.discipline.commands import GiveAnswer
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/department", include_in_schema=False)

Liaison = Annotated[Work, may(Permission.ANSWER_GIVE)]


@router.get("/recommendations")
def list_recommendations(request: Request, work: Liaison) -> Response:
    """What waits for an answer, what was answered, and the letters that came with the findings."""
    return show(
        request,
        work,
        "discipline/department.html",
        title="Recommendations",
        letters=queries.department_letters(work),
        **dict[str, Any](queries.addressed(work)),
    )


@router.get("/recommendations/{recommendation_id}")
def show_recommendation(request: Request, work: Liaison, recommendation_id: UUID, form: Blank) -> Response:
    """One recommendation with the form of its answer."""
    one = queries.addressed_one(work, recommendation_id)
    answers = one.book.discipline.answers
    return show(
        request,
        work,
        "discipline/answer.html",
        title=f"Recommendation {one.recommendation.number}",
        typed=form,
        one=one,
        sent=one.recommendation,
        law=one.book.discipline.authority or "",
        answers=[
            (each.code, each.label.to("en"), "Reasons are required." if each.needs_reason else "") for each in answers
        ],
        imposable=rules.imposable(one.book),
    )


@router.post("/recommendations/{recommendation_id}/answer")
@or_show(show_recommendation)
def give_answer(request: Request, form: Posted, work: Liaison, recommendation_id: UUID) -> Response:
    actions.give_answer(work, recommendation_id, form.ask(GiveAnswer))
    return done(request, goto="/department/recommendations?done=sent")


@router.get("/recommendations/letters/{letter_id}")
def open_findings_letter(request: Request, work: Liaison, letter_id: UUID) -> Response:
    """A letter with findings, as it was written."""
    letter = actions.open_findings_letter(work, letter_id)
    return show(request, work, "discipline/letter.html", title=letter.subject, letter=letter)
