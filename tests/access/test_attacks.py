"""What somebody could do who speaks SQL through a door: nothing that the door's pages would not let them do."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.access.actor import Actor
from app.cases.records import CaseLink
from app.clocks.records import Pause
from app.infra.db import Door
from tests.conftest import WorkAs
from tests.make import Make

ENTRY = (
    "INSERT INTO journal_entries (id, at, tag, actor_kind, actor_id, body{more})"
    " VALUES (:id, now(), 't', :kind, :by, ''{given})"
)
OUTSIDE = ("liaison", "commissioner")


@pytest.fixture
def anonymous_at(make: Make) -> Callable[[Door], Actor]:
    return lambda door: Actor.anyone(door, frozenset())


@pytest.mark.parametrize("role", OUTSIDE)
def test_whoever_is_outside_the_office_reads_no_session_but_their_own(role: str, make: Make, work_as: WorkAs) -> None:
    for other in ("director", "commissioner", "liaison", "investigator"):
        make.sign_in(make.account(other), other)
    actor = make.actor(role)
    with work_as(actor) as work:
        seen = work.session.execute(text("SELECT secret_hash, account_id FROM sessions")).all()
        end = text("UPDATE sessions SET revoked_at = now() WHERE account_id <> :me RETURNING account_id")
        assert work.session.execute(end, {"me": actor.id}).all() == []
    assert [bytes(row.secret_hash) for row in seen] == [actor.session_hash]


def test_a_wall_stands_while_its_session_is_being_ended(make: Make, work_as: WorkAs) -> None:
    """Signing out in one window must not open, in another, the case from which one is kept."""
    case, actor = make.case(number="2026-WALLED"), make.actor("investigator")
    make.wall(case, actor)
    with work_as(actor) as work:
        assert work.session.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0
        work.session.execute(text("UPDATE sessions SET revoked_at = now() WHERE account_id = :me"), {"me": actor.id})
        assert work.session.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0
        found = "SELECT count(*) FROM search_cases('traffic', NULL, NULL, NULL, 'due_on', NULL, NULL, 50)"
        assert work.session.execute(text(found)).scalar_one() == 0


def test_pauses_and_links_of_a_walled_case_are_behind_its_wall(make: Make, work_as: WorkAs) -> None:
    case, other, actor = make.case(), make.case(), make.actor("investigator")
    clock = make.clock(case, make.book.deadlines[0].code)
    make.row(Pause(id=uuid4(), clock_id=clock.id, kind="x", reason="The filer is in hospital.", from_on=make.today))
    make.row(CaseLink(case_id=case.id, other_id=other.id, kind="same"))
    make.row(CaseLink(case_id=other.id, other_id=case.id, kind="same"))
    seen = text("SELECT (SELECT count(*) FROM pauses), (SELECT count(*) FROM case_links)")
    with work_as(actor) as work:
        assert tuple(work.session.execute(seen).one()) == (1, 2)
    make.wall(case, actor)
    with work_as(actor) as work:
        assert tuple(work.session.execute(seen).one()) == (0, 0)


@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_outside_writes_the_journal_in_another_s_name(role: str, make: Make, work_as: WorkAs) -> None:
    director = make.actor("director")
    for kind, by in (("account", director.id), ("system:worker", None), ("anyone", None)):
        with pytest.raises(ProgrammingError, match="row-level security"), work_as(role) as work:
            work.session.execute(text(ENTRY.format(more="", given="")), {"id": uuid4(), "kind": kind, "by": by})


def test_a_resident_s_entry_names_no_account(
    make: Make, work_as: WorkAs, anonymous_at: Callable[[Door], Actor]
) -> None:
    director = make.actor("director")
    for kind, by in (("account", director.id), ("system:worker", None), ("filer", director.id)):
        with pytest.raises(ProgrammingError, match="row-level security"), work_as(anonymous_at(Door.RESIDENT)) as work:
            work.session.execute(text(ENTRY.format(more="", given="")), {"id": uuid4(), "kind": kind, "by": by})


@pytest.mark.parametrize(
    "door", [Door.OFFICE, Door.COMMISSION, Door.DEPARTMENT, Door.RESIDENT, Door.WORKER, Door.PUBLISHER]
)
def test_no_entry_chooses_its_own_place_in_the_order(
    door: Door, make: Make, work_as: WorkAs, anonymous_at: Callable[[Door], Actor]
) -> None:
    """An entry with an old transaction number would lie before what is sealed, and never be sealed itself."""
    asked = {"id": uuid4(), "kind": "anyone", "by": None}
    with pytest.raises(ProgrammingError, match="permission denied"), work_as(anonymous_at(door)) as work:
        work.session.execute(text(ENTRY.format(more=", xid", given=", '3'::xid8")), asked)


def test_a_resident_sets_no_job_going(make: Make, work_as: WorkAs, anonymous_at: Callable[[Door], Actor]) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), work_as(anonymous_at(Door.RESIDENT)) as work:
        work.session.execute(text("SELECT defer_job('publish_release', '{}', :id)"), {"id": uuid4()})


def test_the_department_reads_no_officer_that_no_recommendation_names(make: Make, work_as: WorkAs) -> None:
    make.officer(is_unknown=True, last_name="", first_name="", description="Tall, he knows my sister Ana.")
    make.officer(department_id=make.book.departments[1].code)
    with work_as("liaison") as work:
        assert work.session.execute(text("SELECT count(*) FROM officers")).scalar_one() == 0


def test_the_department_adds_no_custody_to_a_case_it_was_not_asked_about(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    statement = (
        "INSERT INTO custody_events (id, item_id, case_id, kind, by_id, at, last_entry_id)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), :c, 'opened', :by, now(), :c)"
    )
    actor = make.actor("liaison")
    with pytest.raises(DBAPIError, match="row-level security"), work_as(actor) as work:
        work.session.execute(text(statement), {"c": case.id, "by": actor.id})
