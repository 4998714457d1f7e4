"""A machine's token that is broken, foreign, over, ended or shown at the wrong place is refused with one answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.access.machine_tokens import PREFIX, SHAPE, is_machine_token, new_machine_token
from app.access.records import Account, Machine, SignedIn, SpecialRoute
from app.access.sessions import hash_of
from tests.access.test_tokens import BAD as BAD_JWTS
from tests.conftest import Client, ClientAs
from tests.make import Make, in_one_minute
from tests.powers.test_ended import BODY

REFUSED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "Sign in and send the token.",
    "fields": {},
}
GOOD = new_machine_token()
MALFORMED = {
    "too short": GOOD[:-1],
    "too long": GOOD + "0",
    "another prefix": "candor_mx_" + GOOD[len(PREFIX) :],
    "no prefix": GOOD[len(PREFIX) :],
    "capital prefix": GOOD.replace("candor", "CANDOR"),
    "wrong sum": GOOD[:-8] + ("00000000" if GOOD[-8:] != "00000000" else "00000001"),
    "another letter": GOOD[:12] + ("A" if GOOD[12] != "A" else "B") + GOOD[13:],
    "the prefix alone": PREFIX,
    "a point in it": GOOD[:20] + "." + GOOD[21:],
    "5,000 letters": PREFIX + "A" * 5000,
    "its hash": hash_of(GOOD).hex(),
    "empty": "",
}

MakeMachine = Callable[..., str]


@pytest.fixture
def machine(make: Make) -> MakeMachine:
    """`machine("analyst", "cases:case:read")`: the token of a machine whose owner has that role."""

    def made(role: str, *scopes: str, owner: Account | None = None, **session: Any) -> str:
        token = new_machine_token()
        owner = owner or make.account(role)
        account = make.row(
            Account(
                id=owner.id.__class__(int=owner.id.int ^ 1),
                name=f"machine-{token[10:18].lower()}",
                display_name="City 311 (machine)",
                status="active",
                created_at=make.now,
                kind="machine",
            )
        )
        until = make.now + timedelta(days=200)
        make.row(
            Machine(
                account_id=account.id,
                owner_id=owner.id,
                made_by_id=owner.id,
                purpose="Tests",
                scopes=list(scopes),
                hint=token[:14],
                made_at=make.now,
                expires_at=until,
                agreed_by_id=make.account("secretary").id,
                agreed_at=make.now,
            )
        )
        given = {"expires_at": make.now + timedelta(days=3650), "seen_at": make.now, "created_at": make.now} | session
        make.row(SignedIn(secret_hash=hash_of(token), account_id=account.id, kind="machine", **given))
        return token

    return made


def asks(client: Client, token: object, path: str = "/api/v1/cases") -> Any:
    return client.get(path, headers={"authorization": f"Bearer {token}"})


def test_its_shape_is_one_that_a_scanner_finds() -> None:
    found = SHAPE.findall(f"config = '{GOOD}'; key={GOOD};")
    assert found == [GOOD, GOOD]
    assert is_machine_token(GOOD)
    assert len({new_machine_token() for _ in range(100)}) == 100


@pytest.mark.parametrize("token", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_token_is_refused_without_a_reason(client_as: ClientAs, token: str) -> None:
    assert not is_machine_token(token)
    answer = asks(client_as(), token)
    assert (answer.status_code, answer.json()) == (401, REFUSED)


@pytest.mark.parametrize(
    "name", [name for name, token in BAD_JWTS.items() if isinstance(token, str) and "\n" not in token]
)
def test_every_bad_vector_is_refused_at_the_door_with_that_same_answer(client_as: ClientAs, name: str) -> None:
    answer = asks(client_as(), BAD_JWTS[name])
    assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_a_well_formed_token_of_nobody_is_refused_alike(client_as: ClientAs) -> None:
    answer = asks(client_as(), GOOD)
    assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_an_expired_and_a_revoked_one_are_refused_alike(client_as: ClientAs, make: Make, machine: MakeMachine) -> None:
    over = machine("analyst", "cases:case:read", expires_at=make.now - timedelta(days=1))
    ended = machine("analyst", "cases:case:read", revoked_at=make.now)
    for token in (over, ended):
        answer = asks(client_as(), token)
        assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_it_stands_only_while_its_owner_does(client_as: ClientAs, make: Make, machine: MakeMachine) -> None:
    owner = make.account("analyst")
    token = machine("analyst", "cases:case:read", owner=owner)
    assert asks(client_as(), token).status_code == 200
    with make.owner() as session:
        session.get_one(Account, owner.id).status = "disabled"
        session.commit()
    answer = asks(client_as(), token)
    assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_a_scope_that_is_missing_is_refused_and_told_in_the_journal(
    client_as: ClientAs, make: Make, machine: MakeMachine
) -> None:
    client = client_as()
    answer = asks(client, machine("analyst", "administration:health:read"))
    assert (answer.status_code, answer.json()["detail"]) == (403, asks(client, machine("director")).json()["detail"])
    assert make.tags().count("access:permission:refused") == 2


def test_a_scope_beyond_its_owner_or_the_list_is_worth_nothing(client_as: ClientAs, machine: MakeMachine) -> None:
    """As if somebody had written it into the table: what its owner may not do, the machine may not do either."""
    for token, path in (
        (machine("administrator", "cases:case:read"), "/api/v1/cases"),
        (machine("administrator", "administration:user:manage"), "/api/v1/machines"),
        (machine("investigator", "cases:note:write", "administration:session:own"), "/api/v1/me"),
    ):
        assert asks(client_as(), token, path).status_code == 403


def test_a_page_does_not_know_it_and_a_persons_secret_is_no_token(
    client_as: ClientAs, make: Make, machine: MakeMachine
) -> None:
    token = machine("analyst", "cases:case:read")
    cookie = client_as().signed_in(token)
    assert cookie.get("/office/cases").headers["location"].startswith("/sign-in")
    bearer = client_as().get("/office/cases", headers={"authorization": f"Bearer {token}"})
    assert bearer.status_code == 303
    secret = make.secret_of(make.actor("analyst"))
    assert asks(client_as(), secret).status_code == 401
    with make.owner() as session:
        session.query(SignedIn).filter_by(secret_hash=hash_of(token)).update({"kind": "browser"})
        session.commit()
    assert asks(client_as(), token).status_code == 401


def test_it_comes_by_no_other_door(client_as: ClientAs, machine: MakeMachine) -> None:
    token = machine("analyst", "cases:case:read")
    for path in ("/api/v1/commission/docket", "/api/v1/department/recommendations"):
        assert asks(client_as(), token, path).status_code in (401, 404)


def test_behind_a_wall_of_its_owner_it_sees_nothing(client_as: ClientAs, make: Make, machine: MakeMachine) -> None:
    owner = make.account("analyst")
    token = machine("analyst", "cases:case:read", owner=owner)
    case = make.case(number="2026-WALL")
    assert asks(client_as(), token, f"/api/v1/cases/{case.id}").status_code == 200
    make.wall(case, make.sign_in(owner, "analyst")[0])
    assert asks(client_as(), token, f"/api/v1/cases/{case.id}").status_code == 404
    assert "2026-WALL" not in asks(client_as(), token).text


def test_what_goes_another_way_is_no_machines_to_see(client_as: ClientAs, make: Make, machine: MakeMachine) -> None:
    token = machine("director", "cases:case:read")
    case = make.case(number="2026-APART")
    make.row(
        SpecialRoute(
            id=case.id,
            case_id=case.id,
            filing_id=None,
            route="x",
            policy_id="x",
            handled_by=["director"],
            hidden_from=[],
            set_at=make.now,
        )
    )
    assert asks(client_as(), token, f"/api/v1/cases/{case.id}").status_code == 404


def test_one_that_knocks_too_often_is_told_to_wait_and_another_is_not(
    client_as: ClientAs, machine: MakeMachine
) -> None:
    one, other = machine("analyst", "cases:case:read"), machine("analyst", "cases:case:read")
    client = client_as()
    state: Any = client.app.state  # type: ignore[attr-defined]
    before, state.machines_limit = state.machines_limit, in_one_minute(3)
    try:
        assert [asks(client, one).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
        assert asks(client, other).status_code == 200
    finally:
        state.machines_limit = before


def test_it_watches_over_the_installation_where_that_is_its_scope(client_as: ClientAs, machine: MakeMachine) -> None:
    good, poor = machine("auditor", "administration:health:read"), machine("analyst", "cases:case:read")
    answer = asks(client_as(), good, "/metrics")
    assert answer.status_code == 200
    assert "candor_jobs" in answer.text
    for token in (poor, GOOD, PREFIX):
        assert asks(client_as(), token, "/metrics").status_code == 403


def test_another_intake_system_files_by_its_token(client_as: ClientAs, make: Make, machine: MakeMachine) -> None:
    client = client_as()
    for token, status in (
        (machine("intake", "intake:filing:submit"), 201),
        (machine("intake", "cases:case:read"), 403),
        (GOOD, 401),
        (PREFIX, 401),
    ):
        headers = {"authorization": f"Bearer {token}", "idempotency-key": f"k-{status}-{token[10:20]}"}
        assert client.post("/api/v1/filings", json=BODY, headers=headers).status_code == status
    assert make.tags().count("access:machine:used") == 1
