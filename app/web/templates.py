"""The template environment: one for the whole house, strict, escaped, in the reader's language."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.kernel.dates import ImpreciseDate, Precision
from app.policy.acting import Stop

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}

Asset = Callable[[str], str]
Url = Callable[..., str]


class Link(NamedTuple):
    """One entry of a navigation; `key` is the letter that opens it after `g`."""

    label: str
    href: str
    current: bool = False
    key: str = ""


class Language(NamedTuple):
    code: str
    name: str
    href: str
    current: bool = False


class Reader(NamedTuple):
    """Who is signed in, as the top bar names them."""

    name: str
    roles: Sequence[str] = ()


def _goes_on(_address: str) -> Stop | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that a shell knows of the page that it frames."""

    title: str
    agency: str
    lang: str = "en"
    timezone: str = "UTC"
    actor: Reader | None = None
    nav: Sequence[Link] = ()
    languages: Sequence[Language] = ()
    notice: str | None = None
    csrf: str = ""
    nonce: str = ""
    demo: bool = False
    insecure: bool = False
    failed: bool = False  # the form came back with errors: the title says so
    home: str = "/"
    search: str = "/office/search"
    account: str = "/office/account"
    sign_out: str = "/sign-out"
    leave: str = "https://www.weather.gov/"  # where "Leave this site" goes
    stop_at: Callable[[str], Stop | None] = _goes_on  # why what an address does cannot be done today
    told: set[str] = field(default_factory=set)  # what the page has said once, and does not repeat

    @property
    def dir(self) -> str:
        return direction(self.lang)

    def is_told(self, words: str) -> bool:
        """True from the second time on."""
        was_told = words in self.told
        self.told.add(words)
        return was_told

    def t(self, text: str) -> str:
        return catalogue(self.lang).gettext(text)


# Jinja imports macros without the page's context, so that they can be cached; this is how a macro
# knows the language, the form token and the nonce of the page being rendered.
_rendering: ContextVar[Page] = ContextVar("rendering")
_NOWHERE = Page(title="", agency="")


def environment(*, asset: Asset, url: Url, root: Path = TEMPLATES) -> Environment:
    """`asset` names a built file's address; `url` gives the address of a named route."""
    env = Environment(
        loader=FileSystemLoader(root),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=True
    )
    env.filters.update(
        day=day,
        moment=moment,
        hour=hour,
        language=language,
        number=number,
        percent=percent,
        days_left=days_left,
        filesize=filesize,
    )
    env.globals.update(asset=asset, url=url, csrf=csrf, hx=hx, date_parts=date_parts, this_page=this_page)
    return env


def render(env: Environment, name: str, context: Mapping[str, Any]) -> str:
    """A page or a part; `page` must stand in the context, for the language and the form token."""
    with rendering(context["page"]):
        return env.get_template(name).render(context)


@contextmanager
def rendering(page: Page) -> Iterator[None]:
    token = _rendering.set(page)
    try:
        yield
    finally:
        _rendering.reset(token)


def this_page() -> Page:
    return _rendering.get(_NOWHERE)


# --- languages ---


@cache
def catalogue(lang: str, root: Path = TEMPLATES) -> NullTranslations:
    """Every folder's own words in one language: `templates/<stage>/locale/<lang>.po`."""
    merged: NullTranslations | None = None
    for path in sorted(root.glob(f"*/locale/{lang}.po")):
        words = _compiled(path)
        merged = words if merged is None else merged.merge(words)  # type: ignore[attr-defined]
    return merged or NullTranslations()


def _compiled(path: Path) -> Translations:
    with path.open("rb") as source:
        words = read_po(source, locale=path.stem.replace("-", "_"))
    binary = BytesIO()
    write_mo(binary, words)
    binary.seek(0)
    return Translations(binary)


def direction(lang: str) -> str:
    return "rtl" if lang.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def _gettext(text: str) -> str:
    return catalogue(this_page().lang).gettext(text)


def _ngettext(one: str, many: str, count: int) -> str:
    return catalogue(this_page().lang).ngettext(one, many, count)


@cache
def _locale(lang: str) -> Locale:
    """As the language is written here: 1,000 and 7:04 p. m. in Spanish too."""
    try:
        return Locale.parse(f"{lang}-US", sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(lang, sep="-")


def _spoken(lang: str | None) -> Locale:
    return _locale(lang or this_page().lang)


# --- dates and numbers, in the reader's language ---


def day(value: date | ImpreciseDate | None, lang: str | None = None, style: str = "long") -> str:
    """`March 5, 2026`; `Mar 5, 2026` with style="medium", for tables; only what is known of it."""
    known = ImpreciseDate.parse(value)
    if known.first_day is None:
        return _gettext("not known")
    if known.precision is Precision.YEAR:
        return str(known.first_day.year)
    if known.precision is Precision.MONTH:
        return str(format_skeleton("yMMMM", known.first_day, locale=_spoken(lang)))
    return str(format_date(known.first_day, style, locale=_spoken(lang)))


def moment(
    value: datetime | None,
    tz: str | None = None,
    lang: str | None = None,
    style: str = "long",
    *,
    exact: bool = True,
) -> str:
    """`March 5, 2026, 3:04 PM` on the agency's clock; the day alone where no more than the hour is known."""
    if value is None:
        return _gettext("not known")
    local = value.astimezone(ZoneInfo(tz or this_page().timezone))
    if not exact:
        return day(local.date(), lang, style)
    clock = str(format_time(local, "short", locale=_spoken(lang)))
    return f"{day(local.date(), lang, style)}, {clock}"


def hour(value: str, lang: str | None = None) -> str:
    """`6:00 PM` from `18:00`, as a meeting keeps its hour; what is no such hour stands as it is."""
    try:
        return str(format_time(time.fromisoformat(value), "short", locale=_spoken(lang)))
    except ValueError:
        return value


def language(code: str, lang: str | None = None) -> str:
    """`Spanish` from `es`, in the reader's language; a code that nobody knows stands as it is."""
    return str(_spoken(lang).languages.get(code.split("-")[0], code))


def number(value: float | None, lang: str | None = None) -> str:
    return _gettext("not known") if value is None else str(format_decimal(value, locale=_spoken(lang)))


def percent(value: float | None, digits: int = 0, lang: str | None = None) -> str:
    """A share of one as a percentage: `0.185|percent(1)` is `18.5%`."""
    if value is None:
        return _gettext("not known")
    pattern = "#,##0%" if digits == 0 else f"#,##0.{'0' * digits}%"
    return str(format_percent(value, format=pattern, locale=_spoken(lang)))


def days_left(days: int) -> str:
    if days == 0:
        return _gettext("Due today")
    if days < 0:
        return _ngettext("%(num)s day late", "%(num)s days late", -days) % {"num": number(-days)}
    return _ngettext("%(num)s day left", "%(num)s days left", days) % {"num": number(days)}


def filesize(size: int, lang: str | None = None) -> str:
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= scale:
            shown = format_decimal(round(size / scale, 1), locale=_spoken(lang))
            return f"{shown} {unit}"
    return _ngettext("%(num)s byte", "%(num)s bytes", size) % {"num": size}


def date_parts(value: Any) -> Mapping[str, str]:
    """Day, month and year for three fields, from a date, an ISO text, or what was typed."""
    if isinstance(value, Mapping):
        return {part: str(value.get(part) or "") for part in ("day", "month", "year")}
    if isinstance(value, date):
        value = value.isoformat()
    year, month, dom = (*str(value or "").split("-"), "", "", "")[:3]
    return {"day": dom.lstrip("0"), "month": month.lstrip("0"), "year": year}


# --- what a form and an element that acts must carry ---

_SWAPS = {"innerHTML", "outerHTML", "beforeend", "afterbegin", "innerMorph", "outerMorph", "none"}
_TRIGGER = re.compile(r"(load|revealed|change|submit|click|input)( (delay|throttle):\d+m?s| changed| once)*")
_TARGET = re.compile(r"(this|(closest |find )?[#.]?[A-Za-z][\w-]*)")
_URL = re.compile(r"(/(?!/)|\?)[^\s\"'<>\\]*")


def csrf() -> Markup:
    """The hidden token that every form with method="post" carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(this_page().csrf)


def hx(
    *,
    get: str = "",
    post: str = "",
    target: str = "",
    swap: str = "",
    trigger: str = "",
    select: str = "",
    push: bool = False,
) -> Markup:
    """The attributes that let htmx quicken one element, with the nonce without which they are inert.

    Only our own words may stand in them (docs/decisions/0031): anything else stops the page.
    Where a page carries no script there is no nonce, and the element stays plain.
    """
    nonce = this_page().nonce
    if not nonce:
        return Markup("")
    checked = [
        ("hx-get", get, _URL),
        ("hx-post", post, _URL),
        ("hx-target", target, _TARGET),
        ("hx-select", select, _TARGET),
        ("hx-trigger", trigger, _TRIGGER),
    ]
    wrong = [name for name, value, shape in checked if value and not shape.fullmatch(value)]
    if wrong or (swap and swap not in _SWAPS):
        raise ValueError(f"hx() refuses {', '.join(wrong) or 'hx-swap'}: not one of the forms it knows")
    given = [(name, value) for name, value, _ in checked if value]
    given += [("hx-swap", swap)] if swap else []
    given += [("hx-push-url", "true")] if push else []
    given.append(("hx-nonce", nonce))
    return Markup(" ").join(Markup('{}="{}"').format(name, value) for name, value in given)
