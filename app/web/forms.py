"""What a person typed: read once, checked against a command, and never lost when something is wrong with it."""

import functools
import hmac
import inspect
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, get_origin

from fastapi import Depends, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from app.infra.keys import Keys
from app.kernel.commands import Command
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.web.doors import STAFF_DOORS, door_of
from app.web.uploads import is_too_large, read_form
from app.web.work import NotSignedIn, house_of, session_mark

C = TypeVar("C", bound=Command)
OPEN_FORMS = ("/sign-in", "/welcome")
TOKEN = "csrf_token"  # noqa: S105 - the field's name, not a secret

MESSAGES = {
    "missing": "Please answer this.",
    "string_too_short": "Please answer this.",
    "too_short": "Please answer this.",
    "too_long": "This is too long: at most {max_length} characters.",
    "string_too_long": "This is too long: at most {max_length} characters.",
    "date_from_datetime_parsing": "Write the date as year-month-day, for example 2026-03-05.",
    "date_parsing": "Write the date as year-month-day, for example 2026-03-05.",
    "enum": "Choose one of the answers.",
    "literal_error": "Choose one of the answers.",
    "uuid_parsing": "Choose one of the list.",
    "int_parsing": "Write a whole number.",
    "extra_forbidden": "This form does not know this field.",
    "bool_parsing": "Choose one of the answers.",
}

NAMELESS = "?"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)

# Kinds of error that carry words of our own, meant for the person.
OWN_WORDS = {"value_error", "imprecise_date", "line_break", "nul", "surrogate", "unassigned"}


@dataclass
class Form:
    """The fields of one posted form, with what was wrong with them."""

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, UploadFile] = field(default_factory=dict)
    oversized: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    # False where it came without the token of its session: it may be shown again, and nothing is done by it.
    is_bound: bool = True

    def value(self, name: str, otherwise: object = "") -> str:
        """What was typed, or what stands there already."""
        return self.values.get(name, "" if otherwise is None else str(otherwise))

    def error(self, name: str) -> str:
        """What is wrong with one field."""
        return self.errors.get(name, "")

    def ask(self, command: type[C], **given: Any) -> C:
        """The command, or Invalid with one message for each field; empty answers count as not given."""
        known = command.model_fields
        asked: dict[str, Any] = {name: text for name, text in self.values.items() if text.strip() or name not in known}
        asked.update({name: many for name, many in self.lists.items() if _wants_list(command, name)})
        try:
            return command.model_validate(asked | given)
        except ValidationError as wrong:
            raise Invalid(messages_of(wrong)) from None

    def keep(self, refusal: Refused | Invalid) -> None:
        """Notes why the form comes back."""
        self.errors = dict(getattr(refusal, "fields", {}))
        self.refusal = refusal.words


def _wants_list(command: type[Command], name: str) -> bool:
    known = command.model_fields.get(name)
    return known is not None and get_origin(known.annotation) in (list, tuple)


def messages_of(wrong: ValidationError) -> dict[str, str]:
    """Plain words for each field; what was typed is not repeated in them."""
    return words_of(wrong.errors(include_input=False, include_url=False))


def words_of(errors: Iterable[Any]) -> dict[str, str]:
    """The same for errors of a JSON body."""
    found: dict[str, str] = {}
    for error in errors:
        place = ".".join(_steps(error))
        found.setdefault(place, _words(error["type"], error.get("ctx", {}), error["msg"]))
    return found


def _steps(error: Any) -> list[str]:
    """Where it is wrong. The name of a field that we do not know is the sender's: only a plain one is said back."""
    steps = [str(step) for step in error["loc"]]
    if error["type"] == "extra_forbidden" and not _PLAIN_NAME.fullmatch(steps[-1]):
        steps[-1] = NAMELESS
    return steps


def _words(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind in OWN_WORDS:
        return message.removeprefix("Value error, ")
    template = MESSAGES.get(kind, "This answer cannot be read.")
    return template.format_map({"max_length": context.get("max_length", "")})


def csrf_token(request: Request) -> str:
    """The token that binds a form to the session that was shown it; empty where there is no session."""
    house = house_of(request)
    bound = session_mark(request, house)
    return token_for(house.keys, bound) if bound else ""


def token_for(keys: Keys, bound: bytes) -> str:
    """The token of one session."""
    return hmac.digest(keys.derive("csrf"), bound, "sha256").hex()


async def posted(request: Request) -> AsyncIterator[Form]:
    """The form of this request, read before any connection is taken; behind a session it carries its token."""
    expected = csrf_token(request)
    is_staff = door_of(request.url.path) in STAFF_DOORS
    if is_staff and not expected and not request.url.path.startswith(OPEN_FORMS):
        raise NotSignedIn()
    data = await read_form(request)
    try:
        form = _form_of(data)
        given = form.values.pop(TOKEN, "")
        form.lists.pop(TOKEN, None)
        if expected and not hmac.compare_digest(given.encode(), expected.encode()):
            raise NotAllowed("This page was open for too long. Go back, reload it, and send it again.")
        request.state.form = form
        yield form
    finally:
        await data.close()


async def unbound(request: Request) -> AsyncIterator[Form]:
    """A form behind which no session stands, so that a cookie come or gone in between costs nobody their words."""
    data = await read_form(request)
    try:
        form = _form_of(data)
        form.values.pop(TOKEN, None)
        yield form
    finally:
        await data.close()


async def surviving(request: Request) -> AsyncIterator[Form]:
    """A long form of the staff, also where its session has ended: the page shows it again, and does nothing by it."""
    data = await read_form(request)
    try:
        form = _form_of(data)
        given, expected = form.values.pop(TOKEN, ""), csrf_token(request)
        form.lists.pop(TOKEN, None)
        form.is_bound = bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
        request.state.form = form
        yield form
    finally:
        await data.close()


def blank() -> Form:
    """The form of a page that is shown for the first time."""
    return Form()


Posted = Annotated[Form, Depends(posted)]
Unbound = Annotated[Form, Depends(unbound)]
Blank = Annotated[Form, Depends(blank)]


def _form_of(data: FormData) -> Form:
    form = Form()
    for name, value in data.multi_items():
        if isinstance(value, str):
            form.values[name] = value.replace("\r\n", "\n")
            form.lists.setdefault(name, []).append(form.values[name])
        elif is_too_large(value):
            form.oversized.add(name)
        elif value.filename:
            form.files[name] = value
    return form


Page = Callable[..., Response]


def or_show(page: Page) -> Callable[[Page], Page]:
    """When the posted form is refused, shows `page` again with everything that was typed and what is wrong."""
    names = set(inspect.signature(page).parameters)

    def wrap(route: Page) -> Page:
        @functools.wraps(route)
        def tried(*args: Any, **given: Any) -> Response:
            try:
                return route(*args, **given)
            except (Invalid, Refused) as refusal:
                given["work"].restart()
                given["form"].keep(refusal)
                response = page(*args, **{name: value for name, value in given.items() if name in names})
                response.status_code = 422 if isinstance(refusal, Invalid) else 409
                return response

        return tried

    return wrap
