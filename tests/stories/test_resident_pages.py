"""Every page of the residents' door in a real browser: usable by everybody, light, and nothing of it stays behind."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.stories import walking
from tests.stories.conftest import Running

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

FIRST_PAGE, WHOLE_FILING = 40_000, 250_000
FROM = "127.43.21.9"
TOLD = {
    "language": "en",
    "anonymity": "anonymous",
    "filer": {"relationship": "self"},
    "incident": {"date": None, "location": "Elm Street", "narrative": "He pushed me."},
    "officers": [],
}
FEW = {"start", "page 2, with errors", "page 5", "receipt"}


@pytest.fixture
def phone(chrome: Browser, site: str) -> BrowserContext:
    """A small telephone; axe may be put into its pages."""
    context = chrome.new_context(base_url=site, viewport={"width": 360, "height": 800}, bypass_csp=True)
    context.set_default_timeout(15_000)
    return context


def opened(page: Page, passphrase: str, language: str) -> None:
    """The complaint behind these words."""
    walking.open_complaint(page, passphrase, language)
    expect(page.locator("main")).to_contain_text("F-")


def test_every_page_is_usable_by_everybody_and_keeps_nothing(phone: BrowserContext, site: str) -> None:
    """One walk through all of it in English: axe, the narrowest screen, 200 %, cookies, stores, and who is asked."""
    page, found = phone.new_page(), dict[str, object]()
    watch = walking.Watch(site).on(page)

    def look(page: Page, name: str) -> None:
        trouble = walking.axe(page) + walking.widths_that_scroll(page)
        stores = [*page.evaluate(walking.STORES), *(() if name.startswith("my") else phone.cookies())]
        if trouble or any(stores):
            found[name] = (trouble, stores)

    walking.everywhere(page, "en", look)
    assert found == {}
    assert watch.elsewhere == []


def test_the_same_pages_hold_in_other_languages(phone: BrowserContext) -> None:
    page, found = phone.new_page(), dict[str, object]()
    page.goto("/file")
    offered = {each.get_attribute("hreflang") for each in page.locator("a[hreflang]").all()}
    assert "es" in offered
    for language in sorted({"es", "ar"} & offered, key=str):

        def look(page: Page, name: str, language: str = str(language)) -> None:
            trouble = (walking.axe(page) + walking.widths_that_scroll(page, (320,))) if name in FEW else []
            direction = page.evaluate("document.documentElement.dir")
            if trouble or direction != ("rtl" if language == "ar" else "ltr"):
                found[f"{language}: {name}"] = (trouble, direction)

        opened(page, walking.walk(page, str(language), look, errors=language == "ar"), str(language))
        look(page, "receipt")
        page.context.clear_cookies()
    assert found == {}


def test_a_complaint_is_filed_by_keyboard_alone(chrome: Browser, site: str) -> None:
    context = chrome.new_context(base_url=site)
    assert walking.by_keyboard(context.new_page(), "en")
    context.close()


def test_a_complaint_is_filed_without_script_styles_images_and_fonts(chrome: Browser, site: str) -> None:
    """As in Tor Browser at its safest setting, and with less than that."""
    context = chrome.new_context(base_url=site, java_script_enabled=False)
    page, kept_back = context.new_page(), list[str]()

    def keep_back(route: Route) -> None:
        kept_back.append(route.request.resource_type)
        route.abort()

    page.route(re.compile("/static/|\\.(css|js|png|svg|woff2?)"), keep_back)
    assert walking.walk(page, "en")
    assert set(kept_back) <= {"stylesheet", "script"}
    assert context.cookies() == []
    context.close()


def test_the_first_page_and_the_whole_filing_are_light(chrome: Browser, site: str) -> None:
    """As it came over the wire, with styles and script, headers and what was sent."""
    context = chrome.new_context(base_url=site)
    page = context.new_page()
    line = walking.Line.of(page)
    page.goto("/file", wait_until="networkidle")
    assert 0 < line.down + line.up < FIRST_PAGE
    walking.walk(page, "en")
    assert line.down + line.up < WHOLE_FILING
    context.close()


@pytest.fixture(scope="module")
def filed(site: str) -> str:
    """The passphrase of a complaint that a program sent."""
    answer = httpx.post(f"{site}/api/v1/filings", json=TOLD, headers={"idempotency-key": "one-that-is-followed"})
    passphrase: str = answer.json()["passphrase"]
    return passphrase


@pytest.mark.parametrize("way", ["click", "keys", "without script"])
def test_the_way_out_leads_away_and_takes_the_cookie_back(chrome: Browser, site: str, filed: str, way: str) -> None:
    context = chrome.new_context(base_url=site, java_script_enabled=way != "without script")
    context.route("https://**", lambda route: route.fulfill(body="<h1>The weather</h1>", content_type="text/html"))
    page = context.new_page()
    opened(page, filed, "en")
    assert context.cookies()
    if way == "keys":
        page.locator("textarea").first.focus()
        for _ in range(3):
            page.keyboard.press("Escape")
    else:
        page.locator(".leave a[data-leave]").click()
    expect(page.locator("h1")).to_have_text("The weather")
    page.goto("/my")
    assert context.cookies() == []
    expect(page.locator("input[name=passphrase]")).to_be_visible()
    context.close()


def test_no_address_of_a_filer_stands_anywhere_in_the_house(running: Running) -> None:
    """Not in a log, not in the database's files: also where something goes wrong."""
    transport = httpx.HTTPTransport(local_address=FROM)
    with httpx.Client(base_url=running.address, transport=transport) as client:
        filed = client.post("/api/v1/filings", json=TOLD, headers={"idempotency-key": "an-address-is-not-kept"})
        assert filed.status_code == 201
        forwarded = {"x-forwarded-for": FROM, "forwarded": f"for={FROM}", "user-agent": FROM}
        for path in ("/file", "/my", "/nowhere", "/my/letters/none", "/api/v1/filings/none"):
            client.get(path, headers=forwarded)
        client.post("/my/sign-in", data={"passphrase": "not one of ours"}, headers=forwarded)
        client.post("/file/answer", content=b"\x00", headers={"content-type": "multipart/form-data; boundary=x"})
        client.post("/api/v1/filings", content=b"{", headers={"content-type": "application/json"})
    found = [path for path in running.data.rglob("*") if path.is_file() and FROM.encode() in path.read_bytes()]
    assert found == []
