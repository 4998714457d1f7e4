"""Hostile ways into absences and the tokens of machines: chains, days that overlap, both halves, lent machines."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.access.absences import Absence
from app.access.records import Account, AccountRole, Machine
from tests.access.test_deputies import HERE, StandIn, now_of, say, stands_in
from tests.access.test_machine_tokens import REFUSED, MakeMachine, asks, machine
from tests.conftest import ClientAs
from tests.make import Make

__all__ = ["machine", "stands_in"]


def test_a_deputys_deputy_has_the_deputys_own_roles_alone(client_as: ClientAs, make: Make, stands_in: StandIn) -> None:
    stands_in("supervisor", "director")
    stands_in("intake", "supervisor")
    assert client_as("supervisor").get("/office/releases").status_code == 200
    assert client_as("intake").get("/office/releases").status_code == 403
    with make.owner() as session:
        found = session.scalar(text("SELECT capacities_of(:who)"), {"who": make.actor("intake").id})
    assert "supervisor" in found
    assert "director" not in found


def test_an_absence_shares_no_day_with_another_at_either_end(client_as: ClientAs, make: Make) -> None:
    client = client_as("director")
    day = now_of(make).astimezone(make.house.zone).date()
    first = {"first_day": (day + timedelta(days=2)).isoformat(), "last_day": (day + timedelta(days=4)).isoformat()}
    assert say(client, make, make.actor("supervisor").id, **first).status_code == 303
    for start, end, answer in ((0, 2, 409), (4, 6, 409), (3, 3, 409), (0, 9, 409), (0, 1, 303), (5, 6, 303)):
        days = {
            "first_day": (day + timedelta(days=start)).isoformat(),
            "last_day": (day + timedelta(days=end)).isoformat(),
        }
        assert say(client, make, make.actor("supervisor").id, **days).status_code == answer, (start, end)


def test_nobody_ends_or_says_it_who_has_no_part_in_it(client_as: ClientAs, make: Make, stands_in: StandIn) -> None:
    row = stands_in("supervisor", "director")
    assert client_as("intake").submit(f"{HERE}/{row.id}/end").status_code == 404
    assert client_as("investigator").submit(f"{HERE}/{row.id}/end").status_code == 404
    assert make.all(Absence)[0].ended_at is None


@pytest.mark.parametrize("status", ["disabled", "invited"])
def test_nobody_disabled_or_never_here_stands_in_or_is_stood_in_for(
    client_as: ClientAs, make: Make, status: str
) -> None:
    gone = make.account("supervisor")
    with make.owner() as session:
        session.get_one(Account, gone.id).status = status
        session.commit()
    assert say(client_as("director"), make, gone).status_code == 422
    assert make.all(Absence) == []


def test_a_machine_has_nothing_of_what_is_lent_to_its_owner(
    client_as: ClientAs, make: Make, stands_in: StandIn, machine: MakeMachine
) -> None:
    owner = make.account("investigator")
    token = machine("investigator", "administration:health:read", owner=owner)
    row = stands_in("supervisor", "director", deputy_id=owner.id, by_roles=["investigator"])
    assert row.deputy_id == owner.id
    assert asks(client_as(), token, "/metrics").status_code == 403


def test_a_machine_may_no_more_than_its_owner_from_the_next_request_on(
    client_as: ClientAs, make: Make, machine: MakeMachine
) -> None:
    owner = make.account("analyst")
    token = machine("analyst", "cases:case:read", owner=owner)
    client = client_as()
    assert asks(client, token).status_code == 200
    with make.owner() as session:
        session.query(AccountRole).filter_by(account_id=owner.id).delete()
        session.commit()
    assert asks(client, token).status_code == 403


def test_a_machine_is_nobodys_deputy_and_has_none(client_as: ClientAs, make: Make, machine: MakeMachine) -> None:
    machine("investigator", "cases:case:read", owner=make.account("investigator"))
    robot = make.all(Machine)[0].account_id
    assert say(client_as("investigator"), make, robot).status_code == 422
    assert say(client_as("director"), make, make.actor("supervisor").id, account=str(robot)).status_code == 403


def test_a_token_in_an_address_a_cookie_or_a_form_opens_nothing(
    client_as: ClientAs, make: Make, machine: MakeMachine
) -> None:
    token = machine("analyst", "cases:case:read")
    for name in ("access_token", "token", "authorization", "api_key"):
        answer = client_as().get(f"/api/v1/cases?{name}={token}")
        assert answer.status_code in (401, 422), name
        assert token not in answer.text
    for scheme in ("Basic", "Token", ""):
        answer = client_as().get("/api/v1/cases", headers={"authorization": f"{scheme} {token}".strip()})
        assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_a_disabled_machine_is_refused_as_one_that_never_was(
    client_as: ClientAs, make: Make, machine: MakeMachine
) -> None:
    token = machine("analyst", "cases:case:read")
    with make.owner() as session:
        session.get_one(Account, make.all(Machine)[0].account_id).status = "disabled"
        session.commit()
    answer = asks(client_as(), token)
    assert (answer.status_code, answer.json()) == (401, REFUSED)
