"""The tab of linked cases: links with their reason, and other cases of the same officers or the same filer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import LinkCase, WithdrawLink
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/links", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Worker = Annotated[Work, may(Permission.CASE_WORK)]
Opener = Annotated[Work, may(Permission.IDENTITY_OPEN)]


@router.get("")
def show_links(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """The links of a case, as far as one may know of the other cases."""
    return _page(request, work, case_id, form, None)


@router.get("/filer")
def seek_filer(request: Request, work: Opener, case_id: UUID, form: Blank) -> Response:
    """The same with other cases of the same filer; that somebody looked stands in the journal."""
    return _page(request, work, case_id, form, actions.seek_filer(work, case_id))


def _page(
    request: Request, work: Work, case_id: UUID, form: Blank, of_filer: list[queries.OtherCase] | None
) -> Response:
    case = actions.read_case(work, case_id)
    return show(
        request,
        work,
        "cases/links.html",
        title=f"Case {case.number}: linked cases",
        typed=form,
        home=f"/office/cases/{case_id}/links",
        of_filer=of_filer,
        **queries.case_frame(work, case, "links"),
        **queries.links_view(work, case, _asked(request, form, "other_id"), _asked(request, form, "relation")),
    )


def _asked(request: Request, form: Blank, name: str) -> str:
    """Which link somebody wants to withdraw; a link that is being made has the number of the other case."""
    return "" if form.value("number") else form.value(name) or request.query_params.get(name, "")


@router.post("/link")
@or_show(show_links)
def link_case(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.link_case(work, case_id, form.ask(LinkCase))
    return done(request, goto=f"/office/cases/{case_id}/links?done=saved")


@router.post("/withdraw")
@or_show(show_links)
def withdraw_link(request: Request, form: Posted, work: Worker, case_id: UUID) -> Response:
    actions.withdraw_link(work, case_id, form.ask(WithdrawLink))
    return done(request, goto=f"/office/cases/{case_id}/links?done=saved")
