"""The journal, for whoever audits: in plain sentences, and each entry with its exact bytes and proof."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from app.access.history import kinds
from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import journal as actions
from app.administration.commands import JournalView
from app.administration.queries import journal as queries
from app.web.answers import download, show
from app.web.work import may

router = APIRouter(prefix="/office/journal", include_in_schema=False)

Reader = Annotated[Work, may(Permission.JOURNAL_READ)]


@router.get("")
def list_entries(request: Request, work: Reader, view: Annotated[JournalView, Query()]) -> Response:
    """The newest first; filtered by kind, case, person and time."""
    page = queries.journal_page(work, view)
    return show(
        request,
        work,
        "administration/journal.html",
        part="administration/_entries.html",
        title="Journal",
        view=view,
        lines=page.lines,
        numbers=page.numbers,
        query={name: value for name, value in _query(view, 0).items() if name != "before"},
        to_hundredths=work.house.access.is_cjis,
        following=_query(view, page.next) if page.next else "",
        kinds=kinds(),
    )


def _query(view: JournalView, before: int) -> dict[str, object]:
    return {**view.model_dump(mode="json", exclude_defaults=True), "before": before}


@router.get("/entries.csv")
def take_entries(work: Reader, view: Annotated[JournalView, Query()]) -> Response:
    """The same entries as a table; that they were taken is an entry of its own."""
    return download("journal.csv", "text/csv; charset=utf-8", iter([actions.take_entries(work, view).encode()]))


@router.get("/{entry_id}")
def show_entry(request: Request, work: Reader, entry_id: UUID) -> Response:
    """One entry: its sentence, its fields, its bytes, and the proof that it is in the tree."""
    entry = queries.get_entry(work, entry_id)
    line, number = queries.line_of(work, entry)
    return show(
        request,
        work,
        "administration/entry.html",
        title="Journal entry",
        line=line,
        number=number,
        fields=queries.readable(entry.body),
        bytes=entry.body.decode(),
        proof=queries.proof_of(work, entry),
    )


@router.get("/{entry_id}/proof.json")
def show_proof(work: Reader, entry_id: UUID) -> Response:
    """The proof as a file that a stranger can check without this house."""
    document = actions.take_proof(work, entry_id)
    headers = {"content-disposition": f'attachment; filename="entry-{entry_id}.json"'}
    return JSONResponse(document, headers=headers)
