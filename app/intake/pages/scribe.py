"""One fast page on which somebody of the office writes a complaint down: by phone, by letter, at the counter."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError
from starlette.responses import HTMLResponse, PlainTextResponse

from app.access.permissions import Permission
from app.access.work import House, Work
from app.intake import actions
from app.intake.commands import SubmitFiling, TakeDown
from app.intake.pages import asking, scribe_asking
from app.intake.pages.file_question import asks_files, largest_file, with_files, without_old_files
from app.intake.pages.filing.step import fresh_secret
from app.intake.pages.receipt import given_to
from app.intake.pages.scribe_receipt import Handing, show_handing
from app.intake.rules import form as rules
from app.intake.rules import scribing, told
from app.intake.rules.draft import LIFE, Draft
from app.intake.rules.told import PREFIX, Told
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.model.powers import Act
from app.web.answers import is_htmx, show
from app.web.forms import Blank, Form, messages_of, surviving
from app.web.sealed_field import new_id, open_field, seal_field
from app.web.templates import Page as Shell
from app.web.templates import render
from app.web.work import house_of, may

router = APIRouter(prefix="/office/filings/new", include_in_schema=False)

Scribe = Annotated[Work, may(Permission.FILING_TAKE_DOWN)]
PURPOSE = "scribe"
AGAIN = "You signed in again while this page stood open. Nothing is lost: look at it, and go on."
SENT_BEFORE = "This complaint is kept already. What was changed after that is not. To write down another, begin anew."
SAY = {
    "channel": "Choose how it came.",
    "read_back": "Say whether it was read back.",
    "handed": "Choose how the receipt reaches them.",
}
NOT_HERE = "On this computer it was not possible to keep the earlier answers. Please go through the questions again."


async def _surviving(request: Request) -> AsyncIterator[Form]:
    """The form also where the session has ended: then the page comes back with everything that was typed."""
    request.state.when_signed_out = partial(_signed_out, request)
    async for form in surviving(request):
        yield form


Surviving = Annotated[Form, Depends(_surviving)]


@dataclass
class Desk:
    """The page as it was sent."""

    request: Request
    work: Work
    form: Form
    told: Told
    is_lost: bool = False


@router.get("")
def write_down(request: Request, work: Scribe, form: Blank) -> Response:
    """All questions on one page, from the top."""
    today = work.today.isoformat()
    return _page(Desk(request, work, form, _begun(work).model_copy(update={"how": {"arrived_on": today}})))


@router.post("/answer")
def answer_questions(request: Request, form: Surviving, work: Scribe) -> Response:
    """The same page with the questions that follow from what was answered."""
    desk = _read(request, form, work)
    verb, _, what = form.value("go").partition(":")
    if verb == "drop-file":
        desk.told = desk.told.model_copy(update={"draft": desk.told.draft.without_file(what)})
    return _page(desk, 422 if form.errors else 200)


@router.post("/keep")
def keep_page(request: Request, form: Surviving, work: Scribe) -> Response:
    """What was typed so far, sealed, for the page to bring back after a reload; nothing of it is kept here."""
    if not form.is_bound:
        raise NotAllowed()
    return PlainTextResponse(_sealed(work.house, _read(request, form, work).told, request.state.arrived))


@router.post("/check")
def check_answers(request: Request, form: Surviving, work: Scribe) -> Response:
    """Everything in the order of the form, to be read to the filer."""
    desk = _read(request, form, work)
    form.errors |= _problems(desk)
    return _page(desk, 422) if form.errors or not form.is_bound else _check(desk)


@router.post("/send", name="take_down")
def send_taken_down(request: Request, form: Surviving, work: Scribe) -> Response:
    """Keeps it and shows the receipt, once the commit is done; pressed twice, it is one complaint."""
    desk = _read(request, form, work)
    wrong = _problems(desk)
    if wrong or not form.is_bound:
        form.errors |= wrong
        return _page(desk, 422)
    try:
        return _kept(desk)
    except actions.KeyUsed:
        return _refused(desk, Refused(SENT_BEFORE))
    except (Invalid, Refused) as refusal:
        return _refused(desk, refusal)


def _kept(desk: Desk) -> Response:
    work, draft, how = desk.work, desk.told.draft, _how(desk)
    try:
        ask = SubmitFiling.model_validate(rules.filing_of(work.book, draft))
    except ValidationError as wrong:
        raise Invalid(messages_of(wrong)) from None
    files = [actions.sent_of(file) for file in draft.files]
    got = actions.take_down(work, ask, how, passphrase=actions.passphrase_of(draft.secret), files=files)
    handing = Handing(given=given_to(got, ask), handed=how.handed, draft=draft)
    return show_handing(desk.request, work, handing, Form())


def _how(desk: Desk, **otherwise: str) -> TakeDown:
    """How it came, as the command takes it; its errors stand beside the scribe's own fields."""
    told_, form = desk.told, desk.form
    given: dict[str, Any] = {name: told_.value(name).strip() for name in told.HOW}
    words = given.pop("words")
    given |= {"is_summary": words == "summary", "spoken": given["spoken"] or told_.draft.language}
    given |= {name: form.value(PREFIX + name).strip() for name in ("read_back", "read_back_why")} | otherwise
    try:
        return TakeDown.model_validate({name: value for name, value in given.items() if value != ""})
    except ValidationError as wrong:
        raise Invalid({PREFIX + place: SAY.get(place, words) for place, words in messages_of(wrong).items()}) from None


def _problems(desk: Desk) -> dict[str, str]:
    work, draft = desk.work, desk.told.draft
    found: dict[str, str] = {}
    try:
        how = _how(desk, read_back="agreed", handed=desk.told.value("handed") or "not_yet")
        scribing.check_channel(work.book, how.channel)
        scribing.check_arrival(how.arrived_on, how.arrived_why, work.today, None)
    except Invalid as refusal:
        found = {_own(place): words for place, words in refusal.fields.items()}
    return found | told.problems(work.book, draft, work.today)


def _own(place: str) -> str:
    """The name of the scribe's field that an error of the command belongs to."""
    return place if place.startswith(PREFIX) else PREFIX + place


def _refused(desk: Desk, refusal: Invalid | Refused) -> Response:
    """Back where it can be put right: the reading back, or the question it came from."""
    desk.work.restart()
    at_check = {"read_back", "read_back_why", "handed"}
    fields = getattr(refusal, "fields", {})
    for place, words in fields.items():
        asked = rules.question_filling(desk.work.book, place)
        desk.form.errors[asked[1].code if asked else _own(place)] = words
    if isinstance(refusal, Refused):
        desk.form.refusal = refusal.words
    if not fields or {place.removeprefix(PREFIX) for place in fields} <= at_check:
        return _check(desk, 422 if fields else 409)
    return _page(desk, 422)


def _read(request: Request, form: Form, work: Work) -> Desk:
    opened = _open(work.house, form.value("told"), request.state.arrived)
    is_mine = opened is not None and opened.by == str(work.actor.id)
    begun = opened if opened is not None and is_mine else _begun(work)
    now = told.taken(work.book, begun, form.values, form.lists)
    draft = without_old_files(request, work, form, now.draft)
    if form.is_bound:
        for page in work.book.form.pages:
            draft = with_files(request, work, form, draft, page) if asks_files(page) else draft
    is_lost = bool(form.value("told")) and not is_mine
    return Desk(request, work, form, now.model_copy(update={"draft": draft}), is_lost)


def _begun(work: Work) -> Told:
    # The words are drawn now and shown once, when it is kept: until then nobody has them.
    return Told(by=str(work.actor.id), draft=Draft(id=new_id(), secret=fresh_secret(), language="en"))


def _open(house: House, sealed: str, arrived: int) -> Told | None:
    opened = open_field(house, PURPOSE, sealed, arrived, seconds=int(LIFE.total_seconds()))
    return Told.model_validate_json(opened) if opened is not None else None


def _sealed(house: House, now: Told, arrived: int) -> str:
    return seal_field(house, PURPOSE, now.draft.id, now.model_dump_json().encode(), arrived)


def _page(desk: Desk, status: int = 200) -> Response:
    work, now, form = desk.work, desk.told, desk.form
    if not form.is_bound:
        # The token of the page was of a session that has ended: nothing is done by it but to show it again.
        status = 409 if is_htmx(desk.request) else 403
    return show(
        desk.request,
        work,
        "intake/scribe.html",
        part="intake/_scribe.html",
        title="New filing",
        status=status,
        typed=form,
        told=now,
        sealed=_sealed(work.house, now, desk.request.state.arrived),
        sections=scribe_asking.sections(work.book, now, form.errors),
        channels=scribe_asking.channel_options(work.book),
        languages=[(each.code, each.label.to("en")) for each in work.book.languages],
        largest=largest_file(work),
        file_code=scribe_asking.file_code(work.book),
        stop=work.stop_of(Act.FILINGS),
        lost=NOT_HERE if desk.is_lost else "",
        again="" if form.is_bound else AGAIN,
    )


def _check(desk: Desk, status: int = 200) -> Response:
    work, now = desk.work, desk.told
    return show(
        desk.request,
        work,
        "intake/scribe_check.html",
        title="Read it back",
        status=status,
        typed=desk.form,
        told=now,
        sealed=_sealed(work.house, now, desk.request.state.arrived),
        rows=asking.check_rows(work.book, now.draft),
        channels=dict(scribe_asking.channel_options(work.book)),
        agreed=scribing.READ_BACK_WORDS.items(),
        handed=scribing.HANDED_WORDS.items(),
    )


def _signed_out(request: Request) -> Response | None:
    """What was typed when the session had ended: on a page, sealed, to go on with after signing in."""
    house = house_of(request)
    form: Form = request.state.form
    begun = _open(house, form.value("told"), request.state.arrived)
    if begun is None:
        return None  # nothing of ours was sent
    today = datetime.fromtimestamp(request.state.arrived, UTC).astimezone(house.zone).date()
    now = told.taken(house.policies.in_force(house.agency, today), begun, form.values, form.lists)
    shell = Shell(title="You are signed out", agency=house.name_in("en"), nonce=getattr(request.state, "nonce", ""))
    context = {
        "page": shell,
        "sealed": _sealed(house, now, request.state.arrived),
        "had_files": bool(form.files or form.oversized),
    }
    part = "intake/_scribe_signed_out.html" if is_htmx(request) else "intake/scribe_signed_out.html"
    return HTMLResponse(render(request.app.state.templates, part, context), 409 if is_htmx(request) else 401)
