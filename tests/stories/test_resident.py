"""A resident files from a small phone without script, keeps the receipt, and follows the complaint."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.stories.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PHOTO: FilePayload = {"name": "foto.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}


def choose(page: Page, name: str, value: str) -> None:
    """A radio button, by the label that a finger would touch."""
    page.locator(f"input[name={name}][value={value}]").check(force=True)


def go_on(page: Page) -> None:
    page.locator("main form button:not(.usa-button--unstyled):not(.usa-button--outline)").first.click()


def file_complaint(page: Page, narrative: str, *, anonymity: str, language: str) -> str:
    """Through every page of the form to the receipt; gives back the passphrase."""
    page.goto(f"/file?lang={language}")
    choose(page, "language", language)
    go_on(page)
    choose(page, "kind", "complaint")
    choose(page, "relationship", "self")
    go_on(page)
    choose(page, "anonymity", anonymity)
    go_on(page)
    if anonymity != "anonymous":
        page.fill("input[name=name]", "Lucinda Ejemplo")
        go_on(page)
    page.fill("textarea[name=narrative]", narrative)
    go_on(page)
    page.fill("input[name=date_year]", "2026")
    page.fill("input[name=location]", "Mill Street 40")
    go_on(page)
    choose(page, "knows_officers", "some")
    choose(page, "tell_more", "files")
    go_on(page)
    page.fill("input[name=officer_badge]", "4711")
    go_on(page)
    page.set_input_files("input[name=file]", PHOTO)
    go_on(page)
    expect(page.locator("main")).to_contain_text("Mill Street 40")
    expect(page.locator("main")).to_contain_text("foto.png")
    go_on(page)
    words = re.search(
        r"^[a-z]+(?:-[a-z]+)?(?: [a-z]+(?:-[a-z]+)?){5}$", page.locator("main").inner_text(), re.MULTILINE
    )
    assert words, "the passphrase stands in words"
    return words.group()


@pytest.mark.parametrize(("language", "anonymity"), [("es", "named"), ("en", "anonymous")])
def test_a_complaint_is_filed_kept_and_followed_without_script(page_as: Opened, language: str, anonymity: str) -> None:
    page = page_as(width=360, script=False)
    passphrase = file_complaint(page, "El agente me gritó. 🚓", anonymity=anonymity, language=language)
    page.locator("input[name=written]").check(force=True)
    go_on(page)

    page.goto(f"/my?lang={language}")
    page.fill("input[name=passphrase]", passphrase.upper().replace(" ", "-"))
    go_on(page)
    expect(page.locator("main")).to_contain_text("F-")
    page.fill("textarea[name=body]", "¿Cuándo me llaman?")
    page.locator("form:has(textarea[name=body]) button").first.click()
    expect(page.locator("main")).to_contain_text("¿Cuándo me llaman?")


def test_no_page_of_the_resident_asks_another_site_for_anything(page_as: Opened, site: str) -> None:
    page = page_as(width=360)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/file", "/my", "/data", "/calendar"):
        page.goto(path)
    assert [url for url in asked if not url.startswith(site)] == []
    assert page.context.cookies() == []


def test_on_a_small_phone_no_page_scrolls_sideways(page_as: Opened) -> None:
    page = page_as(width=320)
    for path in ("/", "/file", "/my", "/data", "/sign-in"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
