"""The template environment: one for the whole house, strict, escaped, in the reader's language."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.kernel.dates import OWN_MONTHS, ImpreciseDate, Precision
from app.policy.acting import Stop
from app.web.english import OFFER_HERE, finalize, marked, settle
from app.web.words import PROTECTED, TEMPLATES, catalogue, direction

Asset = Callable[[str], str]
Url = Callable[..., str]


class Link(NamedTuple):
    """One entry of a navigation; `key` is the letter that opens it after `g`, `folded` puts it into the menu."""

    label: str
    href: str
    current: bool = False
    key: str = ""
    folded: bool = False


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
    interpreter: str = ""  # whom to call for one
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

    def t_protected(self, text: str) -> str:
        return catalogue(self.lang).pgettext(PROTECTED, text)


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
        finalize=finalize,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=True, pgettext=_pgettext, npgettext=_npgettext
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
    env.globals.update(interpreter_here=OFFER_HERE)
    return env


def render(env: Environment, name: str, context: Mapping[str, Any]) -> str:
    """A page or a part; `page` must stand in the context, for the language and the form token."""
    with rendering(context["page"]):
        return settle(
            env.get_template(name).render(context),
            lambda: env.get_template("_kit/_interpreter.html").render(context),
        )


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


def _gettext(text: str) -> str:
    return marked(catalogue(this_page().lang).gettext(text))


def _ngettext(one: str, many: str, count: int) -> str:
    return marked(catalogue(this_page().lang).ngettext(one, many, count))


def _pgettext(context: str, text: str) -> str:
    return marked(catalogue(this_page().lang).pgettext(context, text))


def _npgettext(context: str, one: str, many: str, count: int) -> str:
    return marked(catalogue(this_page().lang).npgettext(context, one, many, count))


def say(text: str) -> str:
    """Our own words for the page being rendered, for what Python makes of them."""
    return catalogue(this_page().lang).gettext(text)


@cache
def _locale(lang: str) -> Locale:
    """As the language is written here: 1,000 and 7:04 p. m. in Spanish too; what nobody wrote down, as in English."""
    for code in (f"{lang}-US", lang, lang.split("-")[0]):
        try:
            return Locale.parse(code, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en", "US")


# Where the short form is the day before the month in figures, which would be read the other way round here.
SPELT_OUT = {"ar"}


def _spoken(lang: str | None) -> Locale:
    return _locale(lang or this_page().lang)


# --- dates and numbers, in the reader's language ---


def day(value: date | ImpreciseDate | None, lang: str | None = None, style: str = "long") -> str:
    """`March 5, 2026`; `Mar 5, 2026` with style="medium", for tables; only what is known of it."""
    known = ImpreciseDate.parse(value)
    if known.first_day is None:
        return say("not known")
    if known.precision is Precision.YEAR:
        return str(known.first_day.year)
    if (lang or this_page().lang) in OWN_MONTHS:
        return _by_hand(
            known.first_day, OWN_MONTHS[lang or this_page().lang], with_day=known.precision is Precision.DAY
        )
    if known.precision is Precision.MONTH:
        return str(format_skeleton("yMMMM", known.first_day, locale=_spoken(lang)))
    spoken = _spoken(lang)
    return str(format_date(known.first_day, "long" if spoken.language in SPELT_OUT else style, locale=spoken))


def _by_hand(value: date, months: Sequence[str], *, with_day: bool) -> str:
    month = f"{months[value.month - 1]} {value.year}"
    return f"{value.day} {month}" if with_day else month


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
        return say("not known")
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
    return say("not known") if value is None else str(format_decimal(value, locale=_spoken(lang)))


def percent(value: float | None, digits: int = 0, lang: str | None = None) -> str:
    """A share of one as a percentage: `0.185|percent(1)` is `18.5%`."""
    if value is None:
        return say("not known")
    pattern = "#,##0%" if digits == 0 else f"#,##0.{'0' * digits}%"
    return str(format_percent(value, format=pattern, locale=_spoken(lang)))


def days_left(days: int) -> str:
    if days == 0:
        return say("Due today")
    if days < 0:
        return _counted("%(num)s day late", "%(num)s days late", -days)
    return _counted("%(num)s day left", "%(num)s days left", days)


def _counted(one: str, many: str, count: int) -> str:
    words = catalogue(this_page().lang).ngettext(one, many, count)
    return type(words)(words % {"num": number(count)})


def filesize(size: int, lang: str | None = None) -> str:
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= scale:
            shown = format_decimal(round(size / scale, 1), locale=_spoken(lang))
            return f"{shown} {unit}"
    return _counted("%(num)s byte", "%(num)s bytes", size)


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
