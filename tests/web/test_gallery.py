"""Every part stands alone, every shell is whole, and a browser finds both usable and closed to injection."""

import re
import time
from collections import Counter
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from app.infra.assets import Manifest, build_assets, node_modules, static_dir
from app.kernel.text import LocalText
from app.policy.acting import Stop
from app.policy.model.powers import Act, Stopped
from app.web import templates as kit
from app.web.guard import security_headers
from app.web.templates import Language, Link, Page, Reader

STAFF = ("office", "commission", "department")
HOSTILE = """'"><script>alert(1)</script>"""
ENV = kit.environment(asset=lambda name: f"/static/{name}", url=lambda name, *_: f"/{name}")
VOID = {"meta", "link", "input", "img", "br", "hr"}


# --- the parts ---

SAMPLES: dict[str, dict[str, Any]] = {
    "icon": {"name": "clock", "label": HOSTILE},
    "form": {"action": "/x", "target": "#a"},
    "field": {
        "name": "a",
        "label": HOSTILE,
        "value": HOSTILE,
        "hint": HOSTILE,
        "error": HOSTILE,
        "required": False,
    },
    "textarea": {
        "name": "a",
        "label": HOSTILE,
        "value": HOSTILE,
        "hint": HOSTILE,
        "error": HOSTILE,
        "maxlength": 9,
    },
    "select": {
        "name": "a",
        "label": HOSTILE,
        "options": [(HOSTILE, HOSTILE)],
        "value": HOSTILE,
        "blank": HOSTILE,
    },
    "radios": {
        "name": "a",
        "legend": HOSTILE,
        "options": [("b", HOSTILE, HOSTILE)],
        "error": HOSTILE,
        "heading": True,
    },
    "checkboxes": {
        "name": "a",
        "legend": HOSTILE,
        "options": [("b", HOSTILE), (HOSTILE, HOSTILE)],
        "values": ["b"],
    },
    "checkbox": {"name": "a", "label": HOSTILE, "hint": HOSTILE, "error": HOSTILE},
    "date_input": {"name": "a", "legend": HOSTILE, "value": {"day": HOSTILE}, "error": HOSTILE},
    "file_input": {"name": "a", "label": HOSTILE, "hint": HOSTILE, "accept": HOSTILE, "multiple": True},
    "button": {"label": HOSTILE, "post": "/x", "name": HOSTILE, "value": HOSTILE},
    "errors": {"items": [("a", HOSTILE), ("", HOSTILE)]},
    "confirm": {"heading": HOSTILE, "text": HOSTILE, "action": "/x", "label": HOSTILE, "back": "/y"},
    "summary_list": {"rows": [{"label": HOSTILE, "value": HOSTILE, "href": "/x", "seen_by": HOSTILE}]},
    "kv": {"rows": [(HOSTILE, HOSTILE)]},
    "panel": {"title": HOSTILE},
    "alert": {"kind": "error", "heading": HOSTILE, "text": HOSTILE},
    "empty": {"text": HOSTILE, "label": HOSTILE, "href": "/x"},
    "badge": {"text": HOSTILE, "icon_name": "lock"},
    "seen_by": {"kind": "filer"},
    "phone_link": {"number": HOSTILE},
    "mail_link": {"address": HOSTILE},
    "stopped": {
        "stop": Stop(
            Act.MOVES,
            Stopped(None, date(2026, 1, 1), LocalText(HOSTILE), LocalText(HOSTILE), HOSTILE),
            successor=LocalText(HOSTILE),
            own_words=HOSTILE,
        )
    },
    "outcome": {"word": HOSTILE, "gloss": HOSTILE},
    "receipt": {"label": HOSTILE, "value": HOSTILE, "hint": HOSTILE},
    "what_next": {"items": [(HOSTILE, HOSTILE), (HOSTILE,)]},
    "file_row": {"name": HOSTILE, "size": 9, "href": "/x", "note": HOSTILE, "remove": "/y"},
    "table": {"caption": HOSTILE, "columns": [(HOSTILE,), (HOSTILE, "date", "/x", "ascending")]},
    "pager": {"next_url": "/x", "first_url": "/y"},
    "chips": {"items": [(HOSTILE, "/x")], "clear": "/y"},
    "figure_with_table": {
        "title": HOSTILE,
        "headers": [HOSTILE],
        "rows": [(HOSTILE, HOSTILE)],
        "note": HOSTILE,
    },
    "clock_badge": {"days_left": 3, "due_on": date(2026, 3, 5), "label": HOSTILE},
    "why_date": {"explanation": [HOSTILE], "law": HOSTILE},
    "stage_stepper": {"stages": [("a", HOSTILE), ("b", HOSTILE), ("c", HOSTILE)], "current": "b"},
    "tabs": {"items": [Link(HOSTILE, "/x", current=True)], "target": "#a"},
    "timeline": {"entries": [{"at": datetime(2026, 3, 5, tzinfo=UTC), "sentence": HOSTILE, "who": HOSTILE}]},
    "step_indicator": {"steps": [HOSTILE, HOSTILE], "current": 1},
    "back": {"href": "/x", "label": HOSTILE},
    "breadcrumbs": {"links": [(HOSTILE, "/x"), (HOSTILE, "")]},
}
MACROS = sorted(name for name in vars(ENV.get_template("_kit/macros.html").module) if not name.startswith("_"))


class Structure(HTMLParser):
    """Reads a page: what is open, which ids there are and which are pointed at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.named: set[str] = set()
        self.faults: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.seen[tag] += 1
        self.ids.update(value for key, value in attrs if key == "id" and value)
        for pointer in ("for", "aria-describedby", "aria-labelledby", "popovertarget", "data-count"):
            self.named.update((given.get(pointer) or "").split())
        if tag == "form" and "form" in self.open:
            self.faults.append("a form within a form")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")


def test_every_part_has_a_sample() -> None:
    assert sorted(MACROS) == sorted(SAMPLES)


@pytest.mark.parametrize("name", MACROS)
def test_a_part_renders_alone_and_lets_no_markup_through(name: str) -> None:
    call = (
        "{% call part(**given) %}within{% endcall %}"
        if name in {"form", "panel", "table", "figure_with_table"}
        else "{{ part(**given) }}"
    )
    template = ENV.from_string(f'{{% from "_kit/macros.html" import {name} as part %}}{call}')
    with kit.rendering(Page(title="", agency="", csrf="token", nonce="abc")):
        html = template.render(given=SAMPLES[name])
    read = Structure(html)
    assert read.faults == []
    assert read.open == []
    assert read.seen["script"] == 0
    assert read.named <= set(read.ids)
    assert [name for name, times in read.ids.items() if times > 1] == []


# --- the shells ---


def page(door: str, **changes: Any) -> Page:
    staff = door in STAFF
    given: dict[str, Any] = {
        "title": "Case 2026-0142",
        "agency": "Office of Oversight",
        "nonce": "abc" if staff else "",
        "csrf": "token",
        "actor": Reader("Rosa Whitfield", ["Investigator"]) if staff else None,
        "nav": [
            Link("My work", "/office", key="m"),
            Link("Queue", "/office/queue", key="q"),
            Link("Journal", "/office/journal", current=True, folded=staff),
        ],
        "languages": []
        if staff
        else [Language("en", "English", "/?l=en", current=True), Language("es", "Español", "/?l=es")],
        "demo": True,
        "insecure": True,
        "notice": "Done.",
    }
    return Page(**(given | changes))


def gallery(door: str, **changes: Any) -> str:
    return kit.render(
        ENV,
        "_kit/gallery.html",
        {
            "page": page(door, **changes),
            "door": f"_kit/{door}.html",
            "day_one": date(2026, 3, 5),
            "day_two": date(2026, 12, 24),
            "moment_one": datetime(2026, 3, 9, 17, 4, tzinfo=UTC),
        },
    )


@pytest.mark.parametrize("door", ["public", "resident", *STAFF])
@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_a_shell_is_whole_in_every_direction(door: str, lang: str) -> None:
    html = gallery(door, lang=lang)
    read = Structure(html)
    assert read.faults == []
    assert read.open == []
    assert read.seen["h1"] == read.seen["main"] == read.seen["title"] == 1
    assert [name for name, times in read.ids.items() if times > 1] == []
    assert read.named <= set(read.ids)
    assert f'lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in html


@pytest.mark.parametrize("door", ["public", "resident"])
def test_a_resident_meets_no_script_but_the_one_that_leaves(door: str) -> None:
    html = gallery(door)
    ours = ['<script src="/static/resident.js" nonce="" defer></script>']
    assert re.findall(r"<script.*?</script>", html) == (ours if door == "resident" else [])
    assert "hx-" not in html


@pytest.mark.parametrize("door", STAFF)
def test_everything_that_htmx_quickens_carries_the_nonce(door: str) -> None:
    tags = [tag for tag in re.findall(r"<[^>]+>", gallery(door)) if re.search(r"\shx-(get|post)=", tag)]
    assert tags
    assert all('hx-nonce="abc"' in tag for tag in tags)


@pytest.mark.parametrize("shell", ["letter", "report"])
def test_paper_fetches_nothing(shell: str) -> None:
    html = kit.render(ENV, f"_kit/{shell}.html", {"page": Page(title="We have your complaint", agency="Office")})
    assert re.findall(r"(?:src|href)=|url\(|@import", html.replace("attr(href)", "")) == []
    assert Structure(html).faults == []


# --- in a real browser ---

POLICY = dict(security_headers("/office", "abc", https=False))[b"content-security-policy"].decode()
INJECTED = (
    '<div hx-get="/stolen" hx-trigger="load"></div><div data-hx-get="/stolen" data-hx-trigger="load"></div>'
    '<div hx-get="/stolen" hx-trigger="load" hx-nonce="guess"></div><img src="/none" onerror="stolen = 1">'
    '<div id="notice" hx-swap-oob="true">stolen</div><script>stolen = 1</script>'
)


@pytest.fixture(autouse=True, scope="module")
def built() -> None:
    build_assets()


def visit(chrome: Any, html: str, *, width: int, part: str = "", check: bool = False) -> tuple[Any, list[str]]:
    asked: list[str] = []

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://localhost")
        asked.append(path)
        if path.startswith("/static/"):
            time.sleep(0.2 if path.endswith(".js") else 0)  # a bad line: no script may count on the next one
            route.fulfill(path=static_dir() / Manifest.read().files[path.removeprefix("/static/")]["file"])
        else:
            text = html if path == "/" else part
            route.fulfill(body=text, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    shown = chrome.new_context(viewport={"width": width, "height": 900}, bypass_csp=check).new_page()
    shown.route("**/*", answer)
    shown.goto("http://localhost/")
    return shown, asked


@pytest.mark.browser
@pytest.mark.parametrize("door", ["public", "resident", *STAFF])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_the_gallery(chrome: Any, door: str, width: int) -> None:
    shown, _ = visit(chrome, gallery(door), width=width, check=True)
    shown.evaluate((node_modules() / "axe-core" / "axe.min.js").read_text())
    found = shown.evaluate("axe.run()")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_injected_htmx_is_inert_and_ours_works(chrome: Any) -> None:
    html = gallery("office").replace("<h2>Table</h2>", INJECTED + "<h2>Table</h2>")
    shown, asked = visit(chrome, html, width=1440, part=f'<p id="arrived">part</p>{INJECTED}')
    shown.click("text=Evidence >> nth=-1")
    shown.wait_for_selector("#arrived")
    shown.wait_for_timeout(200)
    assert "/stolen" not in asked
    assert shown.evaluate("typeof stolen") == "undefined"
    assert "stolen" not in shown.inner_text(".notice-region")
