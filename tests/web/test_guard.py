"""The outermost layer by itself, in front of an application that says what reached it."""

from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from app.web.guard import Guard, Message


@pytest.mark.parametrize(
    ("path", "method", "reached"),
    [("/", "HEAD", "GET"), ("/data", "HEAD", "GET"), ("/", "GET", "GET"), ("/api/v1/cases", "HEAD", "HEAD")],
)
def test_what_only_asks_whether_a_page_is_there_reaches_the_page(path: str, method: str, reached: str) -> None:
    seen: list[str] = []

    async def application(scope: Message, receive: Any, send: Any) -> None:
        seen.append(scope["method"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(_: Message) -> None:
        return

    guard = Guard(application, origin="http://127.0.0.1", hosts=frozenset({"127.0.0.1"}), https=False)
    asked: Message = {"type": "http", "method": method, "path": path, "headers": [(b"host", b"127.0.0.1:8000")]}
    # In a thread of its own: a browser of another test may have its loop in this one.
    with start_blocking_portal() as portal:
        portal.call(guard, asked, receive, send)
    assert (seen, asked["method"]) == ([reached], method)
