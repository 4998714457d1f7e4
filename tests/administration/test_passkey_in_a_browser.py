"""A passkey in a real browser, with the security key that Chromium itself plays; and what remains without script."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from app.access.actor import Actor
from app.access.work import open_work
from app.administration.actions.accounts import add_demonstration_accounts
from app.infra.assets import build_assets
from app.infra.db import Door
from app.main import create_app
from tests.administration.conftest import PASSWORD
from tests.installation import installation_at

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("assets")]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """An installation that knows at which port it answers: a passkey is made for that address and no other."""
    build_assets()
    with installation_at(tmp_path_factory.mktemp("passkeys") / "data") as installed:
        with open_work(installed.house, Actor.system("test", Door.OFFICE)) as work:
            add_demonstration_accounts(work, PASSWORD)
        listening = socket.create_server(("127.0.0.1", 0))
        number = int(listening.getsockname()[1])
        house = replace(installed.house, base_url=f"http://127.0.0.1:{number}")
        settings = installed.settings.model_copy(update={"limits": "off"})
        app = create_app(settings, installed.url, opening=lambda: house)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield number
        server.should_exit = True
        thread.join(10)


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("input[name=username]", "counsel")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def test_a_passkey_is_made_and_opens_the_door(chrome: Browser, port: int, tmp_path: Path) -> None:
    # A browser takes no passkey for a number: on this machine the site is called by its name.
    context = chrome.new_context(base_url=f"http://localhost:{port}", viewport={"width": 360, "height": 760})
    page = context.new_page()
    driver = context.new_cdp_session(page)
    driver.send("WebAuthn.enable")
    driver.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    try:
        sign_in(page)
        page.wait_for_url("**/office")
        page.goto("/office/account/ways-in")
        page.click("text=Add a passkey")
        page.fill("input[name=name]", "Blue key")
        page.click("text=Make the passkey")
        page.wait_for_url("**/office/account/ways-in?done=saved")
        assert page.input_value("input[name=name]") == "Blue key"

        context.clear_cookies()
        page.goto("/sign-in")
        page.click("text=Sign in with a passkey")
        page.wait_for_url("**/office")

        context.clear_cookies()
        sign_in(page)
        page.click("text=Use your passkey")
        page.wait_for_url("**/office")

        page.goto("/office/account/ways-in")
        page.click("main button:has-text('Remove')")
        page.wait_for_url("**/office/account/ways-in?done=saved")
        assert not page.is_visible("text=Blue key")
    finally:
        context.close()


def test_a_number_in_place_of_a_name_and_no_script_are_said_in_words(chrome: Browser, port: int) -> None:
    for script, words in ((True, "opened by its name"), (False, "needs JavaScript")):
        context = chrome.new_context(base_url=f"http://127.0.0.1:{port}", java_script_enabled=script)
        page = context.new_page()
        try:
            page.goto("/sign-in")
            page.click("text=Sign in with a passkey")
            page.wait_for_url("**/sign-in/passkey")
            if script:
                page.wait_for_selector(f"main >> text={words}")
            assert words in page.inner_text("main")
        finally:
            context.close()
