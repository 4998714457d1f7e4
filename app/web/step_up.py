"""The page "Confirm it is you": what was asked for is kept in the form itself, and comes back after the proof."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from app.access.permissions import Permission
from app.access.work import Work
from app.kernel.errors import FactorNeeded, StepUpNeeded
from app.web.answers import is_htmx, show
from app.web.forms import Form
from app.web.problems import FACTOR, STEP_UP, problem
from app.web.sealed_field import new_id, open_field, seal_field
from app.web.work import begun, house_of, session_mark, turn_of

CONFIRM = "/office/confirm"
WAYS_IN = "/office/account/ways-in"
PURPOSE = "step-up"
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Kept:
    """A form that was sent and not yet taken: where to, each field with its answers, and whether a file was lost."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool


async def ask_for_proof(request: Request, failure: Exception) -> Response:
    """A page for a person, who loses nothing; a problem of its own kind for a program."""
    words = failure.words if isinstance(failure, StepUpNeeded) else ""
    if request.url.path.startswith("/api/"):
        return problem(403, words, kind=STEP_UP)
    if request.method == "GET":
        return _to_confirm(request)
    async with turn_of(request):
        return await run_in_threadpool(_shown, request)


def ask_for_factor(request: Request, failure: Exception) -> Response:
    """Leads whoever owes a second factor to where it is set up; a program is told."""
    words = failure.words if isinstance(failure, FactorNeeded) else ""
    if request.url.path.startswith("/api/"):
        return problem(403, words, kind=FACTOR)
    response = RedirectResponse(WAYS_IN, status_code=303)
    if is_htmx(request):
        response.headers["hx-redirect"] = WAYS_IN
    return response


def _to_confirm(request: Request) -> Response:
    target = f"{CONFIRM}?next={quote(_address(request), safe='')}"
    response = RedirectResponse(target, status_code=303)
    if is_htmx(request):
        response.headers["hx-redirect"] = target
    return response


def _shown(request: Request) -> Response:
    with begun(request, Permission.SESSION_OWN)() as work:
        return show_confirm(request, work, Form(), kept=_seal(request), status=403)


def show_confirm(
    request: Request,
    work: Work,
    form: Form,
    *,
    kept: str,
    status: int = 200,
    where: str = "",
    step: str = "",
    options: str = "",
) -> Response:
    """The page itself, wherever it is needed."""
    return show(
        request,
        work,
        "_kit/confirm_it_is_you.html",
        title="Confirm it is you",
        status=status,
        typed=form,
        kept=kept,
        next=where,
        step=step,
        options=options,
        minutes=work.house.access.step_up.minutes,
    )


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _seal(request: Request) -> str:
    """The form that was posted, sealed for this very session: nobody else can send it, or another one, through us."""
    house = house_of(request)
    form: Form = getattr(request.state, "form", None) or Form()
    data = {
        "path": _address(request),
        "fields": [[name, text] for name, texts in form.lists.items() for text in texts],
        "files": bool(form.files or form.oversized),
        "of": session_mark(request, house).hex(),
    }
    return seal_field(house, PURPOSE, new_id(), json.dumps(data).encode(), request.state.arrived)


def open_kept(request: Request, text: str) -> Kept | None:
    """What was kept; None where it is too old, or another session's."""
    house = house_of(request)
    opened = open_field(house, PURPOSE, text, request.state.arrived, seconds=KEPT_SECONDS)
    data = json.loads(opened) if opened is not None else {}
    if not data or data["of"] != session_mark(request, house).hex():
        return None
    return Kept(data["path"], tuple((name, answer) for name, answer in data["fields"]), data["files"])
