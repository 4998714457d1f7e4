"""The proof that a complaint is kept as it was sent, for whoever holds its passphrase: to check anywhere else."""

from typing import Annotated

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions, queries
from app.kernel.errors import NotFound, Refused
from app.web.work import may

router = APIRouter(prefix="/my", include_in_schema=False)

Tracker = Annotated[Work, may(Permission.FILING_TRACK)]

NOT_YET = "Your complaint is not in a published checkpoint yet. That takes up to an hour: try again then."


@router.get("/proof.json")
def take_proof(work: Tracker) -> Response:
    """Everything in one file: the entry, its place, the checkpoint, and the words with what binds them to the entry."""
    own = actions.own(work)
    if own is None:
        raise NotFound()
    document = queries.proof_of_own(work, own)
    if document is None:
        raise Refused(NOT_YET)
    headers = {"content-disposition": f'attachment; filename="proof-{own.number}.json"'}
    return JSONResponse(document, headers=headers)
