"""The profile that a partner of the police may ask for: it locks, it goes dark sooner, it disables what nobody uses."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.access.permissions import Profile
from app.access.records import Account, SignedIn, SignInDelay
from app.access.work import House
from app.administration import rules
from tests.administration.conftest import PASSWORD
from tests.conftest import ClientAs
from tests.make import Make

LOCKED = "administration:account:locked"
WRONG = "something else entirely"


@pytest.fixture
def house(house: House) -> House:
    """The same house under the stricter profile."""
    return replace(house, access=house.access.model_copy(update={"profile": Profile.CJIS}))


def status_of(make: Make, person: Any) -> Account:
    with make.owner() as session:
        return session.get_one(Account, person.account.id)


def test_five_wrong_passwords_lock_until_an_administrator_lets_it(
    person_as: Any, client_as: ClientAs, make: Make
) -> None:
    person = person_as("counsel")
    spread(person, rules.LOCK_AFTER - 1)
    assert status_of(make, person).locked_at is None
    spread(person, 1, start=rules.LOCK_AFTER)
    assert status_of(make, person).locked_at is not None
    assert make.tags().count(LOCKED) == 1
    wrong, right = attempt(person, WRONG, 90), attempt(person, PASSWORD, 91)
    assert (wrong.status_code, right.status_code) == (401, 401)
    assert main_of(wrong) == main_of(right)
    admin = client_as("administrator")
    assert "after too many wrong passwords" in admin.get(f"/office/users/{person.account.id}").text
    assert admin.submit(f"/office/users/{person.account.id}/release").status_code == 303
    assert make.tags()[-1] == "administration:account:released"
    assert attempt(person, PASSWORD, 92).status_code == 303
    assert admin.submit(f"/office/users/{person.account.id}/release").status_code == 409


def test_nobody_lets_their_own_account_go(person_as: Any, make: Make) -> None:
    person = person_as("administrator")
    assert person.desk.submit(f"/office/users/{person.account.id}/release").status_code == 409


def test_what_is_spread_over_time_does_not_lock(person_as: Any, make: Make) -> None:
    person = person_as("counsel")
    spread(person, 4)
    with make.owner() as session:
        for row in session.query(SignInDelay).filter(SignInDelay.failures == 4):
            row.wait_until = person.now
        session.commit()
    spread(person, 4, start=20)
    assert status_of(make, person).locked_at is None


def test_everybody_needs_a_second_step(person_as: Any) -> None:
    person = person_as("commissioner")
    person.knock()
    assert person.door.get("/commission").headers["location"] == "/office/account/ways-in"


def test_half_an_hour_unused_ends_a_session(person_as: Any, make: Make) -> None:
    person = person_as("counsel")
    for minutes, status in ((29, 200), (31, 303)):
        with make.owner() as session:
            for row in session.query(SignedIn):
                row.seen_at = person.now - timedelta(minutes=minutes)
            session.commit()
        assert person.desk.get("/office/account").status_code == status


def test_what_nobody_used_for_ninety_days_is_disabled(person_as: Any, make: Make) -> None:
    person = person_as("counsel")
    for days, opens in ((90, True), (91, False)):
        with make.owner() as session:
            for row in session.query(SignedIn):
                row.seen_at = person.now - timedelta(days=days)
            session.commit()
        assert (attempt(person, PASSWORD, days).status_code == 303) is opens
        person.door.cookies.clear()
    assert status_of(make, person).status == "disabled"
    assert "administration:account:unused" in make.tags()


def attempt(person: Any, password: str, lane: int) -> Any:
    """From a place of its own, so that no delay of another try is in its way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.administration.pages.sign_in.sign_in_lane", lambda _: lane)
        return person.knock(password=password)


def spread(person: Any, times: int, start: int = 0) -> None:
    for number in range(times):
        assert attempt(person, WRONG, start + number).status_code == 401


def main_of(answer: Any) -> str:
    return str(answer.text.split("<main")[1])


def test_the_journal_tells_hundredths_of_a_second(client_as: ClientAs) -> None:
    client_as("commissioner").get("/office/cases")
    page = client_as("auditor").get("/office/journal").text
    assert re.search(r"\d\d:\d\d:\d\d\.\d\d UTC", page)
