"""Requests made to hurt: bodies that pretend to be something else, and that grow past what a route takes."""

from collections.abc import Iterator

import pytest

from app.web.guard import LARGEST_BODY, LARGEST_UPLOAD
from tests.conftest import ClientAs

PIECE = b"a" * 65536
MULTIPART = "multipart/form-data; boundary=x"


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
