"""Somebody with second factors, and what the pages ask of them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import func, select

from app.access.records import Account
from app.infra.passwords import hash_password
from tests.administration.authenticator import Authenticator
from tests.conftest import Client, ClientAs
from tests.make import Make

PASSWORD = "violet tram over harbour"


def field_of(text: str, name: str) -> str:
    """A hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text.split("<main")[1])
    assert found, name
    return unescape(found.group(1))


def options_of(text: str) -> str:
    """What the page asks the browser for."""
    found = re.search(r'data-options="([^"]*)"', text)
    assert found
    return unescape(found.group(1))


def code_of(client: Client, account_id: UUID) -> str:
    """What the second person gives to the one whom a link is for."""
    page = client.submit("/office/ways-back/agree", account=str(account_id))
    found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", page.text)
    assert found, page.text
    return found.group()


@dataclass
class Person:
    """Somebody with an account, a browser that is signed in, and another that is not."""

    account: Account
    desk: Client
    door: Client
    make: Make
    key: Authenticator = field(default_factory=Authenticator)
    secret: str = ""

    @property
    def now(self) -> datetime:
        """The database's moment, which stands still within a test."""
        with self.make.owner() as session:
            moment: datetime | None = session.scalar(select(func.now()))
            assert moment is not None
            return moment

    def knock(self, client: Client | None = None, **more: str) -> Any:
        """Name and password at the door."""
        fields = {"username": self.account.name, "password": PASSWORD, **more}
        return (client or self.door).submit("/sign-in", **fields)

    def add_passkey(self, name: str = "My telephone") -> Any:
        """A passkey more, by the pages."""
        page = self.desk.submit("/office/account/ways-in/passkeys/begin").text
        made = self.key.make(options_of(page))
        step = field_of(page, "step")
        return self.desk.submit("/office/account/ways-in/passkeys/add", step=step, credential=made, name=name)

    def add_app(self) -> Any:
        """An app for codes, by the pages; the code of this half minute is used up by it."""
        page = self.desk.submit("/office/account/ways-in/app/begin").text
        found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
        assert found
        self.secret = found.group(1).replace(" ", "")
        app = field_of(page, "app")
        return self.desk.submit("/office/account/ways-in/app/confirm", app=app, code=self.code(0))

    def code(self, off: int = 1) -> str:
        """The code of so many half minutes from now."""
        return pyotp.TOTP(self.secret).at(int(self.now.timestamp()) + 30 * off)

    def paper(self) -> list[str]:
        """Ten new codes."""
        text = self.desk.submit("/office/account/ways-in/paper/make").text
        return re.findall(r"<code>([0-9A-Z-]{11})</code>", text)


@pytest.fixture(scope="session")
def hashed_password() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def person_as(client_as: ClientAs, make: Make, hashed_password: str) -> Any:
    """`person_as("director")`: somebody of that role, signed in at one browser, and before the door with another."""

    def somebody(role: str) -> Person:
        desk, me = client_as(role), make.actor(role)
        with make.owner() as session:
            account = session.get_one(Account, me.id)
            account.password_hash = hashed_password
            session.commit()
        return Person(account, desk, client_as(), make)

    return somebody
