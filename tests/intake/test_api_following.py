"""What a program does for whoever holds a passphrase: write with files, open them, take back, ask again, be told."""

import base64
from typing import Any
from uuid import uuid4

import pytest

from app.correspondence.records import ContactWish, FilerRequest, Message
from app.intake.records import FilingFile
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_following import appeal_of, closed
from tests.intake.test_pages import file, filing_of
from tests.make import Make

HOME = "/api/v1/filings"


class Program:
    """Another program that holds a passphrase."""

    def __init__(self, client: Any, passphrase: str) -> None:
        self.client, self.passphrase = client, passphrase

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(HOME + path, json={"passphrase": self.passphrase} | body)


@pytest.fixture
def program(client_as: ClientAs, make: Make, work_as: WorkAs) -> Program:
    return Program(client_as(), file(make, work_as).passphrase.words)


def small(content: bytes, name: str = "note.txt") -> list[dict[str, str]]:
    return [{"name": name, "content": base64.b64encode(content).decode()}]


def test_a_message_with_a_file_is_sent_listed_and_opened(program: Program, client_as: ClientAs) -> None:
    sent = program.post("/messages/send", message={"body": "Here."}, files=small(b"What I saw."))
    assert sent.status_code == 200
    (line,) = program.post("/messages").json()["items"]
    assert (line["body"], line["is_from_filer"], line["files"][0]["name"]) == ("Here.", True, "note.txt")
    assert program.post(f"/files/{line['files'][0]['id']}/open").content == b"What I saw."
    assert program.post(f"/files/{uuid4()}/open").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"message": {"body": ""}},
        {"message": {"body": "x"}, "files": [{"name": "a", "content": "not base64!"}]},
        {"message": {"body": "x"}, "files": small(b"MZ\x90\x00" * 20, "a.exe")},
        {"message": {"body": "x"}, "files": small(b"x" * 20) * 6},
        {"message": {"body": "x", "more": 1}},
    ],
)
def test_what_cannot_be_sent_writes_nothing(program: Program, make: Make, body: dict[str, Any]) -> None:
    assert program.post("/messages/send", **body).status_code == 422
    assert (make.all(Message), make.all(FilingFile)) == ([], [])


def test_taking_back_and_being_told_are_asked_once_each(program: Program, make: Make) -> None:
    assert program.post("/take-back").json()["kind"] == "taking_back"
    assert program.post("/take-back").status_code == 409
    assert program.post("/contact", contact={"way": "portal"}).json()["way"] == "portal"
    assert program.post("/contact", contact={"way": "pigeon"}).status_code == 422
    assert (len(make.all(FilerRequest)), len(make.all(ContactWish))) == (1, 1)


def test_a_review_is_asked_once_it_is_over(program: Program, make: Make) -> None:
    appeal = appeal_of(make)
    ask = {"ground": appeal.grounds[0].code, "reason": "There is a film."}
    assert program.post(f"/reviews/{appeal.code}", request=ask).status_code == 404
    closed(make, filing_of(make))
    asked = program.post(f"/reviews/{appeal.code}", request=ask).json()
    assert (asked["appeal"], asked["is_late"]) == (appeal.code, False)
    assert program.post(f"/reviews/{appeal.code}", request=ask).status_code == 409
    assert program.post("/take-back").status_code == 404


def test_a_wrong_passphrase_opens_nothing(program: Program) -> None:
    program.passphrase = "wrong words"
    for path in ("/messages", f"/files/{uuid4()}/open", "/take-back"):
        assert program.post(path).status_code == 404
