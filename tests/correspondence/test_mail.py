"""A mail says that something waits, and nothing else; without an SMTP address nothing is sent."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House, open_work
from app.infra.db import Door
from app.infra.mail import Mail
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.intake.jobs import send_mail
from app.intake.records import Filing
from tests.conftest import WorkAs
from tests.make import Make


class Postbox(socketserver.StreamRequestHandler):
    """A mail server that takes everything."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        in_text = False
        for line in self.rfile:
            if in_text:
                self.server.taken.append(line.decode())  # type: ignore[attr-defined]
                in_text = line != b".\r\n"
                self.wfile.write(b"" if in_text else b"250 kept\r\n")
                continue
            if line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            in_text = line.upper().startswith(b"DATA")
            self.wfile.write(b"354 go on\r\n" if in_text else b"250 yes\r\n")


@pytest.fixture
def postbox() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postbox) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def file(make: Make, work_as: WorkAs, language: str = "en", **filer: str) -> Filing:
    anyone = Actor.anyone(Door.RESIDENT, make.house.access.of(frozenset({Role.ANYONE})))
    body = {
        "language": language,
        "anonymity": "confidential",
        "filer": {"relationship": "self"} | filer,
        "incident": {"date": None, "location": "", "narrative": "He shouted at me."},
    }
    with work_as(anyone) as work:
        submit_filing(work, SubmitFiling.model_validate(body), repeat_key="k")
    filing: Filing = make.all(Filing)[0]
    return filing


def mailing(house: House, postbox: Any) -> House:
    host, port = postbox.server_address
    return replace(house, mail=Mail(f"smtp://{host}:{port}?from=office@city.example"))


def run(house: House, filing: Filing) -> None:
    with open_work(house, Actor.system("send_mail")) as work:
        send_mail(work, filing.id)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is something new for you to read."), ("es", "Hay algo nuevo")]
)
def test_the_notice_says_only_that_something_waits(
    house: House, make: Make, work_as: WorkAs, postbox: Any, language: str, words: str
) -> None:
    filing = file(make, work_as, language, name="Ada Sample", email="ada@example.org")
    run(mailing(house, postbox), filing)
    text = "".join(postbox.taken)
    assert "To: ada@example.org" in text
    assert "From: office@city.example" in text
    assert words in text
    assert not any(secret in text for secret in (filing.number, "Ada", "complaint", "shouted"))
    assert make.tags()[-2:] == ["people:identity:opened", "correspondence:notice:mailed"]


def test_without_an_address_to_send_by_nothing_is_opened(house: House, make: Make, work_as: WorkAs) -> None:
    filing = file(make, work_as, email="ada@example.org")
    before = make.tags()
    run(house, filing)
    assert make.tags() == before


@pytest.mark.parametrize("filer", [{"name": "Ada Sample"}, {"email": "a@b.example", "contact_preference": "portal"}])
def test_who_gave_no_address_or_wants_no_mail_gets_none(
    house: House, make: Make, work_as: WorkAs, postbox: Any, filer: dict[str, str]
) -> None:
    filing = file(make, work_as, **filer)
    run(mailing(house, postbox), filing)
    assert postbox.taken == []
    assert "people:identity:opened" not in make.tags()


@pytest.mark.parametrize(
    "typed", ["a@b.example, c@d.example", "All: a@b.example, c@d.example;", "the desk, or Ada", ","]
)
def test_who_typed_several_addresses_has_none_of_them_told(
    house: House, make: Make, work_as: WorkAs, postbox: Any, typed: str
) -> None:
    filing = file(make, work_as, email=typed)
    run(mailing(house, postbox), filing)
    assert postbox.taken == []
    with pytest.raises(ValueError, match="not one address"):
        mailing(house, postbox).mail.send(typed, "Subject", "Text")


def test_who_typed_a_name_beside_the_address_is_told_by_the_address_alone(
    house: House, make: Make, work_as: WorkAs, postbox: Any
) -> None:
    run(mailing(house, postbox), file(make, work_as, email="Ada Sample <ada@example.org>"))
    text = "".join(postbox.taken)
    assert "To: ada@example.org" in text
    assert "Ada" not in text


def test_an_address_that_would_forge_a_header_is_not_sent() -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline|header"):
        Mail("smtp://127.0.0.1:9").send("a@b.example\nBcc: c@d.example", "Subject", "Text")


def test_the_url_of_the_server_is_never_shown() -> None:
    assert "secret" not in repr(Mail("smtp://name:secret@mail.example"))
