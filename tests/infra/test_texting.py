"""Text messages go out by a gateway that takes them over HTTP, and nothing of them stands in an error."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from app.config import Settings
from app.infra.texting import NotTaken, Texting


@contextmanager
def gateway(status: int = 202) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A gateway on this machine: its address, and what it was sent."""
    taken: list[dict[str, Any]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            taken.append({"path": self.path, "proof": self.headers["authorization"], **json.loads(body)})
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("who", "proof"),
    [("", None), ("key@", "Bearer key"), (":key@", "Bearer key"), ("desk:k%40y@", "Basic ZGVzazprQHk=")],
)
def test_a_message_is_posted_with_its_neutral_sender_and_its_proof(who: str, proof: str | None) -> None:
    with gateway() as (address, taken):
        Texting(f"http://{who}{address}/out?from=50123").send("+15550100", "Hay un mensaje ✉")
    assert taken == [{"path": "/out", "proof": proof, "to": "+15550100", "from": "50123", "text": "Hay un mensaje ✉"}]


@pytest.mark.parametrize("status", [301, 400, 401, 429, 500])
def test_what_the_gateway_does_not_take_is_raised_without_number_or_words(status: int) -> None:
    with gateway(status) as (address, _), pytest.raises(NotTaken) as refused:
        Texting(f"http://secret@{address}/").send("+15550100", "words")
    assert str(refused.value) == f"status {status}"


def test_a_gateway_that_is_away_is_raised_so_that_the_job_tries_again() -> None:
    with gateway() as (address, _):
        pass
    with pytest.raises(NotTaken, match="Refused") as refused:
        Texting(f"http://{address}/").send("+15550100", "words")
    assert refused.value.__cause__ is None


def test_no_address_means_off_and_the_address_is_never_shown() -> None:
    assert not Texting().is_on
    assert "token" not in repr(Texting("https://name:token@gateway.example/"))


@pytest.mark.parametrize("url", ["gateway.example", "ftp://gateway.example/", "https://", "http://gateway.example/"])
def test_a_gateway_is_named_by_https_or_on_this_machine(url: str) -> None:
    with pytest.raises(ValueError, match="sms_url"):
        Settings(sms_url=url)
