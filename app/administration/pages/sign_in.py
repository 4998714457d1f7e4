"""The way in and out: signing in, the one-time link, signing out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission, home_door
from app.access.work import Work
from app.administration import rules
from app.administration.actions import sessions as actions
from app.administration.actions.sessions import Entered, Waiting
from app.administration.commands import ChoosePassword, SignIn
from app.administration.queries import accounts as queries
from app.kernel.errors import Invalid, NotFound
from app.web.answers import done, show
from app.web.doors import DEVICE_COOKIE, SESSION_COOKIE, cookie_name
from app.web.forms import Blank, Form, Posted, or_show
from app.web.limits import sign_in_lane, wait_for_sign_in
from app.web.shell import HOME
from app.web.work import may

router = APIRouter(include_in_schema=False)

Opener = Annotated[Work, may(Permission.SESSION_OPEN)]
Owner = Annotated[Work, may(Permission.SESSION_OWN)]
Next = Annotated[str, Query(max_length=2000)]


@router.get("/sign-in")
def show_sign_in(request: Request, work: Opener, form: Blank, next: Next = "") -> Response:  # noqa: A002 - its name in the URL
    """The one way in for everybody who has an account."""
    if work.actor.kind == "account" and not form.values:
        return done(request, goto=rules.own_path(next, HOME[home_door(work.actor.roles)]))
    return show(request, work, "administration/sign_in.html", title="Sign in", typed=form, next=next)


@router.post("/sign-in")
def sign_in(request: Request, form: Posted, work: Opener) -> Response:
    where = form.value("next")
    try:
        ask = form.ask(SignIn)
    except Invalid as wrong:
        form.keep(wrong)
        return _again(request, work, form, 422, where)
    entered = _held_up(request) or actions.sign_in(work, ask, device=_device(request, work), lane=sign_in_lane(request))
    if isinstance(entered, Waiting):
        form.refusal = rules.wait_words(entered.seconds)
        response = _again(request, work, form, 429, where)
        response.headers["retry-after"] = str(entered.seconds)
        return response
    if entered is None:
        form.refusal = rules.WRONG
        return _again(request, work, form, 401, where)
    return _let_in(request, work, entered, rules.own_path(where, HOME[entered.door]))


def _held_up(request: Request) -> Waiting | None:
    seconds = wait_for_sign_in(request)
    return Waiting(seconds) if seconds else None


def _again(request: Request, work: Work, form: Form, status: int, where: str) -> Response:
    response = show_sign_in(request, work, form, next=where)
    response.status_code = status
    return response


@router.get("/welcome/{secret}")
def show_welcome(request: Request, work: Opener, form: Blank, secret: str) -> Response:
    """Where a one-time link leads; looking at it does not use it up."""
    try:
        link, account = queries.standing_link(work, secret)
    except NotFound as gone:
        return show(
            request, work, "administration/gone.html", title="This link opens nothing", status=404, words=gone.words
        )
    return show(
        request,
        work,
        "administration/welcome.html",
        title="Choose your password",
        typed=form,
        secret=secret,
        account=account,
        is_new=link.purpose == "invitation",
    )


@router.post("/welcome/{secret}/choose")
@or_show(show_welcome)
def choose_password(request: Request, form: Posted, work: Opener, secret: str) -> Response:
    entered = actions.choose_password(work, secret, form.ask(ChoosePassword), device=_device(request, work))
    return _let_in(request, work, entered, HOME[entered.door])


@router.post("/sign-out")
def sign_out(request: Request, form: Posted, work: Owner) -> Response:
    actions.sign_out(work)
    response = done(request, goto="/sign-in?done=out")
    _set(response, work, SESSION_COOKIE, "", 0)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def _let_in(request: Request, work: Work, entered: Entered, goto: str) -> Response:
    response = done(request, goto=goto)
    _set(response, work, SESSION_COOKIE, entered.secret)
    _set(response, work, DEVICE_COOKIE, entered.device, int(rules.DEVICE_LIFE.total_seconds()))
    return response


def _set(response: Response, work: Work, name: str, value: str, seconds: int | None = None) -> None:
    """Without a length it ends with the browser; bound to this host wherever there is HTTPS."""
    https = work.house.base_url.startswith("https")
    key = cookie_name(name, https=https)
    response.set_cookie(key, value, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax")


def _device(request: Request, work: Work) -> str:
    https = work.house.base_url.startswith("https")
    return request.cookies.get(cookie_name(DEVICE_COOKIE, https=https), "")
