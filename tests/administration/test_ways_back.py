"""A way back in an hour before a vote: two people, neither of them the person, once, for an evening."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.access.records import SignedIn, WayBack
from tests.administration.conftest import field_of
from tests.conftest import ClientAs
from tests.make import Make

HERE = "/office/ways-back"
ASKED, GRANTED = "administration:wayback:asked", "administration:wayback:granted"


@pytest.fixture
def member(person_as: Any) -> Any:
    """A commissioner whose passkey is at the bottom of the lake."""
    person = person_as("commissioner")
    person.add_passkey()
    return person


def ask(client: Any, person: Any) -> Any:
    return client.submit(f"{HERE}/ask", account=str(person.account.id))


def waiting(make: Make) -> str:
    return str(make.all(WayBack)[0].id)


def granted(client: Any, make: Make, **more: str) -> Any:
    return client.submit(f"{HERE}/grant", way_back=waiting(make), **({"seen": "yes"} | more))


def code_in(page: Any) -> str:
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.text)
    assert found
    return found.group(0)


def come_in(person: Any, code: str) -> Any:
    page = person.knock().text
    return person.door.submit("/sign-in/second", step=field_of(page, "step"), code=code)


def test_two_people_let_a_third_in_for_the_evening(member: Any, client_as: ClientAs, make: Make) -> None:
    secretary, director = client_as("secretary"), client_as("director")
    assert ask(secretary, member).headers["location"] == f"{HERE}?done=asked"
    assert member.account.display_name in director.get(HERE).text
    page = granted(director, make)
    assert page.status_code == 200
    code = code_in(page)
    assert code not in director.get(HERE).text
    answer = come_in(member, code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/commission")
    (row,) = make.all(WayBack)
    assert row.state == "used"
    session = next(each for each in make.all(SignedIn) if each.factor == "way_back")
    assert session.expires_at == row.expires_at == member.now + timedelta(hours=6)
    assert make.tags()[1:] == [
        ASKED,
        GRANTED,
        "administration:wayback:used",
        "administration:session:opened",
        "administration:device:new",
    ]
    member.door.cookies.clear()
    assert come_in(member, code).status_code == 401


def test_the_same_person_never_does_both(member: Any, client_as: ClientAs, make: Make) -> None:
    secretary = client_as("secretary")
    ask(secretary, member)
    refused = granted(secretary, make)
    assert refused.status_code == 409
    assert "You asked for this" in refused.text
    assert make.tags()[-1] == ASKED


def test_nobody_lets_themselves_in(person_as: Any, client_as: ClientAs, make: Make) -> None:
    director = person_as("director")
    director.add_passkey()
    assert ask(director.desk, director).status_code == 409
    ask(client_as("secretary"), director)
    refused = granted(director.desk, make)
    assert refused.status_code == 409
    assert director.desk.submit(f"{HERE}/refuse", way_back=waiting(make)).status_code == 409
    assert make.all(WayBack)[0].state == "asked"


def test_whoever_grants_says_that_they_have_seen_the_person(member: Any, client_as: ClientAs, make: Make) -> None:
    ask(client_as("secretary"), member)
    refused = granted(client_as("director"), make, seen="")
    assert refused.status_code == 422
    assert "have seen who it is" in refused.text


@pytest.mark.parametrize("role", ["investigator", "commissioner", "liaison", "auditor", "counsel"])
def test_nobody_else_asks_or_grants(member: Any, client_as: ClientAs, make: Make, role: str) -> None:
    ask(client_as("secretary"), member)
    client = client_as(role)
    assert client.get(HERE).status_code == 403
    assert ask(client, member).status_code == 403
    assert granted(client, make).status_code == 403
    assert make.all(WayBack)[0].state == "asked"


def test_a_refused_or_taken_back_one_cannot_be_granted(member: Any, client_as: ClientAs, make: Make) -> None:
    secretary, director = client_as("secretary"), client_as("director")
    ask(secretary, member)
    assert ask(director, member).status_code == 409
    assert secretary.submit(f"{HERE}/refuse", way_back=waiting(make)).status_code == 303
    assert granted(director, make).status_code == 404
    assert make.tags()[-1] == "administration:wayback:refused"
    assert ask(director, member).status_code == 303


def late(member: Any, make: Make) -> None:
    with make.owner() as session:
        for row in session.query(WayBack):
            row.expires_at = member.now - timedelta(seconds=1)
        session.commit()


def test_it_ends_by_itself(member: Any, client_as: ClientAs, make: Make) -> None:
    secretary, director = client_as("secretary"), client_as("director")
    ask(secretary, member)
    code = code_in(granted(director, make))
    late(member, make)
    assert come_in(member, code).status_code == 401
    assert "Over" in director.get(HERE).text
    assert ask(director, member).status_code == 303
    assert make.tags()[-2:] == ["administration:wayback:over", ASKED]
    assert {row.state for row in make.all(WayBack)} == {"over", "asked"}


def test_asked_too_long_ago_it_is_not_granted(member: Any, client_as: ClientAs, make: Make) -> None:
    ask(client_as("secretary"), member)
    late(member, make)
    assert granted(client_as("director"), make).status_code == 404


def test_a_way_back_lengthens_no_session(member: Any, client_as: ClientAs, make: Make) -> None:
    ask(client_as("secretary"), member)
    code = code_in(granted(client_as("director"), make))
    assert member.desk.submit("/office/confirm", code=code).status_code == 403


def test_granting_asks_for_a_fresh_proof(member: Any, client_as: ClientAs, make: Make) -> None:
    ask(client_as("secretary"), member)
    director = client_as("director")
    with make.owner() as session:
        for row in session.query(SignedIn):
            row.proved_at = None
        session.commit()
    answer = granted(director, make)
    assert answer.status_code == 403
    assert "Confirm it is you" in answer.text


def test_the_database_refuses_it_too(member: Any, client_as: ClientAs, make: Make) -> None:
    ask(client_as("secretary"), member)
    for change in ("granted_by_id = asked_by_id", "granted_by_id = account_id", "asked_by_id = account_id"):
        with make.owner() as session, pytest.raises(IntegrityError, match="three_people"):
            session.execute(text(f"UPDATE ways_back SET {change}"))


def test_an_account_that_cannot_sign_in_is_not_asked_for(member: Any, client_as: ClientAs, make: Make) -> None:
    with make.owner() as session:
        session.merge(member.account).status = "disabled"
        session.commit()
    assert ask(client_as("secretary"), member).status_code == 409
    assert client_as("secretary").submit(f"{HERE}/ask", account="x").status_code == 422
    assert make.all(WayBack) == []
