"""A complaint against somebody past whom it may not go is there for those alone whom the rulebook names."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.access.records import Account, SpecialRoute, Wall
from app.allegations import queries as allegations
from app.audit.records import JournalEntry
from app.cases import actions, queries
from app.cases.commands import AssignCase, QueueView
from app.cases.records import Assignment, Case
from app.clocks import queries as clocks
from app.clocks.queries import digests
from app.clocks.records import Clock, ClockWarning
from app.commission import queries as commission
from app.commission.records import DocketItem, Meeting
from app.discipline import queries as discipline
from app.evidence import queries as evidence
from app.evidence.records import Demand
from app.infra.db import Door
from app.intake import queries as intake
from app.intake.commands import SendAnotherWay
from app.intake.records import Filing
from app.kernel.errors import Invalid, NotFound, Refused, StepUpNeeded
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make

WORD = "Quincequarry"
TABLES = (
    "cases",
    "assignments",
    "notes",
    "clocks",
    "allegations",
    "findings",
    "demands",
    "filings",
    "special_routes",
    "docket_items",
)


def outsider(make: Make, code: str = "city_clerk") -> Actor:
    """Somebody from outside the office."""
    return make.sign_in(make.account("outsider", outsider=code), "outsider")[0]


def browser(client_as: ClientAs, make: Make, actor: Actor) -> Client:
    client: Client = client_as()
    return client.signed_in(make.secret_of(actor))


@pytest.fixture
def case(make: Make) -> Case:
    """A case with something in every table that hangs on one."""
    found = make.case(number="2026-APART", narrative=WORD, due_on=make.today + timedelta(days=3))
    make.filing(case_id=found.id, screened_at=make.now, outcome="investigate", narrative=WORD)
    make.finding(make.allegation(found))
    make.clock(found, make.book.deadlines[0].code)
    make.row(
        Demand(
            id=make.account("intake").id,
            case_id=found.id,
            department_id=found.department_id,
            number="D-1",
            kind=make.book.demands.kinds[0].code,
            wording="The video.",
            sent_on=make.today,
            due_on=make.today,
            version=1,
        )
    )
    meeting = make.row(
        Meeting(
            id=make.account("intake").id,
            body="commission",
            held_on=make.today + timedelta(days=9),
            starts_at="18:00",
            place="Hall",
            state="scheduled",
            version=1,
        )
    )
    make.row(DocketItem(id=make.account("intake").id, meeting_id=meeting.id, case_id=found.id, position=1))
    return found


def send(make: Make, work_as: WorkAs, case: Case, route: str, **given: Any) -> None:
    with work_as("director") as work:
        actions.send_another_way(work, case.id, SendAnotherWay(route=route, **given))


def unseen(work: Any, case: Case) -> dict[str, int]:
    """How much of the case each visible_* of a door gives."""
    return {
        "cases": len(list(work.session.scalars(queries.visible_cases(work)))),
        "queue": len(queries.queue_page(work, QueueView()).rows),
        "search": len(queries.queue_page(work, QueueView(q=WORD)).rows),
        "counts": sum(each.count for each in queries.saved_filters(work)),
        "clocks": len(list(work.session.scalars(clocks.visible_clocks(work)))),
        "lapses": sum(tab.count for tab in clocks.tabs(work)),
        "allegations": len(list(work.session.scalars(allegations.visible_allegations(work)))),
        "findings": len(list(work.session.scalars(allegations.visible_findings(work)))),
        "files": len(list(work.session.scalars(evidence.visible_items(work)))),
    }


def test_those_whom_the_rulebook_names_see_it_and_nobody_else(make: Make, work_as: WorkAs, case: Case) -> None:
    with work_as("intake") as work:
        assert all(unseen(work, case)[name] for name in ("cases", "queue", "search", "counts", "clocks", "findings"))
    send(make, work_as, case, "member")
    for role in ("intake", "investigator", "supervisor", "counsel", "analyst"):
        with work_as(role) as work:
            assert set(unseen(work, case).values()) == {0}, role
            with pytest.raises(NotFound):
                queries.get_case(work, case.id)
    with work_as("director") as work:
        assert queries.get_case(work, case.id).id == case.id
    with work_as(outsider(make, "outside_counsel")) as work:
        assert queries.get_case(work, case.id).id == case.id
        assert len(list(work.session.scalars(intake.visible_filings(work)))) == 1


@pytest.mark.parametrize("role", ["intake", "investigator", "supervisor", "counsel", "analyst", "director"])
def test_no_row_of_it_leaves_the_database_for_the_office(make: Make, work_as: WorkAs, case: Case, role: str) -> None:
    send(make, work_as, case, "office")
    with work_as(role) as work:
        mine = {name: work.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES}
        found = work.session.execute(
            text("SELECT count(*) FROM search_cases(:w, NULL, NULL, NULL, 'due_on', NULL, NULL, 50)"), {"w": WORD}
        ).scalar_one()
        told = work.session.execute(
            text("SELECT count(*) FROM journal_entries WHERE case_id = :c"), {"c": case.id}
        ).scalar_one()
    assert mine == dict.fromkeys(TABLES, 0)
    assert (found, told) == (0, 0)


def test_the_room_of_the_commission_does_not_know_it(make: Make, work_as: WorkAs, case: Case) -> None:
    with work_as("secretary") as work:
        assert len(list(work.session.scalars(commission.visible_items(work)))) == 1
    send(make, work_as, case, "member")
    for role in ("secretary", "commissioner"):
        with work_as(role) as work:
            assert list(work.session.scalars(commission.visible_items(work))) == []
            for name in ("cases", "docket_items", "packets", "allegations", "findings", "clocks"):
                assert work.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name


def test_the_door_of_the_department_does_not_know_it(
    make: Make, work_as: WorkAs, case: Case, client_as: ClientAs
) -> None:
    with work_as("liaison") as work:
        assert [d.number for d in work.session.scalars(evidence.visible_to_department(work))] == ["D-1"]
    send(make, work_as, case, "chief")
    with work_as("liaison") as work:
        assert list(work.session.scalars(evidence.visible_to_department(work))) == []
        assert list(work.session.scalars(discipline.visible_recommendations(work))) == []
        for name in ("cases", "demands (id)", "letters"):
            table = name.split()[0]
            assert work.session.execute(text(f"SELECT count(id) FROM {table}")).scalar_one() == 0, table
    page = client_as("liaison").get("/department")
    assert (page.status_code, "D-1" in page.text, case.number in page.text) == (200, False, False)
    with work_as("investigator") as work:
        assert [d.number for d in work.session.scalars(evidence.visible_demands(work))] == ["D-1"]


def test_pages_and_programs_answer_as_if_it_did_not_exist(
    make: Make, work_as: WorkAs, case: Case, client_as: ClientAs
) -> None:
    (filing,) = make.all(Filing)
    (clock,) = make.all(Clock)
    send(make, work_as, case, "office")
    client = client_as("investigator")
    for path in (
        f"/office/cases/{case.id}",
        f"/office/cases/{case.id}/messages",
        f"/office/cases/{case.id}/evidence",
        f"/office/cases/{case.id}/allegations",
        f"/office/filings/{filing.id}",
        f"/office/clocks/{clock.id}",
    ):
        assert client.get(path).status_code == 404, path
    for path in ("/office", "/office/cases", f"/office/cases?q={WORD}", "/office/clocks", "/office/filings"):
        page = client.get(path)
        assert (page.status_code, case.number in page.text, str(case.id) in page.text) == (200, False, False), path
    before = len(make.tags())
    for path, fields in (
        (f"/office/cases/{case.id}/notes/write", {"reader": "team", "body": "x"}),
        (f"/office/cases/{case.id}/route/lift", {}),
        (f"/office/cases/{case.id}/route/set", {"route": "chief"}),
    ):
        assert client.submit(path, **fields).status_code == 404, path
    assert len(make.tags()) == before


def test_whoever_sends_a_case_another_way_comes_to_the_queue_and_the_outsider_finds_it_on_their_first_page(
    make: Make, client_as: ClientAs, case: Case
) -> None:
    clerk = outsider(make)
    sent = client_as("supervisor").submit(f"/office/cases/{case.id}/route/set", route="office", person_id="")
    assert (sent.status_code, sent.headers["location"]) == (303, "/office/cases?done=another-way")
    page = client_as("supervisor").get("/office/cases?done=another-way")
    assert page.status_code == 200
    assert "The complaint goes another way now." in page.text
    assert "done=" not in page.text
    theirs = browser(client_as, make, clerk)
    first = theirs.get("/office").text
    assert "Handled by you in the place of the office" in first
    assert case.number in first
    lifted = theirs.submit(f"/office/cases/{case.id}/route/lift")
    assert lifted.headers["location"] == "/office/cases?done=usual-way"
    assert case.number not in theirs.get(lifted.headers["location"]).text


def test_the_very_person_sees_nothing_though_their_role_may(make: Make, work_as: WorkAs, case: Case) -> None:
    concerned = make.sign_in(make.account("director"), "director")[0]
    send(make, work_as, case, "member", person_id=concerned.id)
    with work_as(concerned) as work:
        assert set(unseen(work, case).values()) == {0}
        assert work.session.execute(text("SELECT count(*) FROM filings")).scalar_one() == 0
    with work_as("director") as work:
        assert queries.get_case(work, case.id).id == case.id
    with work_as(replace(make.actor("director"), proved_at=None)) as work, pytest.raises(StepUpNeeded):
        actions.take_back(work, case.id)
    with work_as("director") as work:
        actions.take_back(work, case.id)
    with work_as(concerned) as work:
        assert queries.get_case(work, case.id).id == case.id
    assert all(wall.lifted_at for wall in make.all(Wall))


def test_whoever_led_it_and_may_not_know_of_it_leads_it_no_more(make: Make, work_as: WorkAs, case: Case) -> None:
    lead = make.actor("investigator")
    with make.owner() as session:
        session.get_one(Case, case.id).lead_id = lead.id
        session.add(
            Assignment(id=case.id, case_id=case.id, account_id=lead.id, from_at=make.now, last_entry_id=case.id)
        )
        session.commit()
    with work_as(lead) as work:
        actions.send_another_way(work, case.id, SendAnotherWay(route="office"))
    assert make.all(Case)[0].lead_id is None
    assert make.all(Assignment)[0].until_at is not None
    assert make.tags() == ["access:route:freed", "access:route:set"]
    with work_as(lead) as work, pytest.raises(NotFound):
        queries.get_case(work, case.id)


def test_a_lead_who_may_keep_it_keeps_it(make: Make, work_as: WorkAs, case: Case) -> None:
    lead = make.actor("investigator")
    with make.owner() as session:
        session.get_one(Case, case.id).lead_id = lead.id
        session.commit()
    send(make, work_as, case, "chief")
    assert make.all(Case)[0].lead_id == lead.id


def test_nobody_is_given_a_case_of_which_they_may_not_know(make: Make, work_as: WorkAs, case: Case) -> None:
    send(make, work_as, case, "member")
    lead = make.actor("investigator").id
    assert lead is not None
    before = make.tags()
    with pytest.raises(Refused, match="may not know of it"), work_as("director") as work:
        actions.assign_case(work, case.id, AssignCase(version=make.all(Case)[0].version, account_id=lead))
    assert (make.all(Case)[0].lead_id, make.tags()) == (None, before)


def test_the_journal_does_not_say_which_way(make: Make, work_as: WorkAs, case: Case) -> None:
    send(make, work_as, case, "office")
    (row,) = make.all(SpecialRoute)
    assert (row.route, row.set_by_id, row.lifted_at) == ("office", make.actor("director").id, None)
    bodies = [bytes(entry.body).decode() for entry in make.all(JournalEntry, tag="access:route:set")]
    assert len(bodies) == 1
    assert "office" not in bodies[0].replace("access:route", "")


@pytest.mark.parametrize("route", ["nothing_like_it", "Chief"])
def test_a_way_that_the_rulebook_does_not_have_is_refused_and_nothing_is_written(
    make: Make, work_as: WorkAs, case: Case, route: str
) -> None:
    with pytest.raises(Invalid), work_as("director") as work:
        actions.send_another_way(work, case.id, SendAnotherWay(route=route))
    assert (make.all(SpecialRoute), make.all(Wall), make.tags()) == ([], [], [])


def test_somebody_from_outside_sees_nothing_else(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    case = make.case(narrative=WORD, due_on=make.today)
    make.filing()
    make.finding(make.allegation(case, make.officer()))
    make.clock(case, make.book.deadlines[0].code)
    clerk = outsider(make)
    with work_as(clerk) as work:
        assert set(unseen(work, case).values()) == {0}
        for name in ("cases", "filings", "clocks", "allegations", "findings", "officers", "journal_entries", "persons"):
            assert work.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name
    client = browser(client_as, make, clerk)
    assert "Waiting for you" in client.get("/office").text
    for path in ("/office/officers", "/office/users", "/office/journal", "/office/meetings", "/department"):
        assert client.get(path).status_code == 403, path
    assert client.get(f"/office/cases/{case.id}").status_code == 404


def test_a_digest_names_no_case_that_is_kept_from_its_reader(make: Make, work_as: WorkAs, case: Case) -> None:
    (clock,) = make.all(Clock)
    make.row(
        ClockWarning(
            id=clock.id,
            clock_id=clock.id,
            case_id=case.id,
            step=7,
            due_on=clock.due_on,
            raised_on=make.today,
            level="supervisor",
        )
    )
    supervisor, director = make.actor("supervisor").id, make.actor("director").id
    assert supervisor is not None
    assert director is not None
    with work_as(Actor.system("worker")) as work:
        roles = frozenset({"supervisor"})
        reader = digests.Reader(supervisor, "a@example.org", roles)
        assert [due.number for due in digests.digest_of(work, reader, most=9)] == [case.number]
    send(make, work_as, case, "member")
    with work_as(Actor.system("worker")) as work:
        assert digests.digest_of(work, reader, most=9) == []
        other = digests.Reader(director, "b@example.org", roles)
        assert [due.number for due in digests.digest_of(work, other, most=9)] == [case.number]


def test_nobody_lifts_a_way_past_the_code(make: Make, work_as: WorkAs, case: Case) -> None:
    send(make, work_as, case, "office")
    with work_as("director") as work:
        done = work.session.execute(text("UPDATE special_routes SET lifted_at = now()"))
        assert done.rowcount == 0
    for role in ("commissioner", "liaison"):
        with pytest.raises(ProgrammingError, match="permission denied"), work_as(role) as work:
            work.session.execute(text("SELECT route FROM special_routes"))
    assert make.all(SpecialRoute)[0].lifted_at is None


def test_a_new_colleague_does_not_see_it_either(make: Make, work_as: WorkAs, case: Case) -> None:
    send(make, work_as, case, "office")
    late = make.sign_in(make.account("investigator"), "investigator")[0]
    with work_as(late) as work:
        assert set(unseen(work, case).values()) == {0}
    assert make.all(Account, name=late.name)[0].outsider is None
    assert late.door is Door.OFFICE


def test_the_health_page_says_who_is_missing_and_not_for_whom(make: Make, client_as: ClientAs) -> None:
    client = client_as("administrator")
    page = client.get("/office/health").text
    assert "Would be read by nobody" in page
    assert "the city clerk" in page
    assert "Against our own office" not in page
    for role in ("director", "investigator"):
        make.account(role)
    outsider(make)
    assert "Can each be taken by somebody" in client.get("/office/health").text
