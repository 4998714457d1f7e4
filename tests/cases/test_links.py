"""Two cases linked by one event, shown to whoever may see both; other cases of an officer or a filer; behind walls."""

from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.cases import actions, queries, rules
from app.cases.commands import LinkCase
from app.cases.records import Case, CaseLink
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from app.people.records import Identity, IdentityKey, Person
from tests.cases.test_api import api  # noqa: F401 - a fixture
from tests.conftest import ClientAs, WorkAs
from tests.make import Make


@pytest.fixture
def pair(make: Make) -> tuple[Case, Case]:
    """A case, and an earlier one."""
    return make.case(origin="import"), make.case(origin="import")


def link(work_as: WorkAs, case: Case, number: str, relation: str = "retaliation", who: str = "supervisor") -> None:
    with work_as(who) as work:
        actions.link_case(work, case.id, LinkCase(number=number, relation=relation, reason="She complained in May."))


def person(make: Make, case: Case, **known: bytes) -> Person:
    """Whoever filed the case, with what is known of them by keyed hashes."""
    filing = make.filing(case_id=case.id, screened_at=make.now, outcome="x")
    found = make.row(Person(id=uuid4(), case_id=case.id, filing_id=filing.id, role="filer", label="The filer"))
    make.row(Identity(person_id=found.id, key_id="k", sealed=b"x", **known))
    make.row(IdentityKey(person_id=found.id, key_id="k", wrapped_key=b"x"))
    return found


@pytest.mark.parametrize("relation", rules.RELATIONS)
def test_a_link_reads_from_both_its_cases(relation: str) -> None:
    here, there = rules.RELATIONS[relation]
    assert rules.relation_words(relation, from_here=True) == here
    assert rules.relation_words(relation, from_here=False) == there


@pytest.mark.parametrize("standing", [[("a", "b", "related")], [("b", "a", "related")]])
def test_two_cases_are_linked_once_in_each_relation(standing: list[Any]) -> None:
    with pytest.raises(Refused):
        rules.check_link("related", "a", "b", standing)
    rules.check_link("retaliation", "a", "b", standing)


def test_two_cases_are_linked_by_one_event_and_shown_from_both(
    pair: tuple[Case, Case], make: Make, work_as: WorkAs
) -> None:
    case, earlier = pair
    link(work_as, case, earlier.number)
    (row,) = make.all(CaseLink)
    assert (row.case_id, row.other_id, row.kind, row.linked_by_id) == (
        case.id,
        earlier.id,
        "retaliation",
        make.actor("supervisor").id,
    )
    assert make.tags() == ["cases:link:made"]
    with work_as("investigator") as work:
        (here,), (there,) = queries.shown_links(work, case), queries.shown_links(work, earlier)
    assert (here.words, here.case.id) == ("Retaliation for", earlier.id)
    assert (there.words, there.case.id) == ("Followed by a complaint of retaliation", case.id)
    assert here.reason == "She complained in May."


def test_what_is_no_link_is_refused_without_a_trace(pair: tuple[Case, Case], make: Make, work_as: WorkAs) -> None:
    case, earlier = pair
    for number, relation, field in (
        (case.number, "related", "number"),
        ("2026-nothing", "related", "number"),
        (earlier.number, "cousin", "relation"),
    ):
        with pytest.raises(Invalid) as refusal:
            link(work_as, case, number, relation)
        assert set(refusal.value.fields) == {field}
    assert (make.all(CaseLink), make.tags()) == ([], [])


def test_twice_and_the_other_way_round_is_refused(pair: tuple[Case, Case], make: Make, work_as: WorkAs) -> None:
    case, earlier = pair
    link(work_as, case, earlier.number, "same_incident")
    with pytest.raises(Refused, match="linked like this already"):
        link(work_as, earlier, case.number, "same_incident")
    assert len(make.all(CaseLink)) == 1


def test_a_case_behind_a_wall_is_as_if_it_were_not_there(
    pair: tuple[Case, Case], make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    case, earlier = pair
    link(work_as, case, earlier.number)
    officer = make.officer()
    make.allegation(case, officer)
    make.allegation(earlier, officer)
    make.wall(earlier, make.actor("investigator"))
    with pytest.raises(Invalid) as refusal:
        link(work_as, case, earlier.number, "related", "investigator")
    assert refusal.value.fields == {"number": rules.NO_CASE}
    with work_as("investigator") as work:
        assert list(work.session.scalars(queries.visible_links(work))) == []
        assert work.session.execute(text("SELECT count(*) FROM case_links")).scalar_one() == 0
        assert queries.links_view(work, case)["of_officers"] == []
        with pytest.raises(NotFound):
            actions.link_case(work, earlier.id, LinkCase(number=case.number, relation="related", reason="x"))
    client = client_as("investigator")
    pages = [unescape(client.get(f"/office/cases/{case.id}{part}").text) for part in ("", "/links", "?readings=yes")]
    for page in pages:
        assert earlier.number not in page
        assert "Linked the case" not in page
        assert "She complained" not in page
    assert client.get(f"/office/cases/{earlier.id}/links").status_code == 404


def test_other_cases_of_the_same_officer_are_found(pair: tuple[Case, Case], make: Make, work_as: WorkAs) -> None:
    case, earlier = pair
    officer = make.officer(last_name="Sample", badge="4711")
    make.allegation(case, officer)
    make.allegation(earlier, officer)
    other = make.case(origin="import")
    make.allegation(other, make.officer())
    with work_as("investigator") as work:
        (found,) = queries.links_view(work, case)["of_officers"]
    assert (found.id, "4711" in found.why) == (earlier.id, True)


@pytest.mark.parametrize(
    ("same", "why"), [("email_index", "email address"), ("phone_index", "telephone"), ("name_index", "name, and")]
)
def test_other_cases_of_the_same_filer_are_found_and_that_somebody_looked_is_kept(
    same: str, why: str, pair: tuple[Case, Case], make: Make, work_as: WorkAs
) -> None:
    case, earlier = pair
    person(make, case, **{same: b"one"})
    person(make, earlier, **{same: b"one"})
    person(make, make.case(origin="import"), **{same: b"two"})
    with work_as("investigator") as work:
        (found,) = actions.seek_filer(work, case.id)
    assert (found.id, found.why.startswith(why)) == (earlier.id, True)
    assert make.tags() == ["cases:filer:sought"]


def test_a_filer_s_case_behind_a_wall_is_not_found(pair: tuple[Case, Case], make: Make, work_as: WorkAs) -> None:
    case, earlier = pair
    person(make, case, email_index=b"one")
    person(make, earlier, email_index=b"one")
    make.wall(earlier, make.actor("investigator"))
    with work_as("investigator") as work:
        assert actions.seek_filer(work, case.id) == []


def test_whoever_may_not_open_names_may_not_look_by_them(
    pair: tuple[Case, Case], make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    with pytest.raises(NotAllowed), work_as("counsel") as work:
        actions.seek_filer(work, pair[0].id)
    client = client_as("counsel")
    assert client.get(f"/office/cases/{pair[0].id}/links/filer").status_code == 403
    assert "Other cases of the same filer" not in client.get(f"/office/cases/{pair[0].id}/links").text
    assert "cases:filer:sought" not in make.tags()


def test_the_page_takes_a_link_without_script_and_keeps_what_was_typed(
    pair: tuple[Case, Case], client_as: ClientAs, make: Make
) -> None:
    case, earlier = pair
    client, home = client_as("investigator"), f"/office/cases/{case.id}/links"
    typed = {"number": "nowhere", "relation": "retaliation", "reason": "After her complaint 😟."}
    refused = client.submit(f"{home}/link", **typed)
    assert refused.status_code == 422
    assert "After her complaint 😟." in refused.text
    assert rules.NO_CASE in unescape(refused.text)
    assert client.submit(f"{home}/link", **typed | {"number": earlier.number}).status_code == 303
    page = unescape(client.get(home).text)
    assert "Retaliation for" in page
    assert earlier.number in page
    assert "Followed by a complaint of retaliation" in client.get(f"/office/cases/{earlier.id}/links").text
    assert client.get(f"{home}/filer").status_code == 200


@pytest.mark.parametrize(("field", "value"), [("reason", ""), ("reason", "x" * 4001), ("number", "a\x00b")])
def test_bad_input_is_refused(field: str, value: str, pair: tuple[Case, Case], client_as: ClientAs, make: Make) -> None:
    typed = {"number": pair[1].number, "relation": "related", "reason": "Why."} | {field: value}
    assert client_as("investigator").submit(f"/office/cases/{pair[0].id}/links/link", **typed).status_code == 422
    assert make.all(CaseLink) == []


def test_a_program_links_and_lists(
    pair: tuple[Case, Case],
    make: Make,
    api: Callable[[str], TestClient],  # noqa: F811
) -> None:
    case, earlier = pair
    client, home = api("investigator"), f"/api/v1/cases/{case.id}/links"
    ask = {"number": earlier.number, "relation": "reopened_as", "reason": "New evidence."}
    made = client.post(f"{home}/link", json=ask)
    assert made.status_code == 201
    assert [each["words"] for each in made.json()["items"]] == ["Taken up again as"]
    other = client.get(f"/api/v1/cases/{earlier.id}/links").json()["items"]
    assert [(each["case_id"], each["words"]) for each in other] == [(str(case.id), "Takes up again")]
    assert client.post(f"{home}/link", json=ask).status_code == 409
    make.wall(earlier, make.actor("investigator"))
    assert client.get(home).json() == {"items": []}
