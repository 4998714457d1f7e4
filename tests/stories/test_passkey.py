"""A passkey in a real browser, with the security key that Chromium itself plays; and what remains without script."""

import pytest
from playwright.sync_api import Page

from tests.stories.conftest import PASSWORD, Opened

pytestmark = pytest.mark.browser


def key_in(page: Page, site: str) -> None:
    """A security key that belongs to this window and verifies whoever holds it."""
    driver = page.context.new_cdp_session(page)
    driver.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    driver.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_opens_the_door_alone(page_as: Opened, site: str) -> None:
    # A browser takes no passkey for a number: on this machine the site is called by its name.
    named = site.replace("127.0.0.1", "localhost")
    page = page_as(script=True)
    key_in(page, named)
    page.goto(f"{named}/sign-in")
    page.fill("input[name=username]", "counsel")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{named}/office/account/ways-in")
    page.click("text=Add a passkey")
    page.fill("input[name=name]", "Blue key")
    page.click("text=Make the passkey")
    page.wait_for_url("**/office/account/ways-in?done=saved")
    assert page.input_value("input[name=name]") == "Blue key"

    page.context.clear_cookies()
    page.goto(f"{named}/sign-in")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(lambda url: "/office" in url)

    page.context.clear_cookies()
    page.goto(f"{named}/sign-in")
    page.fill("input[name=username]", "counsel")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.click("text=Use your passkey")
    page.wait_for_url(lambda url: "/office" in url)

    page.goto(f"{named}/office/account/ways-in")
    page.click("text=Remove")
    page.wait_for_url("**/office/account/ways-in?done=saved")


def test_without_script_the_page_says_what_remains(page_as: Opened) -> None:
    page = page_as(script=False)
    page.goto("/sign-in")
    page.click("text=Sign in with a passkey")
    assert "needs JavaScript" in page.inner_text("main")
    assert not page.is_visible("text=Ask my device")
