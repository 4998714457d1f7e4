"""The OpenAPI document is true: whatever a fuzzer sends, it gets a documented answer and never a failure of ours."""

import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app.access.permissions import Role
from app.access.records import Account, AccountRole, SignedIn
from app.access.sessions import hash_of, new_secret
from app.access.tokens import issue
from app.access.work import House
from app.config import Settings
from app.infra.db import engine_at
from app.main import create_app
from app.web.work import token_key
from tests.installation import Installed, installation_at, served

EXAMPLES = 15
SAMPLES = 4


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Installed]]:
    """A real installation behind a real server on this machine."""
    with installation_at(tmp_path_factory.mktemp("fuzz")) as installed, served(installed) as address:
        yield address, installed


def token_of(installed: Installed, *roles: Role) -> str:
    """Somebody with these roles, signed in by token."""
    now, secret, nobody = datetime.fromtimestamp(time.time(), UTC), new_secret(), UUID(int=0)
    account = Account(
        id=uuid4(),
        name=f"fuzz-{secret[:6].lower()}",
        display_name="Fuzz",
        title="Fuzz",
        status="active",
        department_id=installed.house.policies.of(installed.house.agency)[-1].departments[0].code,
        created_at=now,
        last_entry_id=nobody,
    )
    engine = engine_at(make_url(installed.url), 1)
    with Session(engine, expire_on_commit=False) as session:
        session.add(account)
        session.add_all(AccountRole(account_id=account.id, role=role, last_entry_id=nobody) for role in roles)
        session.add(
            SignedIn(
                secret_hash=hash_of(secret),
                account_id=account.id,
                kind="token",
                factor="passkey",
                created_at=now,
                seen_at=now,
                expires_at=now + timedelta(hours=1),
                proved_at=now,
            )
        )
        session.commit()
    engine.dispose()
    return bearer(installed.house, account.id, secret)


def bearer(house: House, account_id: object, secret: str) -> str:
    return issue(token_key(house), subject=str(account_id), session=secret, now=int(time.time()))


@pytest.fixture(scope="module")
def everything(site: tuple[str, Installed]) -> str:
    """One who may do all that any role may, so that the fuzzer comes as deep as it can."""
    return token_of(site[1], *(set(Role) - {Role.ANYONE, Role.FILER}))


described = schemathesis.openapi.from_dict(
    create_app(Settings.read(), "postgresql+psycopg://nobody@localhost/none").openapi()
)
LIMITS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def _another_address(case: Any) -> list[Any]:
    """Read by GET this is the address of a case of that name, and documented as such: there is none."""
    return [unsupported_method] if case.path == "/api/v1/cases/open" else []


@described.parametrize()
@LIMITS
@pytest.mark.xdist_group("fuzz")
def test_every_operation_answers_as_documented(case: Any, site: tuple[str, Installed], everything: str) -> None:
    # A schema cannot say all that a filing must be (no unassigned character, no day to come): 422 is for that.
    excluded = [positive_data_acceptance]
    if case.path == "/readyz":
        excluded.append(not_a_server_error)  # 503 is its answer here, where no worker runs
    excluded += _another_address(case)
    headers = {"Authorization": f"Bearer {everything}"}
    case.call_and_validate(base_url=site[0], headers=headers, timeout=30, excluded_checks=excluded)


ROLES = [role for role in Role if role not in (Role.ANYONE, Role.FILER)]


@pytest.fixture(scope="module")
def each_role(site: tuple[str, Installed]) -> dict[Role, str]:
    """One token for each role."""
    return {role: token_of(site[1], role) for role in ROLES}


@described.parametrize()
@settings(LIMITS, max_examples=SAMPLES)
@pytest.mark.xdist_group("fuzz")
def test_every_operation_answers_every_role_as_documented(
    case: Any, site: tuple[str, Installed], each_role: dict[Role, str]
) -> None:
    # Each case is sent by one of them, always the same: what fails can be sent again.
    role = ROLES[zlib.crc32(repr((case.path, case.path_parameters, case.query, case.body)).encode()) % len(ROLES)]
    excluded = [positive_data_acceptance]
    if case.path == "/readyz":
        excluded.append(not_a_server_error)
    excluded += _another_address(case)
    headers = {"Authorization": f"Bearer {each_role[role]}"}
    case.call_and_validate(base_url=site[0], headers=headers, timeout=30, excluded_checks=excluded)


# Who follows a standard sends what the standard says, and may send more.
OPEN = {"TokenForm", "LogOutForm"}


def test_every_answer_and_every_question_has_a_closed_model() -> None:
    """So that a field nobody declared fails the fuzzing, and never goes out unnoticed."""
    document = described.raw_schema
    models = document["components"]["schemas"]
    open_ones = {
        name
        for name, model in models.items()
        if model.get("type") == "object" and model.get("additionalProperties") is not False
    }
    assert open_ones == OPEN
    answers = [
        content.get("schema")
        for methods in document["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
    ]
    assert len(answers) > 100
    assert all(answers)


@pytest.mark.xdist_group("fuzz")
def test_without_a_token_the_office_answers_401_and_a_problem(site: tuple[str, Installed]) -> None:
    answer = httpx.get(f"{site[0]}/api/v1/cases", timeout=30)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
