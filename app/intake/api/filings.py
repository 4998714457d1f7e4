"""Filing a complaint as a program does it; and what a program of the office may look up and take down."""

from collections.abc import Callable, Coroutine
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions
from app.intake.commands import SubmitFiling, TakeDown
from app.kernel.commands import Command
from app.people.commands import LookUp
from app.web.problems import documented, problem
from app.web.strict_json import StrictRequest, StrictRoute
from app.web.work import Begin, begun, filer_passes, may, may_begin, turn_of

router = APIRouter(prefix="/api/v1/filings", tags=["filings"], route_class=StrictRoute)

look_ups = APIRouter(prefix="/api/v1", tags=["filings"], route_class=StrictRoute)

Asker = Annotated[Work, may(Permission.IDENTITY_LOOK_UP)]
Submitter = Annotated[Begin, may_begin(Permission.FILING_SUBMIT, filer_passes)]

LONGEST_KEY = 200
# Named here as required; the route takes it as optional only to answer 400 where it is missing, as the contract says.
KEY: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "Drawn at random by the sender for each complaint, such as a UUID: the same key and body "
            "are answered alike, however often they come; the same key with another body is refused.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
        }
    ]
}


class Acknowledgement(BaseModel):
    """What a filer is given; the passphrase is shown here and nowhere else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    passphrase: str
    received_at: datetime
    receipt: str


class FilingRoute(StrictRoute):
    """A complaint that is in order goes straight to its thread; what is wrong with another, the framework says."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        with_care = super().get_route_handler()

        async def handled(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            ask = await strict.in_order(SubmitFiling)
            if ask is None:
                return await with_care(strict)
            await filer_passes(request)
            async with turn_of(request):
                key = request.headers.get("idempotency-key")
                return await run_in_threadpool(submit_filing, begun(request, Permission.FILING_SUBMIT), ask, key)

        return handled


def submit_filing(
    begin: Submitter,
    ask: SubmitFiling,
    idempotency_key: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """Files a complaint; answered once it is kept."""
    if not _is_key(idempotency_key):
        return problem(400, f"Send the header Idempotency-Key: 1 to {LONGEST_KEY} visible ASCII characters.")
    with begin() as work:
        got = actions.submit_filing(work, ask, repeat_key=idempotency_key or "", channel="api")
    answer = Acknowledgement(
        number=got.number, passphrase=got.passphrase.words, received_at=got.received_at, receipt=got.receipt
    )
    # Written here and not by the framework, which would check once more what was just made.
    return Response(answer.model_dump_json(), 201, media_type="application/json")


router.add_api_route(
    "",
    submit_filing,
    methods=["POST"],
    status_code=201,
    response_model=Acknowledgement,
    operation_id="submit_filing",
    responses=documented(400, 401, 403, 409, 413, 422, 429),
    openapi_extra=KEY,
    route_class_override=FilingRoute,
)


def _is_key(key: str | None) -> bool:
    return bool(key) and len(key or "") <= LONGEST_KEY and all("!" <= mark <= "~" for mark in key or "")


# -- for the office -------------------------------------------------------------------------------


class FoundComplaint(BaseModel):
    """One complaint of whoever was looked up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filing_id: UUID
    case_id: UUID | None
    number: str
    received_on: date
    same: str


class FoundComplaints(BaseModel):
    """Their complaints, as far as the asker may know of them, the latest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[FoundComplaint]


@look_ups.post(
    "/look-ups",
    response_model=FoundComplaints,
    operation_id="look_up_filer",
    responses=documented(400, 401, 403, 409, 413, 422),
)
def look_up_filer(work: Asker, ask: LookUp) -> FoundComplaints:
    """Whether somebody with exactly this name, email or telephone has complained before; each asking is journalled."""
    found = actions.look_up_filer(work, ask)
    return FoundComplaints(items=[FoundComplaint(**asdict(each)) for each in found])


scribings = APIRouter(prefix="/api/v1/scribings", tags=["filings"], route_class=StrictRoute)

Scribe = Annotated[Work, may(Permission.FILING_TAKE_DOWN)]


class ToldFiling(Command):
    """What somebody told the office, and how it came."""

    filing: SubmitFiling
    how: TakeDown


@scribings.post(
    "",
    status_code=201,
    response_model=Acknowledgement,
    operation_id="take_down",
    responses=documented(400, 401, 403, 409, 413, 422),
    openapi_extra=KEY,
)
def take_down(
    work: Scribe,
    ask: ToldFiling,
    idempotency_key: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Acknowledgement | Response:
    """Keeps a complaint that somebody told by phone, letter or at the counter; the passphrase is the filer's alone."""
    if not _is_key(idempotency_key):
        return problem(400, f"Send the header Idempotency-Key: 1 to {LONGEST_KEY} visible ASCII characters.")
    got = actions.take_down(work, ask.filing, ask.how, repeat_key=f"scribe|{work.actor.id}|{idempotency_key}")
    return Acknowledgement(
        number=got.number, passphrase=got.passphrase.words, received_at=got.received_at, receipt=got.receipt
    )
