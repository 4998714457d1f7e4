"""The way in to one's own complaint: the secret opens it for half an hour, and signing out closes it everywhere."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions
from app.intake.commands import Track
from app.intake.pages.asking import TOO_MANY_TRIES, translate
from app.intake.pages.filing.resuming import resumed
from app.intake.queries import OwnFiling
from app.kernel.errors import Invalid, NotFound, Refused
from app.web.answers import done, held_back, show
from app.web.doors import FILER_COOKIE, cookie_name
from app.web.forms import Form, Posted
from app.web.limits import wait_for_lookup
from app.web.shell import language_of
from app.web.work import FILER_TIME, end_filer, filer_cookie, may

router = APIRouter(prefix="/my", include_in_schema=False)

Tracker = Annotated[Work, may(Permission.FILING_TRACK)]

UNKNOWN = "We do not know this passphrase. Check each word, or type the numbers instead."
SIGNED_OUT = "You were signed out. Type your passphrase again. What you wrote stands below: copy it, then sign in."
# Where somebody types what must not be lost when the half hour is over.
WRITTEN = ("body", "words", "reason")


def language_here(request: Request, work: Work, own: OwnFiling) -> str:
    """The complaint's own language, unless the address asks for another."""
    asked = request.query_params.get("lang", "")
    return asked if asked in work.book.language_codes else own.language


def way_in(request: Request, work: Work, form: Form, status: int = 200) -> Response:
    """The page that asks for the secret, with whatever was written when the half hour was over."""
    language = language_of(request, work.book.language_codes)
    say = translate(language)
    form.errors = {name: say(words) for name, words in form.errors.items()}
    unsent = next((form.value(name) for name in WRITTEN if form.value(name)), "")
    return show(
        request,
        work,
        "intake/sign_in.html",
        title=say("Check your complaint"),
        lang=language,
        status=status,
        typed=form,
        unsent=unsent,
        signed_out=say(SIGNED_OUT) if unsent else "",
        contact=work.book.meta.contact,
    )


def signed_in(request: Request, work: Work, response: Response) -> Response:
    """Each page turned gives half an hour more."""
    https = work.house.base_url.startswith("https")
    value = filer_cookie(request, work.house, work.actor.lookup or b"")
    response.set_cookie(
        cookie_name(FILER_COOKIE, https=https),
        value,
        max_age=int(FILER_TIME.total_seconds()),
        path="/",
        secure=https,
        httponly=True,
        samesite="strict",
    )
    return response


def own_or_refused(work: Work) -> OwnFiling:
    """The signed-in filer's complaint; refused where the half hour is over, with the words kept."""
    own = actions.own(work)
    if own is None:
        raise Refused(SIGNED_OUT)
    return own


@router.post("/sign-in")
def sign_in(request: Request, form: Posted, work: Tracker) -> Response:
    """Opens the complaint that this passphrase belongs to; a wrong one is told as soon as an unknown one."""
    wait = wait_for_lookup(request)
    if wait:
        form.errors = {"passphrase": TOO_MANY_TRIES}
        return held_back(way_in(request, work, form), wait)
    try:
        own = actions.own_by_passphrase(work, form.ask(Track, passphrase=form.value("passphrase")).passphrase)
    except (NotFound, Invalid):
        work.restart()
        # They may be the words of a complaint that was begun and not sent.
        begun = resumed(request, work, form)
        if begun is not None:
            return begun
        form.errors = {"passphrase": UNKNOWN}
        return way_in(request, work, form, 422)
    return signed_in(request, work, done(request, goto=f"/my?lang={own.language}"))


@router.post("/sign-out")
def sign_out(request: Request, form: Posted, work: Tracker) -> Response:
    """Forgets the passphrase on this device, and in every copy of its cookie."""
    end_filer(request, work.house)
    response = done(request, goto=f"/my?done=out&lang={language_of(request, work.book.language_codes)}")
    https = work.house.base_url.startswith("https")
    response.delete_cookie(cookie_name(FILER_COOKIE, https=https), path="/", secure=https, httponly=True)
    return response
