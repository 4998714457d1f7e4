"""The same evening by a program: docket, roll, motion, votes, and the recused member's 404."""

import time
from typing import Any

import pytest

from app.access.actor import Actor
from app.access.tokens import issue
from app.commission.records import Motion
from app.web.work import token_key
from tests.commission.conftest import Table, word
from tests.conftest import Client, ClientAs
from tests.make import Make


class Program:
    """A program with one person's token."""

    def __init__(self, client: Client, make: Make, actor: Actor) -> None:
        self.client = client
        token = issue(token_key(make.house), subject=str(actor.id), session=make.secret_of(actor), now=int(time.time()))
        self.headers = {"authorization": f"Bearer {token}"}

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        return answer.status_code, answer.json()

    def post(self, path: str, **body: object) -> tuple[int, Any]:
        answer = self.client.post(f"/api/v1{path}", json=body, headers=self.headers)
        return answer.status_code, answer.json()


@pytest.fixture
def programs(table: Table, make: Make, client_as: ClientAs) -> list[Program]:
    """One for each member, and the secretary's last."""
    return [Program(client_as(), make, actor) for actor in (*table.members, make.actor("secretary"))]


def test_the_evening_by_api(table: Table, make: Make, programs: list[Program]) -> None:
    secretary, case = programs[-1], f"/commission/cases/{table.case.id}"
    status, docket = programs[0].get("/commission/docket")
    assert (status, [one["number"] for one in docket["cases"]]) == (200, [table.case.number])
    assert secretary.post(f"/commission/meetings/{table.meeting.id}/open", version=1)[0] == 200
    present = [str(member.id) for member in table.members]
    assert secretary.post(f"/commission/meetings/{table.meeting.id}/roll/call", present=present)[0] == 200
    subject = {"subject_id": str(table.allegation.id), "proposal": word(make)}
    status, motion = programs[0].post(f"{case}/motions/put", **subject)
    assert status == 201
    for program, choice in zip(programs, ("yes", "yes", "yes", "no", "abstain"), strict=False):
        assert program.post(f"{case}/motions/{motion['id']}/vote", choice=choice)[0] == 201
    status, closed = secretary.post(f"{case}/motions/{motion['id']}/close", version=motion["version"])
    assert (status, closed["outcome"]) == (200, "carried")
    vote = closed["arithmetic"]["vote"]
    assert (vote["base"], vote["needed"], vote["counted"], vote["is_met"]) == (5, 3, 3, True)
    status, read = programs[1].get(case)
    assert [one["outcome"] for one in read["motions"]] == ["carried"]


def test_a_recused_member_s_program_finds_nothing(table: Table, make: Make, programs: list[Program]) -> None:
    case = f"/commission/cases/{table.case.id}"
    assert programs[0].post(f"{case}/recusal/declare", ground="family", sure="yes")[0] == 201
    assert programs[0].get(case)[0] == 404
    assert programs[0].get("/commission/docket")[1]["cases"] == []
    assert programs[0].post(f"{case}/recusal/declare", ground="family", sure="yes")[0] == 404
    table.begin()
    subject = {"subject_id": str(table.allegation.id), "proposal": word(make)}
    assert programs[0].post(f"{case}/motions/put", **subject)[0] == 404
    (status, motion) = programs[1].post(f"{case}/motions/put", **subject)
    assert status == 201
    assert programs[0].post(f"{case}/motions/{motion['id']}/vote", choice="no")[0] == 404
    status, docket = programs[1].get("/commission/docket")
    assert docket["cases"][0]["recused"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [({"choice": "maybe"}, 422), ({}, 422), ({"choice": "yes", "for": "all"}, 422), ({"choice": None}, 422)],
)
def test_a_vote_that_cannot_be_read_is_a_problem(
    table: Table, make: Make, programs: list[Program], body: dict[str, object], status: int
) -> None:
    table.begin()
    case = f"/commission/cases/{table.case.id}"
    programs[0].post(f"{case}/motions/put", subject_id=str(table.allegation.id), proposal=word(make))
    (motion,) = make.all(Motion)
    assert programs[0].post(f"{case}/motions/{motion.id}/vote", **body)[0] == status
