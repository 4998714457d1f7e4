"""Files that come in pieces, for a form that is being written or a complaint that is followed (tus 1.0, decision 66).

No route here opens a Work: while bytes arrive no database connection is held, and nothing stands in the journal before
the file is added to something.
"""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from app.access.permissions import Permission
from app.access.work import House, Work
from app.intake.actions.arriving import (
    About,
    Arrival,
    Arrived,
    Conflict,
    Mixed,
    NoRoom,
    NotThere,
    arrivals_of,
    is_taken,
)
from app.intake.actions.files import Sent, kept_of
from app.intake.pages.asking import translate
from app.intake.rules.draft import LIFE, Kept
from app.intake.rules.filing import TOO_LARGE, UNFIT_TYPE, file_name
from app.web import tus
from app.web.limits import wait_for_upload
from app.web.sealed_field import open_field, seal_field
from app.web.shell import language_of
from app.web.uploads import LARGEST_FILE
from app.web.work import house_of

ADDRESS = "/file/uploads"
PERMIT = "candor-permit"
PERMITTED, TAKEN = "upload", "arrived"
MOST_BEGUN = 20
MIXED = "This is not the file that was begun here. Choose it again: it starts from the beginning."

router = APIRouter(prefix=ADDRESS, include_in_schema=False)


@dataclass(frozen=True)
class Begun:
    """A file of which a part is here: whoever chooses it again goes on where it stopped."""

    url: str
    name: str
    length: int
    offset: int
    mark: str


@dataclass(frozen=True)
class Offer:
    """What a page needs to send files in pieces."""

    permit: str
    address: str
    begun: list[Begun]
    come: list[tuple[str, str, int]]
    """What is whole and was not added yet: slip, name, size."""


@dataclass(frozen=True)
class Permit:
    """Sealed into a page: whose uploads it opens, how large a file may be and of what kinds."""

    owner: str
    most: int
    types: tuple[str, ...]


def owner_of_filing(work: Work) -> str:
    """The name under which the uploads of who follows a complaint arrive; a draft's own id is its name."""
    key = work.house.keys.derive("uploads-of-a-filing")
    made = hashlib.blake2b(work.actor.lookup or b"", key=key, digest_size=16).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def offer(request: Request, work: Work, owner: str, most: int) -> Offer:
    """Lets whoever is shown this page send files to it, for as long as a draft lives."""
    said = json.dumps({"most": most, "types": list(work.book.intake.file_types)}).encode()
    permit = seal_field(work.house, PERMITTED, owner, said, request.state.arrived)
    found = arrivals_of(work.storage, owner)
    # What no browser knows again is begun anew.
    begun = [
        Begun(f"{ADDRESS}/{about.id}", about.name, about.length, at, about.mark)
        for about, at, done in found
        if done is None and about.mark
    ]
    come = [
        (_slip(request, owner, about.id, about.name, done), about.name, about.length)
        for about, _, done in found
        if done is not None
    ]
    return Offer(permit, ADDRESS, begun, come)


def taken(house: House, owner: str, texts: list[str], arrived: int) -> list[Kept]:
    """The files that this owner's page says have come; what is altered, old or another's is none.

    Each is forgotten as an upload: from here on it belongs to what is being written.
    """
    opened = [
        open_field(house, TAKEN, text, arrived, seconds=int(LIFE.total_seconds()))
        for text in texts[:MOST_BEGUN]
        if text.startswith(f"{owner}.")
    ]
    found = [Kept.model_validate_json(each) for each in opened if each is not None]
    for each in found:
        Arrival(house.storage, owner, each.id).drop()
    return found


async def _anybody() -> None:
    """The permit in the page decides, and the page was shown to whoever may file or follow."""


_anybody.permission = Permission.FILING_SUBMIT  # type: ignore[attr-defined]
ANYBODY: Any = Depends(_anybody)


@router.options("")
async def describe_uploads(_: None = ANYBODY) -> Response:
    """What is spoken here."""
    return tus.answered(
        204, tus_version=tus.VERSION, tus_extension=tus.EXTENSIONS, tus_max_size=str(LARGEST_FILE), allow="POST"
    )


@router.post("")
async def begin_upload(request: Request, _: None = ANYBODY) -> Response:
    """Names a file and its length before it comes."""
    return await _spoken(request, _begin)


@router.get("/{upload_id}", name="upload_state")
async def state_of_upload(request: Request, upload_id: str, _: None = ANYBODY) -> Response:
    """How far it came. The guard makes HEAD of residents a GET, so this answers both."""
    return await _spoken(request, _state, upload_id)


@router.patch("/{upload_id}", name="upload_more")
async def take_upload(request: Request, upload_id: str, _: None = ANYBODY) -> Response:
    """Takes what comes, and makes the file when all is here."""
    return await _spoken(request, _take, upload_id)


@router.delete("/{upload_id}", name="upload_drop")
async def drop_upload(request: Request, upload_id: str, _: None = ANYBODY) -> Response:
    """Forgets it. A file that was made of it is swept like any that nobody names."""
    return await _spoken(request, _drop, upload_id)


async def _spoken(request: Request, do: Callable[..., Awaitable[Response]], *given: str) -> Response:
    try:
        tus.check_version(request)
        return await do(request, _permit(request), *given)
    except tus.Turned as turned:
        return tus.turned_away(turned, _say(request))
    except NotThere:
        return tus.turned_away(tus.Turned(404, "This upload is not here, or no longer."), _say(request))


def _say(request: Request) -> Callable[[str], str]:
    """The script asks in the language of its page."""
    house = house_of(request)
    return translate(language_of(request, house.policies.newest(house.agency).language_codes))


def _permit(request: Request) -> Permit:
    """An address alone opens nothing: the page that began an upload shows its permit each time."""
    text = request.headers.get(PERMIT, "")
    life = int(LIFE.total_seconds())
    opened = open_field(house_of(request), PERMITTED, text, request.state.arrived, seconds=life)
    if opened is None:
        raise tus.Turned(403, "This page was open for too long. Load it again.")
    said = json.loads(opened)
    return Permit(text.partition(".")[0], said["most"], tuple(said["types"]))


async def _begin(request: Request, permit: Permit) -> Response:
    length = tus.wanted_length(request, permit.most)
    wait = wait_for_upload(request)
    if wait:
        raise tus.Turned(429, "Many files come from your network right now. Wait a minute.", wait)
    arrival = await tus.in_thread(tus.PIECES, _begun, request, permit, length)
    expires = formatdate(request.state.arrived + LIFE.total_seconds(), usegmt=True)
    return tus.answered(201, location=f"{ADDRESS}/{arrival.id}", upload_expires=expires)


def _begun(request: Request, permit: Permit, length: int) -> Arrival:
    storage = house_of(request).storage
    if len(arrivals_of(storage, permit.owner)) >= MOST_BEGUN:
        raise tus.Turned(409, "Too many files were begun here. Finish one of them first.")
    try:
        # A whole file stands beside its pieces for a moment.
        storage.check_room(2 * length)
    except NoRoom:
        raise tus.Turned(507, tus.NO_ROOM) from None
    name = file_name(tus.wanted_name(request))
    return Arrival.begin(storage, permit.owner, name, length, request.state.arrived, tus.wanted_mark(request))


async def _state(request: Request, permit: Permit, upload_id: str) -> Response:
    arrival = _arrival(request, permit, upload_id)
    about, offset, arrived = await tus.in_thread(tus.PIECES, _looked_at, arrival)
    if offset == about.length:
        arrived = await _finished(request, permit, arrival)
    return _come(request, permit, about, arrived, offset, 200)


def _looked_at(arrival: Arrival) -> tuple[About, int, Arrived | None]:
    about, done = arrival.about(), arrival.done()
    return about, about.length if done else arrival.offset(), done


async def _take(request: Request, permit: Permit, upload_id: str) -> Response:
    start = tus.wanted_offset(request)
    arrival = _arrival(request, permit, upload_id)
    about, offset, arrived = await tus.in_thread(tus.PIECES, _looked_at, arrival)
    is_old = request.state.arrived > about.begun + LIFE.total_seconds()
    if is_old or await tus.in_thread(tus.PIECES, arrival.is_crumbled, about.length):
        raise tus.Turned(410, "This upload waited for too long. Begin it again.")
    if start != offset:
        raise tus.Turned(409, "Something else is here already. Ask again how far it is.")
    if arrived is None:
        offset = await _taken_in(request, permit, arrival, start, about.length)
    if offset == about.length:
        arrived = await _finished(request, permit, arrival)
    return _come(request, permit, about, arrived, offset, 204)


async def _taken_in(request: Request, permit: Permit, arrival: Arrival, start: int, length: int) -> int:
    def check(head: bytes) -> None:
        if not is_taken(head, permit.types):
            raise tus.Turned(415, UNFIT_TYPE)

    try:
        return await tus.take(request, arrival, start, length, check)
    except tus.Turned as turned:
        if turned.status == 415:
            await tus.in_thread(tus.PIECES, arrival.drop)
        raise


async def _finished(request: Request, permit: Permit, arrival: Arrival) -> Arrived:
    """The whole file; refused where its sender says that it is another one."""
    said = tus.said_digest(request)
    try:
        arrived = await tus.in_thread(tus.WHOLES, arrival.finish, request.state.arrived, said)
    except Conflict:
        raise tus.Turned(409, "Something else came here first. Ask again how far it is.") from None
    except Mixed:
        raise tus.Turned(422, MIXED) from None
    if said and arrived.digest not in ("", said):
        # It came whole before: whose it is stays, and whoever has another one begins it anew.
        raise tus.Turned(422, MIXED)
    if permit.types and arrived.media_type not in permit.types:
        await tus.in_thread(tus.PIECES, arrival.drop)
        raise tus.Turned(415, UNFIT_TYPE)
    if arrived.stored.size > permit.most:
        raise tus.Turned(413, TOO_LARGE)
    return arrived


async def _drop(request: Request, permit: Permit, upload_id: str) -> Response:
    arrival = _arrival(request, permit, upload_id)
    await tus.in_thread(tus.PIECES, arrival.about)
    await tus.in_thread(tus.PIECES, arrival.drop)
    return tus.answered(204)


def _arrival(request: Request, permit: Permit, upload_id: str) -> Arrival:
    return Arrival(house_of(request).storage, permit.owner, upload_id)


def _come(
    request: Request, permit: Permit, about: About, arrived: Arrived | None, offset: int, status: int
) -> Response:
    """How far it came; of a whole file the sealed slip with which the page adds it to what is being written."""
    headers = {"upload_offset": str(offset), "upload_length": str(about.length)}
    if arrived is not None:
        headers["candor_file"] = _slip(request, permit.owner, about.id, about.name, arrived)
    return tus.answered(status, **headers)


def _slip(request: Request, owner: str, upload_id: str, name: str, arrived: Arrived) -> str:
    kept = kept_of(Sent(name, arrived.media_type, arrived.stored), upload_id, arrived.at)
    return seal_field(house_of(request), TAKEN, owner, kept.model_dump_json().encode(), request.state.arrived)
