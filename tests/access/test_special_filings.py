"""What is filed against somebody past whom it may not go: before it is a case, and before whoever filed it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access import routes
from app.access.actor import Actor
from app.access.records import SpecialRoute
from app.cases import queries
from app.cases.records import Case
from app.intake import actions as intake_actions
from app.intake import queries as intake
from app.intake.commands import ScreenFiling, SendAnotherWay
from app.intake.records import Filing
from app.kernel.errors import NotFound
from tests.access.test_special_routes import WORD, outsider, unseen
from tests.conftest import ClientAs, WorkAs
from tests.make import Make


def test_a_filing_goes_another_way_before_it_is_a_case_and_its_case_follows(make: Make, work_as: WorkAs) -> None:
    filing = make.filing(narrative=WORD)
    with work_as("intake") as work:
        intake_actions.send_another_way(work, filing.id, SendAnotherWay(route="office"))
    for role in ("intake", "director"):
        with work_as(role) as work:
            assert intake.list_unscreened(work) == []
            assert work.session.execute(text("SELECT count(*) FROM filings")).scalar_one() == 0
            with pytest.raises(NotFound):
                intake_actions.open_filing(work, filing.id)
    clerk = outsider(make)
    with work_as(clerk) as work:
        (waiting,) = intake.list_unscreened(work)
        found = next(each for each in make.book.classification if each.goes_on and not each.needs_reason)
        ask = ScreenFiling(
            version=waiting.version, classification=found.code, department_id=make.book.departments[0].code
        )
        intake_actions.screen_filing(work, filing.id, ask)
    (case,) = make.all(Case)
    (route,) = make.all(SpecialRoute)
    assert (route.case_id, route.filing_id) == (case.id, filing.id)
    with work_as(clerk) as work:
        assert queries.get_case(work, case.id).narrative == WORD
    with work_as("director") as work:
        assert set(unseen(work, case).values()) == {0}


def test_the_filer_reads_what_the_rulebook_says_and_no_more(make: Make, house: Any, work_as: WorkAs) -> None:
    filing = make.filing()
    filer = Actor.filer(filing.lookup or b"", house.access.of(frozenset()))
    with work_as(filer) as work:
        own = intake.own_filing(work)
        assert own is not None
        assert intake.way_of(work, own, "en") == ""
    with work_as("intake") as work:
        intake_actions.send_another_way(work, filing.id, SendAnotherWay(route="office"))
    with work_as(filer) as work:
        own = intake.own_filing(work)
        assert own is not None
        said = intake.way_of(work, own, "en")
        assert said == routes.rule_of(make.book, "office").public_text.to("en")  # type: ignore[union-attr]
        assert "clerk" in said
    with pytest.raises(ProgrammingError, match="permission denied"), work_as(filer) as work:
        work.session.execute(text("SELECT hidden_from FROM special_routes"))


def test_whoever_files_may_say_it_and_reads_of_it_at_once(make: Make, client_as: ClientAs, work_as: WorkAs) -> None:
    client = client_as()
    body = {
        "language": "en",
        "anonymity": "anonymous",
        "filer": {"relationship": "self"},
        "incident": {"date": "2026-03", "location": "", "narrative": WORD},
        "against": "office",
    }
    answer = client.post("/api/v1/filings", json=body, headers={"idempotency-key": "k-1"})
    assert answer.status_code == 201, answer.text
    (route,) = make.all(SpecialRoute)
    assert (route.route, route.set_by_id) == ("office", None)
    with work_as("intake") as work:
        assert intake.list_unscreened(work) == []
    with work_as(outsider(make)) as work:
        assert [each.narrative for each in intake.list_unscreened(work)] == [WORD]
    again = client.post("/api/v1/filings", json=body, headers={"idempotency-key": "k-1"})
    assert again.json() == answer.json()
    wrong = client.post("/api/v1/filings", json=body | {"against": "mayor"}, headers={"idempotency-key": "k-2"})
    assert wrong.status_code == 422
    assert len(make.all(Filing)) == len(make.all(SpecialRoute)) == 1
