"""What frames a page: its navigation, its language, who is signed in, and the ribbons."""

from collections.abc import Sequence

from fastapi import Request

from app.access.permissions import Permission, home_door
from app.access.work import Work
from app.infra.db import Door
from app.policy.model import Rulebook
from app.web.doors import STAFF_DOORS
from app.web.forms import csrf_token
from app.web.stops import stop_at
from app.web.templates import Language, Link, Page, Reader
from app.web.words import catalogue

# What browsers ask for, where our languages are named by their script: zh-TW reads the traditional one.
BY_SCRIPT = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
}
DAILY: Sequence[tuple[str, str, Permission, str]] = (
    ("My work", "/office", Permission.SESSION_OWN, "h"),
    ("Filings", "/office/filings", Permission.FILING_READ, "f"),
    ("Queue", "/office/cases", Permission.CASE_READ, "q"),
    ("Clocks", "/office/clocks", Permission.CASE_READ, "c"),
    ("Officers", "/office/officers", Permission.OFFICER_READ, "o"),
    ("Look up", "/office/look-up", Permission.IDENTITY_LOOK_UP, "p"),
    ("Meetings", "/office/meetings", Permission.DOCKET_PREPARE, "m"),
    ("Releases", "/office/releases", Permission.RELEASE_BUILD, "r"),
)
# Not of every day: folded into a menu for whoever has many rooms.
SELDOM: Sequence[tuple[str, str, Permission, str]] = (
    ("Use of names", "/office/vault", Permission.VAULT_REVIEW, "v"),
    ("Journal", "/office/journal", Permission.JOURNAL_READ, "j"),
    ("Rulebook", "/office/rulebook", Permission.RULEBOOK_READ, "b"),
    ("Translations", "/office/translations", Permission.TRANSLATION_APPROVE, ""),
    ("Access", "/office/access", Permission.RULEBOOK_READ, ""),
    ("Users", "/office/users", Permission.USER_MANAGE, "u"),
    ("Ways back in", "/office/ways-back", Permission.WAY_BACK_GIVE, ""),
    ("Health", "/office/health", Permission.HEALTH_READ, "t"),
)
STAFF_NAV = (*DAILY, *SELDOM)
MOST_ROOMS = 8
# Rooms without an entry of their own, and through whose they are entered.
INNER_ROOMS = {
    "/office/account": "",
    "/office/additions": "/office/filings",
    "/office/calls": "/office/filings",
    "/office/campaigns": "/office/filings",
    "/office/machines": "/office/users",
}
COMMISSION_NAV = (
    ("Docket", "/commission", Permission.DOCKET_READ, "d"),
    ("Meetings", "/commission/meetings", Permission.DOCKET_READ, "m"),
)
DEPARTMENT_NAV = (
    ("Demands", "/department", Permission.DEMAND_ANSWER, "d"),
    ("Recommendations", "/department/recommendations", Permission.RECOMMENDATION_READ, "r"),
)
PUBLIC_NAV = (
    ("File a complaint", "/file", Permission.FILING_SUBMIT, ""),
    ("Check your complaint", "/my", Permission.FILING_TRACK, ""),
    ("Data and reports", "/data", Permission.RELEASE_READ, ""),
)
NAV = {Door.OFFICE: STAFF_NAV, Door.COMMISSION: COMMISSION_NAV, Door.DEPARTMENT: DEPARTMENT_NAV}
HOME = {Door.OFFICE: "/office", Door.COMMISSION: "/commission", Door.DEPARTMENT: "/department"}


def language_of(request: Request, offered: Sequence[str]) -> str:
    """The reader's language: what the address says, else what the browser asks for, else English."""
    asked = request.query_params.get("lang", "")
    if asked in offered:
        return asked
    wanted = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return next((found for each in wanted if (found := _offered(each, offered))), "en")


def _offered(wanted: str, offered: Sequence[str]) -> str:
    """`zh-Hant` for zh-Hant-TW and for zh-TW, `es` for es-MX; nothing where we do not speak it."""
    known = {code.lower(): code for code in offered}
    parts = wanted.lower().split("-")
    for length in range(len(parts), 0, -1):
        code = "-".join(parts[:length])
        found = known.get(code) or known.get(BY_SCRIPT.get(code, "").lower())
        if found:
            return found
    return ""


def page_for(request: Request, work: Work, title: str, *, lang: str | None = None, failed: bool = False) -> Page:
    """Everything the shell of this door shows."""
    door, book = work.actor.door, work.book
    staff = door in STAFF_DOORS
    home = home_door(work.actor.roles) if work.actor.kind == "account" else door
    language = lang or ("en" if staff else language_of(request, book.language_codes))
    return Page(
        title=title,
        agency=book.name.to(language),
        lang=language,
        timezone=str(book.time_zone),
        actor=_reader(work),
        nav=_nav(request, work, home, language),
        languages=() if staff or request.method == "POST" else _languages(request, book, language),
        notice=_notice(request, language),
        csrf=csrf_token(request),
        nonce=request.state.nonce,
        demo=work.house.is_demonstration,
        insecure=not work.house.base_url.startswith("https"),
        home=HOME.get(home, "/"),
        search="/office/cases" if work.may(Permission.CASE_READ) else "",
        failed=failed,
        interpreter=book.meta.contact.phone or "",
        stop_at=stop_at(request, work),
    )


NOTICES = {
    "saved": "Saved.",
    "sent": "Sent.",
    "moved": "The case has moved on.",
    "asked": "Asked. It waits for a second person now.",
    "kept": "The case is kept now. If you are not inside, it is gone from your pages.",
    "another-way": "The complaint goes another way now. If that is not yours to handle, it is gone from your pages.",
    "usual-way": "The complaint goes the usual way again. If that is not yours to handle, it is gone from your pages.",
    "out": "You are signed out.",
    "docketed": "Noted. The packet is being made; load the page again in a moment.",
    "recused": "You are recused. The case is gone from your docket, and nothing more of it is shown to you.",
    "on-its-way": "The case is on its way. The office’s machinery moves it in a moment.",
}


def _notice(request: Request, language: str) -> str | None:
    said = NOTICES.get(request.query_params.get("done", ""))
    return catalogue(language).gettext(said) if said else None


def _reader(work: Work) -> Reader | None:
    if work.actor.kind != "account":
        return None
    return Reader(work.actor.display_name, tuple(sorted(work.actor.roles)))


def _nav(request: Request, work: Work, door: Door, lang: str) -> list[Link]:
    say = catalogue(lang).gettext
    entries = [entry for entry in NAV.get(door, PUBLIC_NAV) if work.may(entry[2])]
    folds = len(entries) > MOST_ROOMS
    current = _room_of(request.url.path, [href for _, href, _, _ in entries])
    return [
        Link(say(label), href, current=href == current, key=key, folded=folds and (label, href, needs, key) in SELDOM)
        for label, href, needs, key in entries
    ]


def _room_of(path: str, rooms: list[str]) -> str:
    """The room of the bar in which this page stands."""
    here = next((room for inner, room in INNER_ROOMS.items() if _is_in(path, inner)), path)
    return max((room for room in rooms if _is_in(here, room)), key=len, default="")


def _is_in(path: str, room: str) -> bool:
    return path == room or path.startswith(room + "/")


def _languages(request: Request, book: Rulebook, current: str) -> list[Language]:
    """Each named in itself: who cannot read this page finds it all the same."""

    def there(code: str) -> str:
        asked = request.url.include_query_params(lang=code)
        return f"{asked.path}?{asked.query}"

    named = [(each.code, each.own_name) for each in book.languages]
    return [Language(code, name, there(code), code == current) for code, name in named]
