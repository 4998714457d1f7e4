"""A complaint whose sender was cut off in the middle is nobody's fault: refused like any unreadable body."""

import asyncio
import json
from typing import Any

import pytest

from app.intake.records import Filing
from tests.conftest import ClientAs
from tests.intake.test_api import BODY
from tests.make import Make


async def cut_off(app: Any, media_type: bytes) -> list[int]:
    """Half a body, and then nobody is there any more; the statuses that were answered all the same."""
    said = [{"type": "http.request", "body": json.dumps(BODY).encode()[:40], "more_body": True}]
    answered: list[int] = []

    async def receive() -> dict[str, Any]:
        return said.pop() if said else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        answered.extend([message["status"]] if "status" in message else [])

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/api/v1/filings",
        "raw_path": b"/api/v1/filings",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", media_type), (b"idempotency-key", b"k-1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return answered


@pytest.mark.parametrize("media_type", [b"application/json", b"application/json; charset=utf-8"])
def test_a_body_that_was_cut_off_is_unreadable_and_no_fault_of_the_house(
    client_as: ClientAs, make: Make, media_type: bytes
) -> None:
    assert asyncio.run(cut_off(client_as().app, media_type)) == [400]
    assert make.all(Filing) == []
