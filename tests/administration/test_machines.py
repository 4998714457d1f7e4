"""An administrator makes a token for a machine, sees when it was used, and ends it; owners are told."""

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.access.actor import Actor
from app.access.machine_tokens import SHAPE
from app.access.permissions import FOR_MACHINES, AccessRules, Permission
from app.access.records import Account, Machine, MachineUse, SignedIn
from app.access.sessions import hash_of
from app.access.tokens import issue
from app.access.work import House, open_work
from app.administration import jobs
from app.administration.actions import accounts, machines
from app.administration.actions.letting_in import agree
from app.administration.commands import MakeMachine, SettleLink
from app.administration.queries import accounts as people
from app.administration.queries import machines as queries
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, StepUpNeeded
from app.web.work import token_key
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make


def moment(make: Make) -> datetime:
    """The database's moment, by which sessions end."""
    with make.owner() as session:
        return session.scalars(select(func.now())).one()


def today(make: Make) -> date:
    return moment(make).astimezone(make.house.zone).date()


def ask(make: Make, owner: Account, /, **changed: Any) -> MakeMachine:
    given = {
        "name": "City 311",
        "purpose": "Takes over complaints from the telephone line",
        "owner": owner.name,
        "scopes": ("cases:case:read",),
        "last_day": (today(make) + timedelta(days=100)).isoformat(),
    }
    return MakeMachine.model_validate(given | changed)


def made(work_as: WorkAs, make: Make, owner: Account, /, **changed: Any) -> machines.MadeMachine:
    with work_as("administrator", now=moment(make)) as work:
        found: machines.MadeMachine = machines.make_machine(work, ask(make, owner, **changed))
    return found


def opened(work_as: WorkAs, make: Make, owner: Account, /, **changed: Any) -> machines.MadeMachine:
    """One to which a second person has agreed."""
    found = made(work_as, make, owner, **changed)
    with work_as("director", now=moment(make)) as work:
        agree(work, SettleLink(account=found.account.id, what="machine"))
    return found


def test_it_is_made_with_an_owner_and_an_end_and_its_token_is_kept_nowhere(work_as: WorkAs, make: Make) -> None:
    owner = make.account("analyst")
    found = made(work_as, make, owner)
    (machine,) = make.all(Machine)
    (session,) = make.all(SignedIn, account_id=machine.account_id)
    assert (machine.owner_id, machine.scopes, machine.ended_at) == (owner.id, ["cases:case:read"], None)
    assert session.secret_hash == hash_of(found.token)
    assert (session.kind, session.expires_at) == ("machine", machine.expires_at)
    assert make.all(MachineUse) == []
    assert SHAPE.fullmatch(found.token)
    assert machine.hint == found.token[:14]
    assert make.tags()[-1] == "administration:machine:made"
    with make.owner() as owner_session:
        dump = "".join(str(row) for row in owner_session.connection().exec_driver_sql("SELECT * FROM machines").all())
    assert found.token not in dump


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scopes": ("people:identity:open",)}, "scopes"),
        ({"scopes": ("commission:vote:cast",)}, "scopes"),
        ({"scopes": ("administration:user:manage",)}, "scopes"),
        ({"scopes": ("no such thing",)}, "scopes"),
        ({"scopes": ("administration:health:read",)}, "scopes"),
        ({"last_day": "2026-03-16"}, "last_day"),
        ({"last_day": 0}, "last_day"),
        ({"last_day": 366}, "last_day"),
        ({"owner": "nobody"}, "owner"),
    ],
)
def test_what_is_not_for_a_machine_is_refused_and_nothing_is_written(
    work_as: WorkAs, make: Make, changed: dict[str, Any], field: str
) -> None:
    owner = make.account("analyst")
    if isinstance(changed.get("last_day"), int):
        changed = {"last_day": (today(make) + timedelta(days=changed["last_day"])).isoformat()}
    with pytest.raises(Invalid) as refused:
        made(work_as, make, owner, **changed)
    assert set(refused.value.fields) == {field}
    assert make.all(Machine) == []


@pytest.mark.parametrize("role", ["liaison", "outsider"])
def test_nobody_from_outside_answers_for_one(work_as: WorkAs, make: Make, role: str) -> None:
    owner = make.account(role)
    with pytest.raises(Invalid) as refused:
        made(work_as, make, owner, scopes=("intake:filing:submit",))
    assert set(refused.value.fields) == {"owner"}


def settled(client: Client, machine_id: UUID, verb: str = "agree") -> int:
    answer = client.submit(f"/office/ways-back/{verb}", account=str(machine_id), what="machine")
    return int(answer.status_code)


def test_one_that_reads_opens_nothing_until_another_person_has_agreed(
    work_as: WorkAs, make: Make, client_as: ClientAs
) -> None:
    """Whoever makes a token sees it: an administrator alone would read with it what they may not."""
    found = made(work_as, make, make.account("analyst"))
    headers = {"Authorization": f"Bearer {found.token}"}
    maker, second = client_as("administrator"), client_as("secretary")
    assert client_as().get("/api/v1/cases", headers=headers).status_code == 401
    assert "You made this token" in maker.get("/office/ways-back").text
    assert "City 311" in second.get("/office/ways-back").text
    assert settled(maker, found.account.id) == 403
    assert settled(client_as("supervisor"), found.account.id) == 403
    assert settled(second, found.account.id) == 303
    assert make.tags()[-1] == "administration:machine:agreed"
    assert client_as().get("/api/v1/cases", headers=headers).status_code == 200
    assert settled(second, found.account.id) == 404


def test_whoever_turns_one_down_ends_it(work_as: WorkAs, make: Make, client_as: ClientAs) -> None:
    found = made(work_as, make, make.account("analyst"))
    assert settled(client_as("director"), found.account.id, "turn-down") == 303
    assert make.tags()[-1] == "administration:machine:refused"
    assert settled(client_as("secretary"), found.account.id) == 404
    headers = {"Authorization": f"Bearer {found.token}"}
    assert client_as().get("/api/v1/cases", headers=headers).status_code == 401


def test_one_that_only_hands_in_waits_for_nobody(work_as: WorkAs, make: Make, client_as: ClientAs) -> None:
    made(work_as, make, make.account("analyst"), scopes=("intake:filing:submit",))
    assert "City 311" not in client_as("director").get("/office/ways-back").text
    assert "Waits" not in client_as("administrator").get("/office/machines").text


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE machines SET agreed_by_id = made_by_id",
        "UPDATE machines SET agreed_by_id = owner_id",
        "UPDATE machines SET scopes = '{cases:case:read}'",
        "UPDATE machines SET made_by_id = owner_id",
    ],
)
def test_by_sql_as_well_nobody_agrees_for_another_or_widens_it(work_as: WorkAs, make: Make, change: str) -> None:
    made(work_as, make, make.account("analyst"), scopes=("intake:filing:submit",))
    with (
        pytest.raises((IntegrityError, ProgrammingError), match=r"own name|two_people"),
        work_as("administrator") as work,
    ):
        work.session.execute(text(change))


def test_only_an_administrator_makes_one_and_only_with_a_fresh_proof(work_as: WorkAs, make: Make) -> None:
    owner = make.account("analyst")
    with pytest.raises(NotAllowed), work_as("director") as work:
        machines.make_machine(work, ask(make, owner))
    stale = replace(make.actor("administrator"), proved_at=make.now - timedelta(minutes=6))
    with pytest.raises(StepUpNeeded), work_as(stale) as work:
        machines.make_machine(work, ask(make, owner))
    assert make.all(Machine) == []


def test_it_ends_at_once_and_only_once(work_as: WorkAs, make: Make, client_as: ClientAs) -> None:
    found = opened(work_as, make, make.account("analyst"))
    headers = {"authorization": f"Bearer {found.token}"}
    assert client_as().get("/api/v1/cases", headers=headers).status_code == 200
    with work_as("administrator", now=moment(make)) as work:
        machines.revoke_machine(work, found.account.id)
    assert client_as().get("/api/v1/cases", headers=headers).status_code == 401
    with pytest.raises(Refused), work_as("administrator") as work:
        machines.revoke_machine(work, found.account.id)
    assert [machine.ended_why for machine in make.all(Machine)] == ["revoked"]
    assert make.tags().count("administration:machine:revoked") == 1


def test_it_ends_with_its_owners_account(work_as: WorkAs, make: Make, client_as: ClientAs) -> None:
    owner = make.account("analyst")
    found, other = opened(work_as, make, owner), opened(work_as, make, make.account("analyst"))
    with work_as("administrator", now=moment(make)) as work:
        accounts.disable_user(work, owner.id)
    ended = {machine.account_id: machine.ended_why for machine in make.all(Machine)}
    assert ended == {found.account.id: "owner", other.account.id: None}
    for token, status in ((found.token, 401), (other.token, 200)):
        answer = client_as().get("/api/v1/cases", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == status
    assert "administration:machine:orphaned" in make.tags()


def test_one_whose_owner_went_without_anybody_saying_so_is_noted_by_the_machinery(
    work_as: WorkAs, make: Make, house: House
) -> None:
    owner = make.account("analyst")
    made(work_as, make, owner)
    with make.owner() as session:
        session.get_one(Account, owner.id).status = "disabled"
        session.commit()
    for _ in range(2):
        with open_work(house, Actor.system("look_after_machines")) as work:
            jobs.look_after_machines(work)
    assert [machine.ended_why for machine in make.all(Machine)] == ["owner"]
    assert make.tags().count("administration:machine:orphaned") == 1


def test_the_last_use_says_the_day_and_the_part_and_the_first_is_journalled_once(
    work_as: WorkAs, make: Make, client_as: ClientAs
) -> None:
    found = opened(work_as, make, make.account("analyst"))
    headers = {"authorization": f"Bearer {found.token}"}
    for _ in range(3):
        assert client_as().get("/api/v1/cases", headers=headers).status_code == 200
    (use,) = make.all(MachineUse)
    assert (use.account_id, use.used_for, use.used_on) == (found.account.id, "cases", today(make))
    assert make.tags().count("access:machine:used") == 1
    with work_as("administrator") as work:
        (line,) = queries.list_machines(work)
    assert (line.used_for, line.used_on) == ("cases", today(make))


def test_its_owner_is_told_before_it_ends_and_its_end_is_noted_once(work_as: WorkAs, make: Make, house: House) -> None:
    made(work_as, make, make.account("analyst"))
    began = moment(make)
    steps = ((70, "warned", 0), (80, "warned", 1), (81, "warned", 1), (102, "expired", 1), (103, "expired", 1))
    for days, tag, times in steps:
        with open_work(house, Actor.system("look_after_machines"), now=began + timedelta(days=days)) as work:
            jobs.look_after_machines(work)
        assert make.tags().count(f"administration:machine:{tag}") == times
    assert [machine.ended_why for machine in make.all(Machine)] == ["expired"]


def test_a_machine_is_nobody_among_the_people(work_as: WorkAs, make: Make) -> None:
    found = made(work_as, make, make.account("analyst"))
    with work_as("administrator") as work:
        assert found.account.id not in {person.account.id for person in people.list_people(work)}
        with pytest.raises(NotFound):
            accounts.reset_user(work, found.account.id)


def test_no_machine_has_a_password(make: Make) -> None:
    with pytest.raises(IntegrityError):
        make.account("analyst", kind="machine", password_hash="x")


def test_the_list_for_machines_holds_nothing_that_asks_for_a_person(access: AccessRules) -> None:
    never = set(access.step_up.permissions) | set(access.factors.permissions)
    assert not FOR_MACHINES & never
    assert not FOR_MACHINES & {Permission.IDENTITY_LOOK_UP, Permission.VOTE_CAST, Permission.SESSION_OWN}
    assert set(access.machines.scopes) <= FOR_MACHINES


def test_the_pages_make_show_and_end_one(client_as: ClientAs, make: Make) -> None:
    owner, client = make.account("analyst"), client_as("administrator")
    day = today(make) + timedelta(days=60)
    fields = {
        "name": "City 311",
        "purpose": "Telephone line",
        "owner": owner.name,
        "scopes": "cases:case:read",
        "last_day": day.isoformat(),
    }
    assert "No machine has a token" in client.get("/office/machines").text
    shown = client.submit("/office/machines/make", **fields)
    assert shown.status_code == 200
    (token,) = set(SHAPE.findall(shown.text))
    (machine,) = make.all(Machine)
    page = client.get("/office/machines").text
    assert "City 311 (machine)" in page
    assert "never" in page
    assert token not in page
    one = client.get(f"/office/machines/{machine.account_id}").text
    assert token[:14] in one
    assert token not in one
    wrong = client.submit("/office/machines/make", **fields | {"scopes": "commission:vote:cast", "name": "X" * 81})
    assert wrong.status_code == 422
    ended = client.submit(f"/office/machines/{machine.account_id}/revoke")
    assert ended.status_code == 303
    assert "Revoked" in client.get(f"/office/machines/{machine.account_id}").text


def test_a_program_of_an_administrator_makes_lists_and_ends_one(client_as: ClientAs, make: Make) -> None:
    secret = make.secret_of(make.actor("administrator"))
    bearer = issue(token_key(make.house), subject="me", session=secret, now=int(time.time()))
    headers, client = {"authorization": f"Bearer {bearer}"}, client_as()
    body = ask(make, make.account("analyst")).model_dump(mode="json")
    answer = client.post("/api/v1/machines", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    assert UUID(answer.json()["id"])
    listed = client.get("/api/v1/machines", headers=headers)
    assert [item["ended_why"] for item in listed.json()["items"]] == [None]
    assert answer.json()["token"] not in listed.text
    assert date.fromisoformat(listed.json()["items"][0]["last_day"]) == today(make) + timedelta(days=100)
    ended = client.post(f"/api/v1/machines/{answer.json()['id']}/revoke", headers=headers)
    assert (ended.status_code, ended.json()["ended_why"]) == (200, "revoked")
