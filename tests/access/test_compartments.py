"""What is kept in a compartment is found by nobody outside it: no row, no count, no entry, no word."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from app.access.compartments import Kind, inside, together
from app.access.permissions import AccessRules, Role
from app.access.records import CompartmentReading
from app.access.work import House
from app.cases.records import Case, Note
from app.infra.db import Door
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

# Who may read cases at all behind the office's door, and of each kind who is inside without leading the case.
READERS = ("intake", "investigator", "supervisor", "counsel", "director", "analyst", "mediator")
INSIDE = {
    Kind.COMPELLED: {"investigator", "supervisor", "counsel", "director"},
    Kind.JUVENILE: {"intake", "supervisor", "counsel", "director"},
    Kind.COURT_SEALED: {"counsel", "director"},
    Kind.WHISTLEBLOWER: {"director"},
    Kind.MEDIATION: {"mediator"},
    Kind.DEFENDING_COUNSEL: {"counsel", "director"},
}
WORD = "Wachtelkoenig"


def note(make: Make, case: Case, *kinds: str, body: str = WORD) -> Note:
    author = make.actor("administrator")
    given = {"reader": "team", "body": body, "written_by_id": author.id, "written_at": make.now}
    return make.row(Note(id=uuid4(), case_id=case.id, compartments=list(kinds), **given))


# --- the rules ---


def test_the_file_a_lawyer_reads_and_the_database_say_the_same(house: House, access: AccessRules, make: Make) -> None:
    with make.owner() as session:
        said = session.execute(text("SELECT * FROM compartment_rules()")).all()
    assert {row.kind for row in said} == {str(kind) for kind in Kind}
    for row in said:
        rule = access.compartments[Kind(row.kind)]
        found = (set(row.inside), set(row.if_leading), set(row.never_roles), row.never_side)
        assert found == (set(rule.inside), set(rule.if_leading), set(rule.never_roles), rule.never_side), row.kind


@pytest.mark.parametrize("kind", list(Kind))
def test_who_is_inside_by_role(access: AccessRules, kind: Kind) -> None:
    found = {role for role in READERS if access.compartments[kind].admits({role}, leading=False)}
    assert found == INSIDE[kind]
    assert not access.compartments[kind].admits({Role.FILER, Role.ADMINISTRATOR, Role.AUDITOR})


def test_a_role_that_is_never_inside_stays_outside_whatever_else_it_is(access: AccessRules) -> None:
    assert access.compartments[Kind.MEDIATION].admits({Role.MEDIATOR})
    assert not access.compartments[Kind.MEDIATION].admits({Role.MEDIATOR, Role.INVESTIGATOR})
    assert "mediation" not in inside(access.compartments, {Role.MEDIATOR, Role.COMMISSIONER})


def test_what_is_made_from_several_things_is_kept_as_all_of_them() -> None:
    assert together(["juvenile"], [], ["compelled", "juvenile"]) == ["compelled", "juvenile"]


# --- unseen by ---


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("kind", list(Kind))
def test_unseen_by_whoever_is_outside_in_any_way_of_asking(make: Make, work_as: WorkAs, kind: Kind, role: str) -> None:
    case = make.case()
    note(make, case, kind)
    note(make, case, body="plain")
    expected = 2 if role in INSIDE[kind] else 1
    with work_as(role) as work:
        assert len(work.session.scalars(select(Note)).all()) == expected
        assert work.session.scalar(select(func.count()).select_from(Note)) == expected
        assert len(work.session.execute(select(Note.body).where(Note.case_id == case.id)).all()) == expected
        nested = select(func.count()).select_from(Note).where(Note.case_id == case.id).scalar_subquery()
        assert work.session.scalar(select(nested)) == expected
        # Past our own code: what the office's role itself is shown.
        assert work.session.execute(text("SELECT count(*) FROM notes")).scalar_one() == expected


@pytest.mark.parametrize("role", READERS)
def test_the_first_lock_holds_where_the_second_is_taken_away(make: Make, work_as: WorkAs, role: str) -> None:
    case = make.case()
    note(make, case, "mediation")
    make.databases.check_references()
    with make.owner() as session:
        session.execute(text("ALTER TABLE notes DISABLE ROW LEVEL SECURITY"))
        session.commit()
    with work_as(role) as work:
        assert len(work.session.scalars(select(Note)).all()) == (role == "mediator")


def test_two_marks_need_somebody_inside_both(make: Make, work_as: WorkAs) -> None:
    note(make, make.case(), "compelled", "court_sealed")
    for role, sees in (("investigator", 0), ("supervisor", 0), ("counsel", 1)):
        with work_as(role) as work:
            assert work.session.execute(text("SELECT count(*) FROM notes")).scalar_one() == sees, role


def test_whoever_leads_the_case_is_inside_there_and_nowhere_else(make: Make, work_as: WorkAs) -> None:
    mine = make.case(lead_id=make.actor("investigator").id)
    note(make, mine, "court_sealed", body="mine")
    note(make, make.case(), "court_sealed", body="theirs")
    with work_as("investigator") as work:
        assert work.session.execute(text("SELECT body FROM notes")).scalars().all() == ["mine"]


def test_without_a_session_the_office_sees_nothing_that_is_kept(make: Make, house: House) -> None:
    note(make, make.case(), "compelled")
    with house.databases.session(Door.OFFICE) as session:
        assert session.execute(text("SELECT count(*) FROM notes")).scalar_one() == 0


@pytest.mark.parametrize("kind", ["juvenile", "court_sealed"])
@pytest.mark.parametrize("role", READERS)
def test_a_whole_case_is_not_there_for_whoever_is_outside(
    make: Make, client_as: ClientAs, work_as: WorkAs, role: str, kind: str
) -> None:
    case = make.case(compartments=[kind], narrative=WORD)
    filing = make.filing(case_id=case.id, screened_at=make.now, narrative=WORD)
    client, sees = client_as(role), role in INSIDE[Kind(kind)]
    assert client.get(f"/office/cases/{case.id}").status_code == (200 if sees else 404)
    for page in ("/office/cases", f"/office/cases?q={WORD}", "/office"):
        assert (case.number in client.get(page).text) <= sees, page
    with work_as(role) as work:
        for table, key in (("cases", case.id), ("filings", filing.id)):
            found = work.session.execute(text(f"SELECT count(*) FROM {table} WHERE id = :id"), {"id": key}).scalar_one()
            assert found == sees, table


# --- what is kept stays kept, and who has read it has read it ---


@pytest.mark.parametrize("door", [Door.OFFICE, Door.WORKER])
def test_a_mark_is_never_taken_away(make: Make, house: House, work_as: WorkAs, door: Door) -> None:
    kept = note(make, make.case(), "compelled")
    with make.owner() as session, pytest.raises(Exception, match="stays there"):
        session.execute(text("UPDATE notes SET compartments = '{}' WHERE id = :id"), {"id": kept.id})


def test_whoever_loads_it_has_read_it_once_and_for_ever(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    note(make, case, "compelled")
    note(make, case, body="plain")
    for _ in range(2):
        with work_as("investigator") as work:
            work.session.scalars(select(Note)).all()
    (reading,) = make.all(CompartmentReading)
    assert (reading.case_id, reading.kind, reading.role) == (case.id, "compelled", "investigator")
    assert make.tags() == ["access:compartment:read"]
