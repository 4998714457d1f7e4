"""The journal's checkpoints for everybody: to read, to keep, and to check a receipt or the office against."""

from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import JSONResponse, PlainTextResponse

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.queries import checkpoints as queries
from app.intake.rules.receipt import BadReceipt, Receipt
from app.kernel.errors import NotFound
from app.web.answers import show
from app.web.shell import language_of
from app.web.words import catalogue
from app.web.work import may

router = APIRouter(prefix="/journal", include_in_schema=False)

Reader = Annotated[Work, may(Permission.RELEASE_READ)]
Size = Annotated[int, Path(ge=0, lt=2**62)]
Asked = Annotated[int, Query(ge=0, lt=2**62)]
Number = Annotated[int, Query(ge=0, lt=2**31)]
Line = Annotated[str, Query(max_length=200)]
PROGRAM = "candor_verify.py"
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


@router.get("")
def show_checkpoints(request: Request, work: Reader, before: Number | None = None, receipt: Line = "") -> Response:
    """The newest checkpoint, all before it, and the check of a receipt."""
    rows = queries.published(work, before=before)
    found, wrong = _looked_up(work, receipt)
    say = catalogue(language_of(request, work.book.language_codes)).gettext
    return show(
        request,
        work,
        "public/journal.html",
        title=say("The journal"),
        rows=queries.sizes(rows)[: queries.A_PAGE],
        following=rows[queries.A_PAGE - 1].number if len(rows) > queries.A_PAGE else 0,
        newest=queries.last_published(work),
        key=queries.signer(work).verifier_key,
        receipt=receipt,
        found=found,
        wrong=wrong,
    )


def _looked_up(work: Work, text: str) -> tuple[Any, str]:
    if not text:
        return None, ""
    try:
        found = queries.place_of_receipt(work, Receipt.parse(text))
    except BadReceipt:
        return None, "misspelt"
    return found, "" if found else "unknown"


@router.get("/checkpoint")
def latest(work: Reader) -> Response:
    """The newest as a signed note."""
    newest = queries.last_published(work)
    if newest is None:
        raise NotFound()
    return PlainTextResponse(newest.note, headers={"cache-control": "public, max-age=60"})


@router.get("/checkpoints")
def all_of_them(work: Reader, after: Number = 0) -> Response:
    """One line for each, the oldest first: number, entries, when. `after` goes on from the last number one has."""
    rows = queries.published_after(work, after)
    lines = "".join(f"{row.number} {row.size} {row.published_at.isoformat(timespec='seconds')}\n" for row in rows)
    return PlainTextResponse(lines)


@router.get("/checkpoints/{size}")
def one_of_them(work: Reader, size: Size) -> Response:
    """The checkpoint of so many entries; it stays here for ever."""
    return PlainTextResponse(queries.get_published(work, size).note, headers=FOR_EVER)


@router.get("/consistency")
def consistency(work: Reader, old: Asked, new: Asked) -> Response:
    """That the newer of two published checkpoints grew out of the older, as a file for the program."""
    return JSONResponse(queries.consistency(work, old, new))


@router.get("/proof")
def proof(work: Reader, receipt: Line) -> Response:
    """That the entry of a receipt is in the journal, as a file for the program."""
    try:
        document = queries.proof_of_receipt(work, Receipt.parse(receipt))
    except BadReceipt:
        raise NotFound() from None
    headers = {"content-disposition": 'attachment; filename="proof.json"'}
    return JSONResponse(document, headers=headers)


@router.get("/key")
def key(work: Reader) -> Response:
    """By which every checkpoint is checked."""
    return PlainTextResponse(f"{queries.signer(work).verifier_key}\n")


@router.get(f"/{PROGRAM}")
def program(work: Reader) -> Response:
    """The program that checks all of it without this house."""
    text = files("app.audit").joinpath(PROGRAM).read_text("utf-8")
    headers = {"content-disposition": f'attachment; filename="{PROGRAM}"'}
    return PlainTextResponse(text, headers=headers)
