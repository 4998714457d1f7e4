"""A compelled statement: what is made from it follows it, nothing goes out, and the criminal side never reads it."""

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access import sides
from app.access.actor import Actor
from app.access.compartments import Side
from app.access.records import CaseSide, CompartmentReading
from app.allegations import actions as finding
from app.allegations.commands import RecommendFinding, ReviewFinding
from app.allegations.records import Finding
from app.audit.records import JournalEntry
from app.cases import actions, queries
from app.cases.commands import AddTask, LogContact, NameSide, WriteNote
from app.cases.records import Case, CaseLink, ContactAttempt, Note, Task
from app.commission import jobs
from app.commission.records import Packet
from app.correspondence import actions as correspondence
from app.correspondence.commands import SendMessage
from app.correspondence.records import Message
from app.evidence import actions as evidence
from app.evidence import queries as files
from app.evidence.commands import AddFile, SendDemand
from app.evidence.records import CustodyEvent, Demand, EvidenceItem
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, StepUpNeeded
from tests.commission.conftest import Table, table  # noqa: F401
from tests.commission.test_packet import read, words_of
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

LABEL = "Statement of Officer Sample, March 2"
CRIMINAL = NameSide(account_id=UUID(int=0), side="criminal", reason="Lent to the prosecutor.")


def statement(make: Make, work_as: WorkAs, case: Case, keep: str = "compelled", label: str = LABEL) -> EvidenceItem:
    with work_as("investigator" if keep != "mediation" else "mediator") as work:
        sent = evidence.keep_file(work, "garrity.txt", io.BytesIO(b"I did what I was told to."), limit=1000)
        return evidence.add_file(work, case.id, AddFile(label=label, received_from="the officer", keep=keep), sent)


def criminal(make: Make, case: Case, role: str = "investigator") -> Actor:
    """Somebody of that role on the criminal side of a case, who has read nothing yet."""
    somebody = make.sign_in(make.account(role), role)[0]
    given = {"reason": "Lent to the prosecutor.", "named_by_id": make.actor("director").id, "named_at": make.now}
    make.row(CaseSide(id=uuid4(), account_id=somebody.id, case_id=case.id, side="criminal", **given))
    return somebody


def seen(work_as: WorkAs, who: str | Actor, relation: str = "evidence_items") -> int:
    with work_as(who) as work:
        return int(work.session.execute(text(f"SELECT count(*) FROM {relation}")).scalar_one())


# --- what it is made of follows it ---


def test_the_mark_is_on_the_file_on_who_held_it_and_on_its_entries(make: Make, work_as: WorkAs) -> None:
    item = statement(make, work_as, make.case())
    assert item.compartments == ["compelled"]
    assert [event.compartments for event in make.all(CustodyEvent)] == [["compelled"]]
    assert {entry.tag: entry.compartments for entry in make.all(JournalEntry)} == {
        "evidence:file:added": ["compelled"],
        "access:compartment:read": ["compelled"],
    }
    # Whoever took it knows it as its readers do.
    assert [(each.account_id, each.kind) for each in make.all(CompartmentReading)] == [
        (make.actor("investigator").id, "compelled")
    ]


@pytest.mark.parametrize("keep", ["mediation", "whistleblower", "secret"])
def test_nobody_puts_something_where_they_could_not_see_it(make: Make, work_as: WorkAs, keep: str) -> None:
    case = make.case()
    with pytest.raises(Invalid), work_as("investigator") as work:
        actions.write_note(work, case.id, WriteNote(reader="team", body="x", keep=keep))
    assert (make.all(Note), make.tags()) == ([], [])


def test_what_is_made_from_it_or_names_it_is_kept_as_it_is(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    item = statement(make, work_as, case)
    with work_as("investigator") as work:
        made = actions.write_note(work, case.id, WriteNote(reader="team", body="A summary.", made_from=(item.id,)))
        named = actions.write_note(work, case.id, WriteNote(reader="team", body=f"See {LABEL.upper()} again."))
        by_id = actions.write_note(work, case.id, WriteNote(reader="team", body=f"…/evidence/{item.id}/download"))
        plain = actions.write_note(work, case.id, WriteNote(reader="team", body="Rang the witness."))
        actions.add_task(work, case.id, AddTask(title=f"Compare with {LABEL}"))
        actions.log_contact(
            work, case.id, LogContact(channel="phone", result="reached", remark=f"About garrity.txt and {LABEL}")
        )
        work.flush()
        # What is made from what was made from it follows too.
        again = actions.write_note(work, case.id, WriteNote(reader="team", body="More.", made_from=(made.id,)))
    assert [each.compartments for each in (made, named, by_id, plain, again)] == [
        ["compelled"],
        ["compelled"],
        ["compelled"],
        [],
        ["compelled"],
    ]
    assert [each.compartments for kind in (Task, ContactAttempt) for each in make.all(kind)] == [["compelled"]] * 2


def test_a_list_to_choose_from_tells_nothing_that_only_a_reader_knows(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    """The label of a file is part of what it says: it stands on the page of files, and there it is read."""
    case, client = make.case(), client_as("supervisor")
    statement(make, work_as, case)
    me = make.actor("supervisor").id
    for page in ("", "/allegations", "/walls"):
        shown = client.get(f"/office/cases/{case.id}{page}")
        assert (shown.status_code, LABEL in shown.text) == (200, False), page
        assert ("Kept file 1, of " in shown.text) == (page != "/allegations")
        assert make.all(CompartmentReading, account_id=me) == []
    assert LABEL in client.get(f"/office/cases/{case.id}/evidence").text
    assert [row.kind for row in make.all(CompartmentReading, account_id=me)] == ["compelled"]


def test_nothing_is_made_from_what_one_does_not_see(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    item = statement(make, work_as, case, keep="mediation")
    with pytest.raises(Invalid), work_as("investigator") as work:
        actions.write_note(work, case.id, WriteNote(reader="team", body="x", made_from=(item.id,)))
    with work_as("investigator") as work:
        assert actions.write_note(work, case.id, WriteNote(reader="team", body=LABEL)).compartments == []


def test_a_finding_and_its_review_are_kept_as_what_they_are_made_from(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="investigating")
    item = statement(make, work_as, case)
    allegation = make.allegation(case, make.officer())
    with work_as("investigator") as work:
        ask = RecommendFinding(disposition="sustained", reasons="He said so himself.", made_from=(item.id,))
        finding.recommend_finding(work, allegation.id, ask)
    with make.owner() as session:
        session.get_one(Case, case.id).stage = "supervisor_review"
        session.commit()
    with work_as("supervisor") as work:
        finding.review_finding(work, allegation.id, ReviewFinding(agrees=True))
    assert [(each.life, each.compartments) for each in make.all(Finding)] == [
        ("investigator", ["compelled"]),
        ("supervisor", ["compelled"]),
    ]
    assert (seen(work_as, "analyst", "findings"), seen(work_as, "counsel", "findings")) == (0, 2)


def test_nothing_of_it_goes_out_in_a_demand_or_a_message(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    filing = make.filing(case_id=case.id, screened_at=make.now)
    statement(make, work_as, case)
    before = make.tags()
    with pytest.raises(Refused, match="kept"), work_as("investigator") as work:
        evidence.send_demand(work, case.id, SendDemand(kind="body_camera", wording=f"All that fits “{LABEL}”."))
    with pytest.raises(Refused, match="kept"), work_as("investigator") as work:
        correspondence.write_to_filer(work, filing.id, case.id, SendMessage(body=f"We have “{LABEL}”."))
    assert (make.all(Demand), make.all(Message), make.tags()) == ([], [], before)


def test_the_packet_holds_what_members_may_read_and_is_kept_as_that(
    table: Table,  # noqa: F811
    make: Make,
    work_as: WorkAs,
) -> None:
    statement(make, work_as, table.case)
    statement(make, work_as, table.case, keep="mediation", label="What was said at the table")
    with work_as(Actor.system("build_packet")) as work:
        jobs.build_packet(work, table.item.id)
    (packet,) = make.all(Packet)
    words = words_of(read(make, packet))
    assert "Statement of Officer Sample" in words
    assert "said at the table" not in words
    assert packet.compartments == ["compelled"]
    apart = criminal(make, table.case, "commissioner")
    assert (seen(work_as, table.members[0], "packets"), seen(work_as, apart, "packets")) == (1, 0)


# --- the two sides ---


def _shares_nothing(make: Make, case: Case) -> Case:
    return make.case()


def _shares_the_officer(make: Make, case: Case) -> Case:
    officer, other = make.officer(), make.case()
    make.allegation(case, officer)
    make.allegation(other, officer)
    return other


def _is_linked(make: Make, case: Case) -> Case:
    other = make.case()
    make.row(CaseLink(case_id=other.id, other_id=case.id, kind="same_incident", reason="x"))
    return other


def _has_day_and_place(make: Make, case: Case) -> Case:
    with make.owner() as session:
        found = session.get_one(Case, case.id)
        found.incident_date, found.incident_precision, found.place = date(2026, 3, 1), "day", "Oak Street "
        session.commit()
    return make.case(incident_date=date(2026, 3, 1), incident_precision="day", place="oak street")


@pytest.mark.parametrize(
    ("near", "sees"),
    [(_shares_nothing, 1), (_shares_the_officer, 0), (_is_linked, 0), (_has_day_and_place, 0)],
)
def test_the_criminal_side_reads_it_in_no_case_that_shares_officer_or_incident(
    make: Make, work_as: WorkAs, near: Any, sees: int
) -> None:
    case = make.case()
    statement(make, work_as, near(make, case))
    somebody = criminal(make, case)
    for relation in ("evidence_items", "custody_events"):
        assert seen(work_as, somebody, relation) == sees, relation
    assert seen(work_as, "supervisor") == 1


def test_whoever_was_on_the_criminal_side_may_read_it_afterwards(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    statement(make, work_as, case)
    somebody = criminal(make, case)
    (side,) = make.all(CaseSide)
    with work_as("supervisor") as work:
        actions.end_side(work, case.id, side.id)
    assert make.tags()[-1] == "access:side:ended"
    assert seen(work_as, somebody) == 1


def test_hard_case_10_a_compelled_statement_from_the_criminal_side_fails_and_is_journalled(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    case = make.case()
    item = statement(make, work_as, case)
    prosecutors = make.sign_in(make.account("investigator"), "investigator")
    with work_as("supervisor") as work:
        actions.name_side(work, case.id, CRIMINAL.model_copy(update={"account_id": prosecutors[0].id}))
    assert make.tags()[-1] == "access:side:named"
    client = client_as().signed_in(prosecutors[1])
    before = make.tags()
    missing = client.get(f"/office/cases/{case.id}/evidence/{uuid4()}/download")
    assert make.tags() == before
    kept = client.get(f"/office/cases/{case.id}/evidence/{item.id}/download")
    assert (missing.status_code, kept.status_code) == (404, 404)
    told = [re.sub(r'nonce="[^"]*"', "", answer.text) for answer in (missing, kept)]
    assert told[0] == told[1]
    (entry,) = make.all(JournalEntry, tag="access:compartment:refused")
    assert (entry.actor_id, entry.case_id, entry.compartments) == (prosecutors[0].id, case.id, ["compelled"])
    for page in ("", "/evidence", "/allegations", "/milestones"):
        assert LABEL not in client.get(f"/office/cases/{case.id}{page}").text
    with work_as("supervisor") as work:
        assert "Tried to open what is kept" in str(queries.activity_of(work, queries.get_case(work, case.id)))
    with work_as("analyst") as work:
        assert "kept" not in str(queries.activity_of(work, queries.get_case(work, case.id)))


def test_whoever_has_read_it_is_never_put_on_the_criminal_side(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    near = _shares_the_officer(make, case)
    item = statement(make, work_as, near)
    with work_as("counsel") as work:
        files.get_item(work, item.id)
    reader = make.actor("counsel").id
    with pytest.raises(Refused, match=r"As counsel .* first on .* can never be"), work_as("supervisor") as work:
        actions.name_side(work, case.id, CRIMINAL.model_copy(update={"account_id": reader}))
    assert make.all(CaseSide) == []
    (entry,) = make.all(JournalEntry, tag="access:side:refused")
    assert entry.case_id == case.id
    assert b'"role":"counsel"' in entry.body
    # Another side keeps nothing compelled from anybody.
    with work_as("supervisor") as work:
        actions.name_side(work, case.id, NameSide(account_id=reader, side="defending", reason="Defends the city."))


def test_whoever_advises_is_not_put_where_they_would_defend(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    with work_as("counsel") as work:
        actions.write_note(work, case.id, WriteNote(reader="team", body="In confidence.", keep="defending_counsel"))
    defends = NameSide(account_id=make.actor("counsel").id, side="defending", reason="Took the lawsuit.")
    with pytest.raises(Refused, match="defends"), work_as("director") as work:
        actions.name_side(work, case.id, defends)
    other = make.sign_in(make.account("counsel"), "counsel")[0]
    with work_as("director") as work:
        actions.name_side(work, case.id, defends.model_copy(update={"account_id": other.id}))
    assert (seen(work_as, other, "notes"), seen(work_as, "director", "notes")) == (0, 1)


def test_whoever_names_a_side_does_not_learn_what_is_kept_from_them(make: Make, work_as: WorkAs) -> None:
    """That counsel was told something in confidence is for counsel and the director, and for no supervisor."""
    case = make.case()
    with work_as("counsel") as work:
        actions.write_note(work, case.id, WriteNote(reader="team", body="In confidence.", keep="defending_counsel"))
    defends = NameSide(account_id=make.actor("counsel").id, side="defending", reason="Took the lawsuit.")
    with pytest.raises(Refused) as refused, work_as("supervisor") as work:
        actions.name_side(work, case.id, defends)
    assert refused.value.words == "This person can never be put on this side. Ask counsel why."
    assert make.all(CaseSide) == []


def test_sql_as_the_offices_role_passes_neither_way(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    statement(make, work_as, case)
    somebody = criminal(make, case)
    reads = "INSERT INTO compartment_readings VALUES (:who, :case, 'compelled', 'x', now(), gen_random_uuid())"
    names = (
        "INSERT INTO case_sides VALUES (gen_random_uuid(), :who, :case, 'criminal', 'x', :by, now(), NULL,"
        " gen_random_uuid())"
    )
    reader, by = make.actor("investigator").id, make.actor("director").id
    for statement_, who in ((reads, somebody.id), (names, reader)):
        with pytest.raises(ProgrammingError, match="row-level security"), work_as("supervisor") as work:
            work.session.execute(text(statement_), {"who": who, "case": case.id, "by": by})
    with pytest.raises(ProgrammingError, match="row-level security"), work_as("intake") as work:
        work.session.execute(
            text(
                "INSERT INTO notes (id, case_id, reader, body, written_by_id, written_at, last_entry_id, compartments)"
                " VALUES (gen_random_uuid(), :case, 'team', 'x', :by, now(), gen_random_uuid(), '{compelled}')"
            ),
            {"case": case.id, "by": by},
        )
    for change in ("DELETE FROM compartment_readings", "UPDATE compartment_readings SET kind = 'x'"):
        with pytest.raises(ProgrammingError, match="permission denied"), work_as("supervisor") as work:
            work.session.execute(text(change))


def test_sides_are_named_by_whoever_assigns_and_proves_to_be_themselves(make: Make, work_as: WorkAs) -> None:
    case, who = make.case(), make.account("investigator")
    ask = CRIMINAL.model_copy(update={"account_id": who.id})
    with pytest.raises(NotAllowed), work_as("investigator") as work:
        actions.name_side(work, case.id, ask)
    unproved = replace(make.actor("supervisor"), proved_at=None)
    with pytest.raises(StepUpNeeded), work_as(unproved) as work:
        actions.name_side(work, case.id, ask)
    with pytest.raises(NotFound), work_as("supervisor") as work:
        sides.name_side(work, case.id, uuid4(), Side.CRIMINAL, "x")
    assert (make.all(CaseSide), make.tags()) == ([], [])
    with work_as("supervisor") as work:
        actions.name_side(work, case.id, ask)
    with pytest.raises(Refused, match="already"), work_as("supervisor") as work:
        actions.name_side(work, case.id, ask)
    assert make.tags() == ["access:side:named"]
