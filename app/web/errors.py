"""Every way a request can fail, answered in words: a page for a person, a problem document for a program."""

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from app.infra.log import report_failure
from app.kernel.errors import FactorNeeded, Invalid, NotAllowed, NotFound, Refusal, Refused, StepUpNeeded
from app.web.doors import door_of
from app.web.forms import words_of
from app.web.limits import TooOften
from app.web.problems import problem
from app.web.routes import methods_at
from app.web.shell import language_of
from app.web.step_up import ask_for_factor, ask_for_proof
from app.web.templates import Page, render
from app.web.words import catalogue
from app.web.work import NotSignedIn, house_of

STATUS: dict[type[Refusal], int] = {NotFound: 404, NotAllowed: 403, Refused: 409, Invalid: 422}
WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    400: "The request cannot be read.",
    413: "This is larger than the form takes.",
}


def handle_errors(app: FastAPI) -> None:
    """Puts the handlers in place."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(StepUpNeeded, ask_for_proof)
    app.add_exception_handler(FactorNeeded, ask_for_factor)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(TooOften, _too_often)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


def _status(refusal: Refusal) -> int:
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def _offered(request: Request) -> tuple[str, ...]:
    house = house_of(request)
    return house.policies.newest(house.agency).language_codes


def answer(request: Request, status: int, words: str, fields: dict[str, str] | None = None) -> Response:
    """The words as a problem document behind /api/, else as a page."""
    if request.url.path.startswith("/api/"):
        return problem(status, words, fields)
    state = request.app.state
    lang = language_of(request, _offered(request))
    page = Page(
        title=str(status),
        agency=state.agency_name(lang),
        lang=lang,
        nonce=getattr(request.state, "nonce", ""),
    )
    door = str(door_of(request.url.path))
    return HTMLResponse(
        render(
            state.templates,
            "_kit/problem.html",
            {"page": page, "status": status, "words": page.t(words), "more": _more(page, fields), "door": door},
        ),
        status,
    )


def _more(page: Page, fields: dict[str, str] | None) -> list[str]:
    """What is wrong with which answer, where the page itself could not be shown again."""
    return [f"{name}: {page.t(words)}" if name else page.t(words) for name, words in (fields or {}).items()]


def _refused(request: Request, failure: Exception) -> Response:
    refusal = failure if isinstance(failure, Refusal) else NotFound()
    return answer(request, _status(refusal), refusal.words, getattr(refusal, "fields", None))


def _not_signed_in(request: Request, _: Exception) -> Response:
    # A page on which much is typed shows it itself.
    shown_instead = getattr(request.state, "when_signed_out", None)
    shown: Response | None = shown_instead() if shown_instead else None
    if shown is not None:
        return shown
    if request.url.path.startswith("/api/"):
        return problem(401, "Sign in and send the token.", headers={"www-authenticate": "Bearer"})
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = f"?next={quote(target)}" if request.method == "GET" else ""
    response = RedirectResponse(f"/sign-in{wanted}", status_code=303)
    if request.headers.get("hx-request") == "true":
        response.headers["hx-redirect"] = f"/sign-in{wanted}"
    return response


def _too_often(request: Request, failure: Exception) -> Response:
    seconds = failure.seconds if isinstance(failure, TooOften) else 1
    say = catalogue(language_of(request, _offered(request))).gettext
    response = answer(
        request, 429, say("Too many came from this address. Try again in %(n)s seconds.") % {"n": seconds}
    )
    response.headers["retry-after"] = str(seconds)
    return response


def _unreadable(request: Request, failure: Exception) -> Response:
    errors = failure.errors() if isinstance(failure, RequestValidationError) else []
    fields = {place.removeprefix("body").removeprefix("."): words for place, words in words_of(errors).items()}
    return answer(request, 422, "Some answers need another look.", fields)


def _http(request: Request, failure: Exception) -> Response:
    status = failure.status_code if isinstance(failure, HTTPException) else 400
    response = answer(request, status, WORDS.get(status, "The request cannot be answered."))
    if status == 405:
        response.headers["allow"] = ", ".join(sorted(methods_at(request.app, request.url.path)))
    return response


def _failed(request: Request, failure: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", "")
    report_failure(failure, route=route)
    return answer(request, 500, "Something went wrong on our side. Nothing was half done. Please try again.")
