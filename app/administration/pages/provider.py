"""Single sign-on in a browser: on to the provider, and back with a code; what the address says is not believed."""

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration import rules
from app.administration.actions import provider as actions
from app.administration.actions.entering import SecondStep
from app.administration.pages.sign_in import caller_of, let_in, second_page, set_cookie, show_sign_in
from app.web.answers import show
from app.web.doors import PROVIDER_COOKIE, cookie_name
from app.web.forms import Form, Posted
from app.web.shell import HOME
from app.web.work import may

router = APIRouter(include_in_schema=False)

Opener = Annotated[Work, may(Permission.SESSION_OPEN)]
Said = Annotated[str, Query(max_length=4000)]
SENT_SECONDS = 300


@router.post("/sign-in/provider")
def begin_provider(request: Request, form: Posted, work: Opener) -> Response:
    """On to the provider, from the sign-in page or from a one-time link."""
    sent = actions.begin_sign_in(work, form.value("link"), form.value("second"))
    if isinstance(sent, actions.Denied):
        return _back_to_sign_in(request, work, sent.words)
    response = show(request, work, "administration/provider.html", title="Going on", address=sent.address)
    # A page that goes on by itself, and no redirect: after a form, a browser follows none to another site.
    response.headers["refresh"] = f"0; url={sent.address}"
    set_cookie(response, work, PROVIDER_COOKIE, f"{sent.browser}.{quote(form.value('next'), safe='')}", SENT_SECONDS)
    return response


@router.get("/sign-in/provider/back")
def end_provider(request: Request, work: Opener, state: Said = "", code: Said = "", iss: Said = "") -> Response:
    """Back from the provider. Its name, where it says one, is that of ours: else two were mixed up."""
    kept = request.cookies.get(cookie_name(PROVIDER_COOKIE, https=work.house.base_url.startswith("https")), "")
    browser, _, where = kept.partition(".")
    provider = work.house.provider
    if provider is not None and iss and iss != provider.issuer:
        code = ""
    found = actions.finish_sign_in(work, state, code, browser, caller_of(request, work))
    if isinstance(found, actions.Denied):
        response = _back_to_sign_in(request, work, found.words)
    elif isinstance(found, SecondStep):
        response = second_page(request, work, Form(), found, unquote(where))
    else:
        response = let_in(request, work, found, rules.own_path(unquote(where), HOME[found.door]))
    set_cookie(response, work, PROVIDER_COOKIE, "", 0)
    return response


def _back_to_sign_in(request: Request, work: Work, words: str) -> Response:
    response = show_sign_in(request, work, Form(refusal=words))
    response.status_code = 401
    return response
