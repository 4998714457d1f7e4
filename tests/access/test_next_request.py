"""What is taken away is gone at the next request: a session, a role, a case behind a wall."""

import time
from uuid import uuid4

from app.access.records import Account, AccountRole, SignedIn, Wall
from app.access.sessions import hash_of
from app.access.tokens import issue
from app.infra.passwords import hash_password
from app.web.work import token_key
from tests.conftest import ClientAs
from tests.make import Make

PASSWORD = "violet tram over harbour"


def test_a_revoked_session_opens_nothing(client_as: ClientAs, make: Make) -> None:
    client = client_as("investigator")
    assert client.get("/office/cases").status_code == 200
    with make.owner() as session:
        for row in session.query(SignedIn):
            row.revoked_at = make.now
        session.commit()
    assert client.get("/office/cases").status_code == 303


def test_a_changed_role_counts_at_once(client_as: ClientAs, make: Make) -> None:
    client, me = client_as("investigator"), make.actor("investigator")
    assert client.get("/office/cases").status_code == 200
    assert client.get("/office/journal").status_code == 403
    with make.owner() as session:
        session.query(AccountRole).filter_by(account_id=me.id).delete()
        session.add(AccountRole(account_id=me.id, role="auditor", last_entry_id=uuid4()))
        session.commit()
    assert client.get("/office/cases").status_code == 403
    assert client.get("/office/journal").status_code == 200


def test_a_role_given_and_an_account_let_in_again_count_at_once(client_as: ClientAs, make: Make) -> None:
    client, me = client_as("investigator"), make.actor("investigator")
    make.row(AccountRole(account_id=me.id, role="auditor"))
    assert client.get("/office/journal").status_code == 200
    for status, answer in (("disabled", 303), ("active", 200)):
        with make.owner() as session:
            session.get_one(Account, me.id).status = status
            session.commit()
        assert client.get("/office/journal").status_code == answer


def test_a_wall_stands_at_once_and_falls_when_it_is_lifted(client_as: ClientAs, make: Make) -> None:
    client, me = client_as("investigator"), make.actor("investigator")
    case = make.case(number="2026-WALL")
    assert client.get(f"/office/cases/{case.id}").status_code == 200
    make.wall(case, me)
    assert client.get(f"/office/cases/{case.id}").status_code == 404
    assert "2026-WALL" not in client.get("/office/cases").text
    with make.owner() as session:
        for wall in session.query(Wall):
            wall.lifted_at = make.now
        session.commit()
    assert client.get(f"/office/cases/{case.id}").status_code == 200


def test_a_token_dies_with_its_session(client_as: ClientAs, make: Make) -> None:
    make.account("analyst", "bodhi", password_hash=hash_password(PASSWORD))
    client = client_as()
    answer = client.post("/api/v1/auth/token", data={"username": "bodhi", "password": PASSWORD})
    assert answer.status_code == 200
    body = answer.json()
    assert (set(body), body["token_type"], body["expires_in"]) == (
        {"access_token", "token_type", "expires_in", "device"},
        "bearer",
        900,
    )
    bearer = {"authorization": f"Bearer {body['access_token']}"}
    me = client.get("/api/v1/me", headers=bearer)
    assert (me.status_code, me.json()["name"], me.json()["roles"]) == (200, "bodhi", ["analyst"])
    (row,) = make.all(SignedIn)
    assert row.kind == "token"
    with make.owner() as session:
        session.get_one(SignedIn, row.secret_hash).revoked_at = make.now
        session.commit()
    assert client.get("/api/v1/me", headers=bearer).status_code == 401


def test_a_good_token_for_no_session_opens_nothing(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    token = issue(token_key(make.house), subject="x", session="never-opened", now=int(time.time()))
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert client.get("/api/v1/me", headers={"authorization": "Bearer rubbish"}).status_code == 401
    assert client.get("/api/v1/me").status_code == 401


def test_a_disabled_persons_session_and_token_open_nothing(client_as: ClientAs, make: Make) -> None:
    client, me = client_as("analyst"), make.actor("analyst")
    token = issue(token_key(make.house), subject="x", session=make.secret_of(me), now=int(time.time()))
    bearer = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 200
    with make.owner() as session:
        session.get_one(Account, me.id).status = "disabled"
        session.commit()
    assert client.get("/api/v1/me", headers=bearer).status_code == 401
    assert client.get("/office/account").status_code == 303


def test_the_secret_itself_is_kept_nowhere(client_as: ClientAs, make: Make) -> None:
    client_as("analyst")
    secret = make.secret_of(make.actor("analyst"))
    (row,) = make.all(SignedIn)
    assert row.secret_hash == hash_of(secret)
    assert secret.encode() not in row.secret_hash
