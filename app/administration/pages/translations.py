"""Translations: what is missing in each language, what a machine made, and the approval of it by a person."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import translations as actions
from app.administration.commands import ApproveTranslations, TranslationView, WithdrawApproval
from app.administration.queries import translations as queries
from app.kernel.errors import Invalid
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/translations", include_in_schema=False)

Reader = Annotated[Work, may(Permission.RULEBOOK_READ)]
Approver = Annotated[Work, may(Permission.TRANSLATION_APPROVE)]
FIRST = TranslationView()
HOME = "/office/translations"


@router.get("")
def list_languages(request: Request, work: Reader) -> Response:
    """Each language in figures."""
    found = queries.counts(work)
    return show(request, work, "administration/translations.html", title="Translations", languages=found)


@router.get("/{code}")
def show_language(
    request: Request, work: Reader, code: str, form: Blank, view: Annotated[TranslationView, Query()] = FIRST
) -> Response:
    """The texts of one language that wait, or are missing, beside their English."""
    lines = queries.lines(work, code)
    chosen = [line for line in lines if line.state == view.state]
    shown = chosen[view.start : view.start + queries.PAGE]
    (counted,) = [each for each in queries.counts(work) if each.code == code]
    return show(
        request,
        work,
        "administration/translation.html",
        title=f"Translations: {counted.name}",
        typed=form,
        view=view,
        counted=counted,
        home=f"{HOME}/{code}",
        lines=shown,
        places=queries.places(work.book, shown),
        more=view.start + queries.PAGE if len(chosen) > view.start + queries.PAGE else 0,
        may_approve=work.may(Permission.TRANSLATION_APPROVE),
    )


@router.post("/{code}/approve")
@or_show(show_language)
def approve_translations(request: Request, form: Posted, work: Approver, code: str) -> Response:
    if not form.lists.get("texts"):
        raise Invalid({"": "Tick at least one text."})
    actions.approve_translations(work, code, form.ask(ApproveTranslations))
    return done(request, goto=f"{HOME}/{code}?done=saved")


@router.post("/{code}/withdraw")
@or_show(show_language)
def withdraw_approval(request: Request, form: Posted, work: Approver, code: str) -> Response:
    actions.withdraw_approval(work, code, form.ask(WithdrawApproval))
    return done(request, goto=f"{HOME}/{code}?state=approved&done=saved")
