"""A filer in a real browser, through every page of the form, and what is looked at on each of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page, Request

from app.infra.assets import node_modules

Look = Callable[[Page, str], None]
CONTINUE = (
    "main button[name=go][value=next], main button[formaction*='/file/send'], "
    "main form:not(#filing)[action*='/file/answer'] button"
)
MOST_PAGES = 25
OTHERS = ("/my", "/leaving", "/journal", "/file/resume", "/file/card", "/my/nowhere", "/")
# Where the office handles what residents send, and lets people in; and whose pages they are.
OFFICE = {
    "director": (
        "/office",
        "/office/filings",
        "/office/filings/new",
        "/office/additions",
        "/office/campaigns",
        "/office/calls",
        "/office/translations",
        "/office/translations/ar",
        "/office/ways-back",
    ),
    "administrator": ("/office/users", "/office/machines", "/office/ways-back"),
}
NARRATIVE = "I was waiting for the bus when two officers pushed me against the fence. One of them laughed."
# What somebody says who only knows what happened. What must be answered besides gets its first answer.
KNOWN = {
    "anonymity": "anonymous",
    "relationship": "self",
    "narrative": NARRATIVE,
    "location": "Alder Street",
    "date_year": "2026",
}
WORDS = re.compile(r"^[a-z]+(?:-[a-z]+)?(?: [a-z]+(?:-[a-z]+)?){5}$", re.MULTILINE)
AXE = (node_modules() / "axe-core" / "axe.min.js").read_text()
RUN_AXE = """axe.run(document, {resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    .then(r => r.violations.map(v => [v.id, v.nodes[0].html.slice(0, 200)]))"""
# What has the focus, and whether it shows: a choice that is drawn by its label shows it there.
FOCUS = """() => { const e = document.activeElement; return {
    name: e.name ?? "", kind: e.type ?? e.tagName.toLowerCase(), leads: e.matches(`CONTINUE`),
    group: document.querySelectorAll(`[name="${e.name}"]`).length,
    seen: e === document.body || [e, e.nextElementSibling ?? e, e.parentElement].some(each =>
        getComputedStyle(each).outlineStyle !== "none" || getComputedStyle(each).boxShadow !== "none") }; }"""
FOCUS = FOCUS.replace("CONTINUE", CONTINUE)
MOST_TABS = 120
STORES = """(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
    (await navigator.serviceWorker?.getRegistrations() ?? []).length, history.state === null ? 0 : 1])()"""


def nothing(page: Page, name: str) -> None:
    """Looks at nothing."""


def walk(page: Page, language: str, look: Look = nothing, *, errors: bool = False) -> str:
    """From the first page to the receipt; gives back the passphrase. With `errors` each page is sent empty first."""
    page.goto(f"/file?lang={language}")
    look(page, "start")
    for number in range(2, MOST_PAGES):
        _turn(page, language)
        if is_receipt(page):
            look(page, "receipt")
            return passphrase_on(page)
        look(page, f"page {number}")
        if errors and _sent_empty(page):
            look(page, f"page {number}, with errors")
    raise AssertionError(f"the form does not end: {page.title()}")


def everywhere(page: Page, language: str, look: Look) -> None:
    """Every page of the door and every state of error, from the form to following the complaint."""
    passphrase = walk(page, language, look, errors=True)
    open_complaint(page, "not one of ours", language)
    look(page, "the way in, with errors")
    open_complaint(page, passphrase, language)
    look(page, "my complaint")
    page.locator("main form[action*='/my/messages/send'] button").first.click()
    look(page, "my complaint, with errors")
    page.context.clear_cookies()
    for path in OTHERS:
        page.goto(f"{path}?lang={language}")
        look(page, path)


def sign_in(page: Page, name: str, password: str) -> None:
    """As somebody of the office."""
    page.goto("/sign-in")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def office(page: Page, rooms: tuple[str, ...], look: Look, *, number: str) -> None:
    """These rooms as whoever is signed in sees them; of the filings the one of this number is opened, and its file."""
    for room in rooms:
        page.goto(room)
        look(page, room)
        if room == "/office/filings":
            page.get_by_role("link", name=number, exact=True).click()
            look(page, "a filing")
            page.goto(page.locator("main a[href*='/files/']").first.get_attribute("href") or "")
            look(page, "a file")
        elif room == "/office/additions" and page.locator("main tbody a").count():
            page.locator("main tbody a").first.click()
            look(page, "an addition")


def open_complaint(page: Page, passphrase: str, language: str) -> None:
    """Types the words at the way in."""
    page.goto(f"/my?lang={language}")
    page.fill("input[name=passphrase]", passphrase)
    page.locator("main form:has(input[name=passphrase]) button").first.click()


def is_receipt(page: Page) -> bool:
    """True at the end."""
    return page.locator("main .receipt__value").count() > 0


def _turn(page: Page, language: str) -> None:
    answer(page, language)
    go_on(page)
    if page.locator("[data-errors]").count():
        answer_the_rest(page)
        go_on(page)


def _sent_empty(page: Page) -> bool:
    """Sends a page that asks for something without an answer; where all is free to leave out, nothing is done."""
    if not page.locator("main .usa-legend:not(:has(.optional)), main .usa-label:not(:has(.optional))").count():
        return False
    if page.locator("main button[formaction*='/file/send']").count():
        return False
    go_on(page)
    if page.locator("[data-errors]").count():
        return True
    page.locator("main button[name=go][value=back]").click()
    return False


def passphrase_on(page: Page) -> str:
    """The words on the receipt."""
    found = WORDS.search(page.locator("main").inner_text())
    assert found, "the passphrase stands in words"
    return found.group()


def go_on(page: Page) -> None:
    """Presses the button that leads on."""
    page.locator(CONTINUE).first.click()


def answer(page: Page, language: str) -> None:
    """What is known, into the fields that are there."""
    for name, value in {**KNOWN, "language": language}.items():
        choice = page.locator(f"main input[type=radio][name={name}][value={value!r}]")
        text = page.locator(f"main :is(input:not([type=radio]), textarea)[name={name}]:not([type=hidden])")
        if choice.count():
            choice.check(force=True)
        elif text.count():
            text.fill(value)


def answer_the_rest(page: Page) -> None:
    """The first answer of every choice that was left open."""
    names = {each.get_attribute("name") for each in page.locator("main input[type=radio]").all()}
    for name in names:
        group = page.locator(f"main input[type=radio][name={name}]")
        if not page.locator(f"main input[type=radio][name={name}]:checked").count():
            group.first.check(force=True)


def axe(page: Page) -> list[tuple[str, str]]:
    """What axe finds on the page as it stands."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    found: list[tuple[str, str]] = page.evaluate(RUN_AXE)
    return found


def widths_that_scroll(page: Page, widths: tuple[int, ...] = (320, 640)) -> list[int]:
    """At which of these widths the page scrolls sideways; 640 is a desktop at 200 %."""
    before = page.viewport_size
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    if before:
        page.set_viewport_size(before)
    return found


@dataclass
class Watch:
    """What a page asked for, and from whom."""

    site: str
    asked: list[str] = field(default_factory=list)

    def on(self, page: Page) -> "Watch":
        """From here on."""
        page.on("request", self._note)
        return self

    def _note(self, request: Request) -> None:
        self.asked.append(request.url)

    @property
    def elsewhere(self) -> list[str]:
        """What was asked of somebody else."""
        return [url for url in self.asked if not url.startswith((self.site, "data:"))]


@dataclass
class Line:
    """The wire: how much came over it, as it was sent, compressed or not; and how slow it is."""

    session: CDPSession
    down: int = 0
    up: int = 0

    @classmethod
    def of(cls, page: Page) -> "Line":
        """The wire of this page."""
        line = cls(page.context.new_cdp_session(page))
        line.session.send("Network.enable")
        line.session.on("Network.loadingFinished", line._came)
        line.session.on("Network.requestWillBeSent", line._went)
        return line

    def _came(self, event: dict[str, Any]) -> None:
        self.down += int(event["encodedDataLength"])

    def _went(self, event: dict[str, Any]) -> None:
        request = event["request"]
        self.up += sum(len(f"{name}: {value}\r\n") for name, value in request["headers"].items())
        self.up += sum(len(each.get("bytes", "")) * 3 // 4 for each in request.get("postDataEntries") or ())

    def slow(self, kilobits: int, delay: int) -> None:
        """As a bad telephone line has it."""
        bytes_a_second = kilobits * 1000 / 8
        self.session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": delay,
                "downloadThroughput": bytes_a_second,
                "uploadThroughput": bytes_a_second,
            },
        )


def by_keyboard(page: Page, language: str) -> str:
    """The whole complaint without a pointer: Tab, the arrows, typing, and Enter on the button."""
    page.goto(f"/file?lang={language}")
    for _ in range(MOST_PAGES):
        if is_receipt(page):
            return passphrase_on(page)
        _one_page_by_keyboard(page, language)
    raise AssertionError("the form does not end")


def _one_page_by_keyboard(page: Page, language: str) -> None:
    known, answered = {**KNOWN, "language": language}, set[str]()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        on: dict[str, Any] = page.evaluate(FOCUS)
        assert on["seen"], f"the focus can be seen on {on}"
        if on["leads"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if on["name"] not in answered:
            answered.add(on["name"])
            _answer_by_keyboard(page, on, known.get(on["name"]))
    raise AssertionError(f"no button is reached on {page.title()}")


def _answer_by_keyboard(page: Page, on: dict[str, Any], wanted: str | None) -> None:
    if on["kind"] == "radio":
        page.keyboard.press("Space")
        for _ in range(on["group"]):
            if wanted is None or page.evaluate("document.activeElement.value") == wanted:
                return
            page.keyboard.press("ArrowDown")
    elif wanted and on["kind"] in ("text", "textarea"):
        page.keyboard.type(wanted)
