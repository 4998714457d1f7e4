"""The office's rooms for what residents send, in a real browser: axe, on a desk and on a telephone."""

from base64 import b64encode

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.intake.test_filing_pages import PNG
from tests.stories import walking
from tests.stories.conftest import PASSWORD
from tests.stories.test_resident_pages import TOLD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.fixture(scope="module")
def with_a_photo(site: str) -> str:
    """The number of a complaint to which its filer sent a photo."""
    with httpx.Client(base_url=f"{site}/api/v1") as client:
        filed = client.post("/filings", json=TOLD, headers={"idempotency-key": "one-with-a-photo"}).json()
        photo = {"name": "street.png", "content": b64encode(PNG).decode()}
        sent = {"passphrase": filed["passphrase"], "message": {"body": "A photo."}, "files": [photo]}
        assert client.post("/filings/messages/send", json=sent).status_code == 200
    return str(filed["number"])


@pytest.mark.parametrize("name", walking.OFFICE)
def test_axe_finds_nothing_where_the_office_handles_what_residents_send(
    chrome: Browser, site: str, with_a_photo: str, name: str
) -> None:
    context = chrome.new_context(base_url=site, viewport={"width": 1440, "height": 900}, bypass_csp=True)
    context.set_default_timeout(15_000)
    page, found, looked = context.new_page(), dict[str, object](), list[str]()
    walking.sign_in(page, name, PASSWORD)

    def look(page: Page, room: str) -> None:
        looked.append(room)
        trouble = walking.axe(page) + walking.widths_that_scroll(page, (360, 1440))
        if trouble:
            found[room] = trouble

    walking.office(page, walking.OFFICE[name], look, number=with_a_photo)
    assert found == {}
    assert set(walking.OFFICE[name]) <= set(looked)
    assert ("a file" in looked) is ("/office/filings" in looked)
    context.close()
