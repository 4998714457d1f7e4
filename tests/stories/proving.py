"""What `./candor prove` measures of the residents' door with a real browser."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.operations.system import browser as chromium
from tests.conftest import SWITCHES
from tests.stories import walking

KILOBITS, DELAY = 400, 400
RUNS = 5
IS_PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"
USABLE = """() => { const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return Math.max(paint.startTime, performance.getEntriesByType("navigation")[0].domInteractive); }"""


@contextmanager
def phone(address: str, **given: Any) -> Iterator[BrowserContext]:
    """A telephone that has never been here."""
    with sync_playwright() as driver:
        browser: Browser = driver.chromium.launch(executable_path=chromium(), args=SWITCHES)
        try:
            yield browser.new_context(base_url=address, viewport={"width": 360, "height": 800}, **given)
        finally:
            browser.close()


def light_and_slow(address: str) -> dict[str, Any]:
    """The weight of the first page and of a whole filing, and how soon the first is usable on a bad line."""
    with phone(address) as context:
        page = context.new_page()
        line = walking.Line.of(page)
        page.goto("/file", wait_until="networkidle")
        first = line.down + line.up
        walking.walk(page, "en")
        whole = line.down + line.up
    soon = sorted(_usable_after(address) for _ in range(RUNS))
    return {
        "first_page_bytes": first,
        "whole_filing_bytes": whole,
        "usable_ms": round(soon[RUNS // 2]),
        "usable_ms_of_each": [round(each) for each in soon],
    }


def _usable_after(address: str) -> float:
    with phone(address) as context:
        page = context.new_page()
        walking.Line.of(page).slow(KILOBITS, DELAY)
        page.goto("/file", wait_until="load")
        while not page.evaluate(IS_PAINTED):
            page.wait_for_timeout(50)
        milliseconds: float = page.evaluate(USABLE)
        return milliseconds


def accessible(address: str) -> dict[str, Any]:
    """Every page and state of error in every language offered; by keyboard; and without styles and script."""
    started, found, looked = time.monotonic(), dict[str, Any](), list[str]()
    for language in _offered(address):
        with phone(address, bypass_csp=True) as context:
            walking.everywhere(context.new_page(), language, _look(language, found, looked))
    with phone(address) as context:
        by_keyboard = bool(walking.by_keyboard(context.new_page(), "en"))
    with phone(address, java_script_enabled=False) as context:
        page = context.new_page()
        page.route("**/static/**", lambda route: route.abort())
        bare = bool(walking.walk(page, "en"))
    return {
        "languages": _offered(address),
        "pages": len(looked),
        "found": found,
        "by_keyboard": by_keyboard,
        "without_styles_and_script": bare,
        "seconds": round(time.monotonic() - started, 1),
    }


def _offered(address: str) -> list[str]:
    with phone(address) as context:
        page = context.new_page()
        page.goto("/file")
        codes = {each.get_attribute("hreflang") for each in page.locator("a[hreflang]").all()}
        return sorted(code for code in codes if code)


def _look(language: str, found: dict[str, Any], looked: list[str]) -> walking.Look:
    def look(page: Page, name: str) -> None:
        trouble = [*walking.axe(page), *walking.widths_that_scroll(page)]
        looked.append(name)
        if trouble:
            found[f"{language}: {name}"] = trouble

    return look
