"""Disputes as they are read: on the pages of three doors, in the history, in the letter, and by programs."""

from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.access.actor import Actor
from app.access.work import House
from app.discipline import queries
from app.discipline.records import DisputeRecord
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.cases.test_api import api  # noqa: F401 - a fixture
from tests.conftest import ClientAs, WorkAs
from tests.discipline.books import with_disputes
from tests.discipline.conftest import Sustained
from tests.discipline.disputing import answered, asked, decide, recused, seated
from tests.make import Make


@pytest.fixture(autouse=True)
def book(house: House, policies: Rulebooks) -> Rulebook:
    found = with_disputes(policies.newest(house.agency))
    object.__setattr__(house, "policies", Rulebooks([found]))
    return found


def test_the_office_reads_the_burden_and_puts_the_decision_on_file_without_script(
    sustained: Sustained, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    row = answered(sustained, work_as)
    client, home = client_as("director"), f"/office/cases/{row.case_id}/discipline"
    page = unescape(client.get(home).text)
    for words in ("Before the inspector general", "The chief must convince", "Charter 12.11(g)", "Nothing is final"):
        assert words in page
    form = unescape(client.get(f"{home}?dispute_id={row.id}").text)
    assert "Whoever had a hand in the recommendation" in form
    said = {key: str(value) for key, value in asked(make, holds="had_a_hand", proof="Paper 🚓 7.").items()}
    refused = client.submit(f"{home}/disputes/{row.id}/decide", **said)
    assert refused.status_code == 409
    assert "Paper 🚓 7." in refused.text
    assert client.submit(f"{home}/disputes/{row.id}/decide", **(said | {"holds": "none"})).status_code == 303
    page = unescape(client.get(home).text)
    for words in ("The chief did not convince", "Alex Reader, deputy inspector", "What was recommended stands: "):
        assert words in page
    assert "Put the decision on file" not in page
    assert client_as("investigator").submit(f"{home}/disputes/{row.id}/decide", **said).status_code == 403


def test_members_are_ticked_and_who_stepped_aside_is_not_listed(
    sustained: Sustained, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    row = answered(sustained, work_as, "hold")
    members = [seated(make, n) for n in range(4)]
    recused(make, row, members[0])
    client, home = client_as("director"), f"/office/cases/{row.case_id}/discipline"
    form = unescape(client.get(f"{home}?dispute_id={row.id}").text).split('id="decide"')[1].split("</form>")[0]
    assert "Member-1, Commissioner" in form
    assert "Member-0, Commissioner" not in form
    said = {"outcome": "kept", "happened_on": make.today.isoformat(), "proof": "The roll."}
    two = client.submit(f"{home}/disputes/{row.id}/decide", **said, members=[str(each.id) for each in members[1:3]])
    assert two.status_code == 422
    assert two.text.count(" checked") == 3  # the outcome, and the two
    ticked = [str(each.id) for each in members[1:]]
    assert client.submit(f"{home}/disputes/{row.id}/decide", **said, members=ticked).status_code == 303
    assert "Member-3, Commissioner" in client.get(home).text


@pytest.mark.parametrize(
    "changed",
    [{"proof": ""}, {"proof": "x" * 4001}, {"deciders": "a\x00b"}, {"deciders": "x" * 2001}, {"happened_on": "soon"}],
)
def test_what_cannot_be_read_comes_back(
    changed: dict[str, str], sustained: Sustained, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    row = answered(sustained, work_as)
    path = f"/office/cases/{row.case_id}/discipline/disputes/{row.id}/decide"
    said = {key: str(value) for key, value in asked(make).items()}
    assert client_as("director").submit(path, **(said | changed)).status_code == 422
    assert make.all(DisputeRecord)[0].outcome is None


def test_the_department_and_the_secretary_read_what_stands(
    sustained: Sustained, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    row = answered(sustained, work_as)
    sustained.docket()
    decide(work_as, row, asked(make, "met"))
    stands = "What the department answered stands: Disagrees with the finding."
    liaison = client_as("liaison")
    one = unescape(liaison.get(f"/department/recommendations/{row.recommendation_id}").text)
    assert "The chief convinced" in one
    assert "The written decision." not in one
    for client, path in (
        (liaison, "/department/recommendations"),
        (liaison, f"/department/recommendations/{row.recommendation_id}"),
        (client_as("secretary"), f"/commission/cases/{row.case_id}/discipline"),
    ):
        assert stands in unescape(client.get(path).text)


def test_the_plain_history_says_what_stands(
    sustained: Sustained, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    decide(work_as, answered(sustained, work_as), asked(make))
    page = unescape(client_as("director").get(f"/office/cases/{sustained.case.id}").text)
    assert "Before the inspector general" in page
    assert "The chief did not convince. What stands: the word of this office." in page


@pytest.mark.parametrize(
    ("outcome", "english", "spanish"),
    [
        (None, "It is not decided yet. Nothing is final.", "Todavía no hay decisión. Nada es definitivo."),
        ("not_met", "The chief did not convince. What was recommended stands: ", "Vale lo que se recomendó: "),
        (
            "met",
            "The chief convinced. What the department answered stands: ",
            "Vale lo que respondió el departamento: ",
        ),
        ("settled", "Both agreed otherwise.", "Ambos acordaron otra cosa."),
    ],
)
def test_the_closing_letter_says_what_stands(
    outcome: str | None, english: str, spanish: str, sustained: Sustained, make: Make, work_as: WorkAs
) -> None:
    row = answered(sustained, work_as)
    if outcome:
        decide(work_as, row, asked(make, outcome))
    with work_as(Actor.system("write_closing_letter")) as work:
        said = {lang: queries.closing_facts(work, row.case_id, lang)["outcome"] for lang in ("en", "es")}
    assert english in said["en"]
    assert "This was before: Inspector general of Riverbend." in said["en"]
    assert spanish in said["es"]


def test_a_program_reads_it_and_puts_the_decision_on_file_once(
    sustained: Sustained,
    make: Make,
    work_as: WorkAs,
    api: Callable[[str], TestClient],  # noqa: F811
) -> None:
    row = answered(sustained, work_as)
    client, home = api("director"), f"/api/v1/cases/{row.case_id}/disputes"
    (item,) = client.get(home).json()["items"]
    assert (item["burden_on"], item["decided_by"], item["stands"]) == ("chief", "inspector_general", None)
    ask = asked(make) | {"happened_on": make.today.isoformat()}
    kept = client.post(f"{home}/{row.id}/decide", json=ask)
    assert (kept.status_code, kept.json()["stands"]) == (200, "agency")
    assert client.get(home).json()["items"] == [kept.json()]
    assert client.post(f"{home}/{row.id}/decide", json=ask).status_code == 409
    assert api("investigator").post(f"{home}/{row.id}/decide", json=ask).status_code == 403
