"""The bar of the office: whoever has many rooms finds the seldom ones in a menu; the room one stands in is marked."""

import re

import pytest

from app.access.records import AccountRole
from app.web.shell import MOST_ROOMS, SELDOM
from tests.conftest import Client, ClientAs
from tests.make import Make

ROLES = ("administrator", "director", "intake", "auditor", "secretary")


@pytest.fixture
def of_many_roles(make: Make, client_as: ClientAs) -> Client:
    account = make.account(ROLES[0])
    for role in ROLES[1:]:
        make.row(AccountRole(account_id=account.id, role=role))
    _, secret = make.sign_in(account, *ROLES)
    return client_as().signed_in(secret)


def rooms(text: str) -> str:
    return "".join(re.findall(r'<nav class="bar__nav".*?</nav>', text, re.DOTALL))


def marked(text: str) -> list[str]:
    return re.findall(r'href="([^"]+)" aria-current="page"', rooms(text))


def test_whoever_has_many_rooms_finds_the_seldom_ones_in_one_menu(of_many_roles: Client) -> None:
    before, menu, after = re.split(r"<details|</details>", rooms(of_many_roles.get("/office/journal").text))
    listed = re.findall(r'href="([^"]+)"', before)
    assert "/office/filings" in listed
    assert len(listed) <= MOST_ROOMS
    assert re.findall(r'href="([^"]+)"', menu) == [href for _, href, _, _ in SELDOM]
    assert "<summary aria-current" in menu
    assert "href" not in after


def test_whoever_has_few_rooms_needs_no_menu(client_as: ClientAs) -> None:
    bar = rooms(client_as("investigator").get("/office").text)
    assert "<details" not in bar
    assert 'href="/office/rulebook"' in bar


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/office", ["/office"]),
        ("/office/additions", ["/office/filings"]),
        ("/office/calls", ["/office/filings"]),
        ("/office/campaigns", ["/office/filings"]),
        ("/office/machines", ["/office/users"]),
        ("/office/account", []),
    ],
)
def test_a_room_inside_another_one_marks_that_one(of_many_roles: Client, path: str, room: list[str]) -> None:
    assert marked(of_many_roles.get(path).text) == room
