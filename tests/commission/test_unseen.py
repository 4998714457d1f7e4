"""A recused member sees nothing of the case: on no page, by no program, and not in the database itself."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.audit.records import JournalEntry
from app.commission import actions, queries
from app.commission.commands import CastVote, DeclareRecusal, PlanClosedSession, PutMotion, RecordWord
from app.commission.records import Motion, Packet
from app.kernel.errors import NotFound
from tests.commission.conftest import GROUND, Table, grounded, word
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make

CASE_TABLES = (
    "cases",
    "docket_items",
    "packets",
    "motions",
    "votes",
    "recusals",
    "closed_sessions",
    "session_words",
    "allegations",
    "findings",
    "clocks",
    "recommendations",
)


@pytest.fixture
def recused(table: Table, make: Make, work_as: WorkAs) -> Actor:
    """The first member, recused from the case, on which a packet, a motion and a vote are on file."""
    table.packet()
    make.finding(table.allegation)
    make.clock(table.case, make.book.deadlines[0].code)
    grounded(make)
    table.begin()
    with work_as("secretary") as work:
        actions.plan_closed_session(work, table.case.id, PlanClosedSession(ground=GROUND))
        work.flush()
        said = {"kind": "told", "told_on": make.today, "told_at": "08:00", "proof": "Letter"}
        told = RecordWord.model_validate(said | {"officer_id": table.allegation.officer_id})
        actions.record_word(work, table.case.id, told)
    with work_as(table.members[1]) as work:
        ask = PutMotion(subject_id=table.allegation.id, proposal=word(make))
        motion = actions.put_motion(work, table.case.id, ask)
    with work_as(table.members[1]) as work:
        actions.cast_vote(work, table.case.id, motion.id, CastVote(choice="yes"))
    with work_as(table.members[0]) as work:
        actions.declare_recusal(work, table.case.id, DeclareRecusal(ground="money", sure="yes"))
    return table.members[0]


def browser(client_as: ClientAs, make: Make, actor: Actor) -> Client:
    client: Client = client_as()
    return client.signed_in(make.secret_of(actor))


def test_no_row_of_the_case_leaves_the_database(table: Table, recused: Actor, make: Make, work_as: WorkAs) -> None:
    with work_as(recused) as work:
        mine = {name: work.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in CASE_TABLES}
    assert mine == dict.fromkeys(CASE_TABLES, 0)
    with work_as(table.members[1]) as work:
        seen = work.session.execute(text("SELECT number FROM cases")).scalars().all()
    assert seen == [table.case.number]


def test_the_wall_cannot_be_lifted_or_passed_by_whom_it_stands_before(
    table: Table, recused: Actor, make: Make, work_as: WorkAs
) -> None:
    for statement in (
        "UPDATE walls SET lifted_at = now()",
        "DELETE FROM walls",
        "UPDATE recusals SET ground = 'x'",
        "SELECT * FROM identities",
        "SELECT * FROM persons",
        "SELECT * FROM filings",
        "SELECT * FROM evidence_items",
        "SELECT * FROM notes",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), work_as(recused) as work:
            work.session.execute(text(statement))


def test_nobody_votes_or_recuses_for_another_even_past_the_code(table: Table, make: Make, work_as: WorkAs) -> None:
    table.begin()
    with work_as(table.members[1]) as work:
        motion = actions.put_motion(work, table.case.id, PutMotion(subject_id=table.allegation.id, proposal=word(make)))
    given = {"m": motion.id, "a": table.members[2].id, "c": table.case.id}
    for statement in (
        "INSERT INTO votes (motion_id, account_id, case_id, choice, cast_at, last_entry_id) "
        "VALUES (:m, :a, :c, 'yes', now(), :m)",
        "INSERT INTO recusals (id, case_id, account_id, ground, declared_at, last_entry_id) "
        "VALUES (gen_random_uuid(), :c, :a, 'x', now(), :m)",
        "INSERT INTO walls (id, account_id, case_id, kind, raised_at, last_entry_id) "
        "VALUES (gen_random_uuid(), :a, :c, 'recusal', now(), :m)",
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), work_as(table.members[1]) as work:
            work.session.execute(text(statement), given)


def test_no_page_of_the_room_names_the_case(table: Table, recused: Actor, make: Make, client_as: ClientAs) -> None:
    (packet,) = make.all(Packet)
    client = browser(client_as, make, recused)
    for path in ("/commission", "/commission/meetings", f"/commission/meetings/{table.meeting.id}"):
        page = client.get(path)
        assert page.status_code == 200
        assert table.case.number not in page.text
        assert str(table.case.id) not in page.text
        assert "recused" not in page.text.lower().replace("declare a recusal", "")
    for path in (f"/commission/cases/{table.case.id}", f"/commission/packets/{packet.id}"):
        assert client.get(path).status_code == 404
    assert browser(client_as, make, table.members[1]).get(f"/commission/cases/{table.case.id}").status_code == 200


def test_no_change_reaches_the_case_any_more(table: Table, recused: Actor, make: Make, client_as: ClientAs) -> None:
    (motion,) = make.all(Motion)
    client = browser(client_as, make, recused)
    case = f"/commission/cases/{table.case.id}"
    before = len(make.tags())
    for path, fields in (
        (f"{case}/motions/put", {"subject_id": str(table.allegation.id), "proposal": word(make)}),
        (f"{case}/motions/{motion.id}/vote", {"choice": "no"}),
        (f"{case}/recusal/declare", {"ground": "family", "sure": "yes"}),
    ):
        assert client.submit(path, **fields).status_code == 404
    assert len(make.tags()) == before


def test_the_queries_know_it_without_the_database_too(
    table: Table, recused: Actor, make: Make, work_as: WorkAs
) -> None:
    with work_as(recused) as work:
        docket = queries.docket_of(work, queries.coming_meetings(work))
        assert [one for items in docket.values() for one in items] == []
        with pytest.raises(NotFound):
            queries.item_of_case(work, table.case.id)


def test_a_member_of_another_body_sees_no_docket(table: Table, make: Make, work_as: WorkAs) -> None:
    stranger = make.sign_in(make.account("commissioner"), "commissioner")[0]
    with work_as(stranger) as work:
        assert queries.coming_meetings(work) == []
        with pytest.raises(NotFound):
            queries.item_of_case(work, table.case.id)


def test_a_case_on_no_docket_is_not_in_the_room(make: Make, work_as: WorkAs, table: Table) -> None:
    make.case(number="2026-ELSEWHERE")
    with work_as("secretary") as work:
        assert work.session.execute(text("SELECT number FROM cases")).scalars().all() == [table.case.number]


def test_what_the_journal_keeps_of_a_recusal_is_no_name(table: Table, recused: Actor, make: Make) -> None:
    bodies = [json.loads(entry.body) for entry in make.all(JournalEntry, tag="commission:recusal:declared")]
    assert [body["facts"]["ground"] for body in bodies] == ["money"]
    assert recused.display_name not in json.dumps(bodies)
