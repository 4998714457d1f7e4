"""Cases over the API: the contract of the list, and the verbs of the main job."""

import time
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access.tokens import issue
from app.cases.records import Case
from app.intake.records import Filing
from app.web.work import token_key
from tests.conftest import ClientAs
from tests.make import Make


@pytest.fixture
def api(client_as: ClientAs, make: Make) -> Any:
    """`api("supervisor")`: a client with that person's bearer token."""

    def opened(role: str) -> TestClient:
        client, actor = client_as(), make.actor(role)
        now = int(time.time())
        token = issue(token_key(make.house), subject=str(actor.id), session=make.secret_of(actor), now=now)
        client.headers["authorization"] = f"Bearer {token}"
        return client

    return opened


def test_the_list_keeps_its_contract(api: Any, make: Make) -> None:
    lead = make.actor("investigator")
    cases = [make.case(due_on=make.today + timedelta(days=day), lead_id=lead.id) for day in (2, 1, 3)]
    client = api("supervisor")
    first = client.get("/api/v1/cases", params={"limit": 2}).json()
    assert first["items"][0] == {
        "id": str(cases[1].id),
        "number": cases[1].number,
        "stage": "investigating",
        "assignee": lead.name,
        "opened_on": make.today.isoformat(),
        "due_on": (make.today + timedelta(days=1)).isoformat(),
    }
    rest = client.get("/api/v1/cases", params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["id"] for item in rest["items"]] == [str(cases[2].id)]
    assert rest["next"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": 0},
        {"limit": 201},
        {"sort": "number"},
        {"due_before": "0"},
        {"due_before": "2026-02-29"},
        {"due_before": ""},
        {"cursor": "?"},
        {"q": "a\x00b"},
        {"color": "red"},
    ],
)
def test_a_query_that_is_none_of_the_contract_is_422(api: Any, wrong: dict[str, Any]) -> None:
    answer = api("supervisor").get("/api/v1/cases", params=wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_without_a_token_401_and_without_the_role_403(api: Any, client_as: ClientAs, make: Make) -> None:
    case = make.case()
    assert client_as().get("/api/v1/cases").status_code == 401
    assert client_as("supervisor").get("/api/v1/cases").status_code == 401
    assert api("administrator").get("/api/v1/cases").status_code == 403
    refused = api("investigator").post(
        f"/api/v1/cases/{case.id}/assign", json={"version": 1, "account_id": str(case.id)}
    )
    assert refused.status_code == 403


def test_the_main_job_over_the_api(api: Any, make: Make) -> None:
    filing, lead = make.filing(), make.actor("investigator")
    waiting = api("intake").get("/api/v1/screenings").json()["items"]
    assert [item["number"] for item in waiting] == [filing.number]
    screened = api("intake").post(
        f"/api/v1/screenings/{filing.id}/screen",
        json={"version": waiting[0]["version"], "classification": "investigation", "department_id": "rpd"},
    )
    case_id = screened.json()["case_id"]
    detail = api("supervisor").get(f"/api/v1/cases/{case_id}").json()
    assigned = api("supervisor").post(
        f"/api/v1/cases/{case_id}/assign", json={"version": detail["version"], "account_id": str(lead.id)}
    )
    assert assigned.json()["assignee"] == lead.name
    moved = api("investigator").post(
        f"/api/v1/cases/{case_id}/move", json={"version": assigned.json()["version"], "to": "investigating"}
    )
    assert moved.json()["stage"] == "investigating"
    stated = api("investigator").post(
        f"/api/v1/cases/{case_id}/allegations/state", json={"category": "conduct_words", "description": "tall"}
    )
    assert stated.status_code == 201
    found = api("investigator").post(
        f"/api/v1/allegations/{stated.json()['id']}/recommend",
        json={"disposition": "sustained", "reasons": "The video shows it."},
    )
    assert found.json()["finding_class"] == "sustained"
    listed = api("supervisor").get(f"/api/v1/cases/{case_id}/allegations").json()["items"]
    assert [finding["life"] for finding in listed[0]["findings"]] == ["investigator"]
    demanded = api("investigator").post(
        f"/api/v1/cases/{case_id}/demands/send", json={"kind": "body_camera", "wording": "All video."}
    )
    assert demanded.json()["due_on"] > make.today.isoformat()
    assert make.all(Filing)[0].case_id == make.all(Case)[0].id
    assert make.all(Case)[0].result == "sustained"


def test_a_stale_version_is_409_and_says_so(api: Any, make: Make) -> None:
    case = make.case()
    answer = api("supervisor").post(
        f"/api/v1/cases/{case.id}/assign", json={"version": 9, "account_id": str(make.actor("investigator").id)}
    )
    assert answer.status_code == 409
    assert "Somebody else" in answer.json()["detail"]


def test_every_operation_is_named_after_its_action(client_as: ClientAs) -> None:
    paths = client_as().get("/api/openapi.json").json()["paths"]
    named = {operation["operationId"] for methods in paths.values() for operation in methods.values()}
    assert {"list_cases", "screen_filing", "assign_case", "move_case", "state_allegation", "recommend_finding"} <= named
