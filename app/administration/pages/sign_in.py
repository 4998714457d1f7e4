"""The way in and out: signing in, its second step, a passkey alone, the one-time link, signing out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission, home_door
from app.access.work import Work
from app.administration import rules
from app.administration.actions import second_step
from app.administration.actions import sessions as actions
from app.administration.actions.entering import Caller, Entered, SecondStep, Waiting
from app.administration.commands import AnswerStep, ChoosePassword, SignIn
from app.administration.queries import accounts as queries
from app.kernel.errors import Invalid, NotFound
from app.web.answers import done, held_back, show
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
    if work.actor.kind == "account" and not form.values and not form.refusal:
        return done(request, goto=rules.own_path(next, HOME[home_door(work.actor.roles)]))
    return show(
        request,
        work,
        "administration/sign_in.html",
        title="Sign in",
        typed=form,
        next=next,
        provider=work.house.provider,
    )


@router.post("/sign-in")
def sign_in(request: Request, form: Posted, work: Opener) -> Response:
    where = form.value("next")
    try:
        ask = form.ask(SignIn)
    except Invalid as wrong:
        form.keep(wrong)
        return _again(request, work, form, 422, where)
    found = _held_up(request) or actions.sign_in(work, ask, caller_of(request, work))
    if isinstance(found, SecondStep):
        return second_page(request, work, Form(), found, where)
    return _answered(request, work, form, found, where, rules.WRONG)


@router.post("/sign-in/second")
def answer_second_step(request: Request, form: Posted, work: Opener) -> Response:
    """What follows a right password; a wrong code leaves the question standing, a few times."""
    where = form.value("next")
    try:
        ask = form.ask(AnswerStep)
        found = _held_up(request) or second_step.answer_step(work, ask, caller_of(request, work))
    except (Invalid, NotFound):
        form.refusal = second_step.GONE
        return _again(request, work, form, 401, where)
    if isinstance(found, Entered):
        return let_in(request, work, found, rules.own_path(where, HOME[found.door]))
    form.refusal = rules.wait_words(found.seconds) if found else rules.WRONG_STEP
    shown = SecondStep(ask.step, takes_code=True)
    return second_page(request, work, form, shown, where, waiting=found or None, status=401)


@router.post("/sign-in/passkey")
def begin_passkey(request: Request, form: Posted, work: Opener) -> Response:
    """For whoever has a passkey: the browser is asked for it, and no name is typed."""
    where = form.value("next")
    waiting = _held_up(request)
    if waiting is not None:
        return _answered(request, work, form, waiting, where, "")
    step, asked = second_step.begin_passkey(work)
    return show(
        request,
        work,
        "administration/passkey.html",
        title="Sign in with a passkey",
        typed=Form(),
        step=step,
        options=asked.options,
        next=where,
    )


@router.post("/sign-in/passkey/answer")
def sign_in_by_passkey(request: Request, form: Posted, work: Opener) -> Response:
    where = form.value("next")
    try:
        found = second_step.sign_in_by_passkey(work, form.ask(AnswerStep), caller_of(request, work))
    except (Invalid, NotFound):
        found = None
    return _answered(request, work, form, found, where, "This passkey was not taken. Sign in another way.")


def _answered(
    request: Request, work: Work, form: Form, found: Entered | Waiting | None, where: str, otherwise: str
) -> Response:
    if isinstance(found, Waiting):
        form.refusal = rules.wait_words(found.seconds)
        return held_back(_again(request, work, form, 429, where), found.seconds)
    if found is None:
        form.refusal = otherwise
        return _again(request, work, form, 401, where)
    return let_in(request, work, found, rules.own_path(where, HOME[found.door]))


def second_page(
    request: Request,
    work: Work,
    form: Form,
    step: SecondStep,
    where: str,
    *,
    waiting: Waiting | None = None,
    status: int = 200,
) -> Response:
    page = show(
        request,
        work,
        "administration/second_step.html",
        title="One more step",
        status=status,
        typed=form,
        step=step,
        next=where,
    )
    return held_back(page, waiting.seconds) if waiting is not None else page


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
        provider=work.house.provider,
        is_new=link.purpose == "invitation",
        needs_code=link.second_hash is not None,
    )


@router.post("/welcome/{secret}/choose")
@or_show(show_welcome)
def choose_password(request: Request, form: Posted, work: Opener, secret: str) -> Response:
    found = actions.choose_password(work, secret, form.ask(ChoosePassword), caller_of(request, work))
    if isinstance(found, SecondStep):
        return second_page(request, work, Form(), found, "")
    return _answered(request, work, form, found, "", rules.WRONG)


@router.post("/sign-out")
def sign_out(request: Request, form: Posted, work: Owner) -> Response:
    actions.sign_out(work)
    response = done(request, goto="/sign-in?done=out")
    set_cookie(response, work, SESSION_COOKIE, "", 0)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def let_in(request: Request, work: Work, entered: Entered, goto: str) -> Response:
    response = done(request, goto=goto)
    set_cookie(response, work, SESSION_COOKIE, entered.secret)
    set_cookie(response, work, DEVICE_COOKIE, entered.device, int(rules.DEVICE_LIFE.total_seconds()))
    return response


def set_cookie(response: Response, work: Work, name: str, value: str, seconds: int | None = None) -> None:
    """Without a length it ends with the browser; bound to this host wherever there is HTTPS."""
    https = work.house.base_url.startswith("https")
    key = cookie_name(name, https=https)
    response.set_cookie(key, value, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax")


def caller_of(request: Request, work: Work) -> Caller:
    https = work.house.base_url.startswith("https")
    device = request.cookies.get(cookie_name(DEVICE_COOKIE, https=https), "")
    browser = rules.device_words(request.headers.get("user-agent", ""))
    return Caller(device, sign_in_lane(request), browser=browser)
