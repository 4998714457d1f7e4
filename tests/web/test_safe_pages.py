"""What every page of the residents' door tells the browser: nothing is kept, nobody else asked, nothing told."""

import re

import pytest
from fastapi import FastAPI

from app.infra.db import Door
from app.web.doors import door_of
from app.web.routes import routes_of
from tests.conftest import Client, ClientAs

SAID = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
}
ELSEWHERE = re.compile(r"""(?:src|action|poster|data|srcset)=["'](?:https?:)?//|@import|url\(""")


@pytest.fixture
def paths(_app: FastAPI) -> list[str]:
    """Every page of the door that needs no key in its address, and one that is not there."""
    found = {route.path for route in routes_of(_app) if "GET" in (route.methods or ()) and "{" not in route.path}
    return [*sorted(path for path in found if door_of(path) is Door.RESIDENT and "/api/" not in path), "/my/nowhere"]


def pages(client: Client, paths: list[str]) -> dict[str, str]:
    """Each page with its headers checked."""
    found = {}
    for path in paths:
        got = client.get(path)
        assert {name: got.headers.get(name) for name in SAID} == SAID, path
        policy = got.headers["content-security-policy"]
        assert "default-src 'none'" in policy or "sandbox" in policy, path
        assert not re.search(r"https?:|\*|unsafe", policy), path
        assert path == "/leave" or "set-cookie" not in got.headers, path
        if got.headers.get("content-type", "").startswith("text/html"):
            found[path] = got.text
    return found


def test_every_resident_page_keeps_nothing_and_asks_nobody_else(client_as: ClientAs, paths: list[str]) -> None:
    found = pages(client_as(), paths)
    assert {"/file", "/my", "/leaving", "/my/nowhere"} <= set(found)
    for path, text in found.items():
        assert not ELSEWHERE.search(text), path
        # No picture is asked for that is not there: on a slow line it would come before what was typed.
        assert '<link rel="icon" href="data:,">' in text, path
        assert not re.search(r"<script(?![^>]*nonce=)|<svg[^>]*src|<link[^>]*(?:preconnect|prefetch|manifest)", text), (
            path
        )


def test_every_resident_page_has_the_way_out(client_as: ClientAs, paths: list[str]) -> None:
    without = [path for path, text in pages(client_as(), paths).items() if "data-leave=" not in text]
    # The journal is of the house and says nothing of who reads it.
    assert [path for path in without if not path.startswith("/journal")] == []


def test_leaving_takes_the_cookie_back_and_leads_away_from_the_site(client_as: ClientAs) -> None:
    got = client_as().get("/leave")
    assert got.status_code == 303
    assert got.headers["location"].startswith("https://")
    assert got.headers["clear-site-data"] == '"cookies", "storage"'
    assert "candor-my" in got.headers["set-cookie"]


def test_missing_fetch_metadata_is_never_held_against_a_filer(client_as: ClientAs) -> None:
    for headers in ({}, {"origin": "null"}, {"sec-fetch-site": "same-origin"}):
        assert client_as().post("/file/answer", data={"go": "next"}, headers=headers).status_code in (200, 422)
    assert client_as().post("/file/answer", headers={"sec-fetch-site": "cross-site"}).status_code == 403
