"""Somebody of the office writes a call down by keyboard: what follows is fetched, and a reload loses nothing."""

import pytest

from tests.stories.conftest import Opened
from tests.stories.test_resident import choose

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def test_a_call_is_written_down_by_keyboard_and_a_reload_loses_nothing(page_as: Opened) -> None:
    page = page_as("intake")
    page.goto("/office/filings/new")
    choose(page, "how_channel", "phone")
    choose(page, "anonymity", "anonymous")
    page.wait_for_selector("input[name=name]", state="detached")
    choose(page, "anonymity", "named")
    page.wait_for_selector("input[name=name]")
    page.fill("input[name=name]", "Ada Sample")
    with page.expect_response("**/office/filings/new/keep"):
        page.fill("textarea[name=narrative]", "He pushed me against the wall.")
    page.wait_for_function("history.state?.kept")
    page.reload()
    page.wait_for_function("document.querySelector('textarea[name=narrative]')?.value.startsWith('He pushed')")
    assert page.input_value("input[name=name]") == "Ada Sample"
    choose(page, "kind", "complaint")
    choose(page, "relationship", "self")
    page.focus("textarea[name=narrative]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/office/filings/new/check")
    assert "He pushed me against the wall." in page.inner_text("main")
