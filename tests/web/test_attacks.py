"""Requests made to hurt: bodies that pretend to be something else, and that grow past what a route takes."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from app.policy.model.intake import FieldType
from app.web.guard import LARGEST_BODY, LARGEST_UPLOAD
from app.web.limits import LANES, Limiter, wait_for_sign_in
from tests.access.test_routes import routes_of
from tests.conftest import ClientAs
from tests.installation import Installed, served
from tests.make import Make, in_one_minute

PIECE = b"a" * 65536
MULTIPART = "multipart/form-data; boundary=x"


@pytest.fixture
def app(_app: FastAPI) -> FastAPI:
    return _app


def pieces(size: int) -> Iterator[bytes]:
    """A body that comes in chunks, without a length said beforehand."""
    for _ in range(size // len(PIECE) + 1):
        yield PIECE


@pytest.mark.parametrize("path", ["/api/v1/filings", "/api/v1/filings/status", "/api/v1/auth/token"])
def test_a_program_s_body_is_small_whatever_it_calls_itself(client_as: ClientAs, path: str) -> None:
    """Behind /api/ nothing takes a file: a body said to be one would be held in memory whole."""
    client = client_as()
    said = client.post(path, content=b"", headers={"content-type": MULTIPART, "content-length": str(LARGEST_UPLOAD)})
    assert said.status_code == 413
    assert client.post(path, content=pieces(LARGEST_BODY), headers={"content-type": MULTIPART}).status_code == 413


def test_the_first_of_two_kinds_is_the_one_that_counts(client_as: ClientAs) -> None:
    """As the form's reader takes the first: a second one must not open the way for a large body."""
    kinds = [("content-type", "application/x-www-form-urlencoded"), ("content-type", MULTIPART)]
    sent = client_as().post("/file/answer", content=b"", headers=[*kinds, ("content-length", str(LARGEST_BODY + 1))])
    assert sent.status_code == 413


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/api/v1/filings", "application/json"), ("/file/answer", "application/x-www-form-urlencoded")],
)
def test_a_body_in_chunks_is_told_that_it_is_too_large(client_as: ClientAs, path: str, kind: str) -> None:
    answer = client_as().post(path, content=pieces(LARGEST_BODY), headers={"content-type": kind})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "larger" in answer.json()["detail"]


def knock(limit: Limiter, peer: str, *forwarded: str, https: bool) -> int:
    """One try to sign in, as the limit sees it."""
    state = SimpleNamespace(sign_ins_limit=limit, settings=SimpleNamespace(is_https=https))
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope = {"type": "http", "client": (peer, 1), "headers": headers, "app": SimpleNamespace(state=state)}
    return wait_for_sign_in(Request(scope))


def test_behind_the_proxy_one_stranger_does_not_use_up_everybody_s_tries() -> None:
    limit = in_one_minute(2)
    assert [knock(limit, "127.0.0.1", "203.0.113.9", https=True) > 0 for _ in range(4)] == [False, False, True, True]
    assert knock(limit, "127.0.0.1", "198.51.100.7", https=True) == 0


def test_nobody_gets_new_tries_by_naming_another_address() -> None:
    """What the visitor says stands first; what the proxy has seen stands last. Without a proxy it says nothing."""
    limit = in_one_minute(2)
    said = [("1.1.1.1, 203.0.113.9",), ("2.2.2.2,203.0.113.9",), ("3.3.3.3", "203.0.113.9")]
    assert [knock(limit, "127.0.0.1", *each, https=True) > 0 for each in said] == [False, False, True]
    limit = in_one_minute(2)
    assert [knock(limit, "203.0.113.9", f"{n}.1.1.1", https=False) > 0 for n in range(3)] == [False, False, True]


def test_an_address_has_one_lane_an_hour_and_many_addresses_fill_them_all() -> None:
    limit, other = Limiter(1), Limiter(1)
    some = [f"203.0.113.{n}" for n in range(200)]
    lanes = [limit.lane(address, now=0.0) for address in some]
    assert lanes == [limit.lane(address, now=3599.0) for address in some]
    assert set(lanes) == set(range(LANES))
    assert max(lanes.count(lane) for lane in range(LANES)) < 200 / 4
    assert lanes != [limit.lane(address, now=3600.0) for address in some]
    assert lanes != [other.lane(address, now=0.0) for address in some]
    assert limit.lane("2001:db8::1", now=0.0) == limit.lane("2001:db8:0:1::2", now=0.0)


def test_files_that_no_complaint_names_are_kept_at_a_measured_pace(client_as: ClientAs, make: Make) -> None:
    """Each is stored before anything is sent, so whoever sends them one after the other would fill the disk."""
    client = client_as()
    state = client.app.state  # type: ignore[attr-defined]
    page, question = next(
        (page.code, each.code) for page in make.book.form.pages for each in page.fields if each.type is FieldType.FILE
    )
    before, state.uploads_limit = state.uploads_limit, in_one_minute(1)
    try:
        sent = [
            client.post(
                "/file/answer",
                data={"page": page, "go": "again"},
                files={question: ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png")},
            )
            for _ in range(3)
        ]
    finally:
        state.uploads_limit = before
    assert [answer.status_code for answer in sent] == [200, 422, 422]
    assert "Wait a minute and add it again" in sent[2].text
    assert re.search(r'name="draft" value="[^"]+', sent[2].text), "nothing typed is lost"
    assert len(list(make.house.storage.names())) == 1


def test_a_crowd_at_one_door_waits_its_turn(installed: Installed) -> None:
    """More requests than connections must queue; never may those that wait keep the others from going on."""

    def look(_: int) -> int:
        return httpx.get(f"{address}/my", timeout=60).status_code

    with served(installed) as address, ThreadPoolExecutor(60) as pool:
        assert set(pool.map(look, range(60))) == {200}


@pytest.mark.parametrize("name", ["<b>4471", "a" * 5000, "who complained", "\u202etxt.exe", ""])
def test_the_name_of_an_unknown_field_is_not_said_back_where_it_could_be_anything(
    client_as: ClientAs, name: str
) -> None:
    body = json.dumps({"passphrase": "x", name: "y"})
    got = client_as().post("/api/v1/filings/status", content=body, headers={"content-type": "application/json"})
    assert got.status_code == 422
    assert "?" in got.json()["fields"]
    assert not name or name not in got.text


@pytest.mark.parametrize(
    ("role", "door"), [("supervisor", "/office"), ("secretary", "/commission"), ("liaison", "/department")]
)
def test_nothing_is_sent_behind_a_staff_door_without_its_token_or_from_another_site(
    client_as: ClientAs, app: FastAPI, role: str, door: str
) -> None:
    client, nobody = client_as(role), "00000000-0000-0000-0000-000000000000"
    token = client.get(door).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    posts = [route.path for route in routes_of(list(app.routes)) if "POST" in (route.methods or ())]
    sent = sorted({re.sub(r"\{\w+\}", nobody, path) for path in posts if path.startswith(f"{door}/")})
    assert token
    assert sent
    for path in sent:
        bare = client.post(path, headers={"sec-fetch-site": "same-origin"})
        far = client.post(path, data={"csrf_token": token}, headers={"sec-fetch-site": "cross-site"})
        assert (bare.status_code, far.status_code) == (403, 403), path


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "PROPFIND"])
def test_no_header_makes_another_method_of_it(client_as: ClientAs, method: str) -> None:
    named = dict.fromkeys(("x-http-method-override", "x-http-method", "x-method-override"), "POST")
    client = client_as("supervisor")
    assert client.request(method, "/office/cases", headers=named).status_code == 405
    assert client.get("/office/cases", headers=named).status_code == 200
    # What the address asks and nobody knows is refused, and not passed over.
    assert client.get("/office/cases?_method=POST").status_code == 422
