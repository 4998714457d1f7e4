"""Ways round the wall of a special route, and past the one step for which somebody from outside is asked."""

import json

import pytest
from sqlalchemy import text

from app.access import halves
from app.access.actor import Actor
from app.access.records import SecondHalf, SpecialRoute
from app.access.work import House
from app.audit.records import JournalEntry
from app.cases import actions, queries
from app.cases.commands import AddTask, WriteNote
from app.cases.records import Note, Task
from app.intake import actions as intake
from app.intake.commands import OpenIdentity, SendAnotherWay
from app.intake.events import FilerNamed
from app.kernel.errors import NotAllowed, NotFound
from app.people.actions import keep_filer
from app.people.rules import OpeningReason, Who
from app.policy.loader import Rulebooks
from tests.cases.test_small_offices import AGREE, REASON, Office, office  # noqa: F401
from tests.clocks.books import corrected
from tests.conftest import WorkAs
from tests.make import Make


def test_whoever_is_only_asked_about_a_finding_neither_takes_the_case_nor_learns_who_filed(
    make: Make,
    work_as: WorkAs,
    office: Office,  # noqa: F811
) -> None:
    case = make.case()
    filing = make.filing(case_id=case.id, screened_at=make.now, outcome="investigate")
    with work_as(office.ada) as work:
        halves.note_first(work, work.book, halves.FINDING, case.id, case_id=case.id)
        work.happened(halves.HalfAsked(case_id=case.id, half_id=case.id, step=halves.FINDING))
    with work_as(Actor.system("worker")) as work:
        keep_filer(work, filing.id, Who("Ines Marlow", "", ""))
        work.happened(FilerNamed(filing_id=filing.id, anonymity="named"))
    before = make.tags()
    with work_as(office.clerk) as work:
        assert queries.get_case(work, case.id).id == case.id
    with pytest.raises(NotAllowed), work_as(office.clerk) as work:
        actions.send_another_way(work, case.id, SendAnotherWay(route="office"))
    with pytest.raises(NotAllowed), work_as(office.clerk) as work:
        intake.open_filer(work, filing.id, REASON)
    with pytest.raises(NotAllowed), work_as(office.clerk) as work:
        actions.seek_filer(work, case.id)
    assert (make.all(SpecialRoute), make.tags()) == ([], before)


def test_whoever_is_only_asked_about_a_finding_adds_nothing_else_to_the_case(
    make: Make,
    work_as: WorkAs,
    office: Office,  # noqa: F811
) -> None:
    case = make.case()
    with work_as(office.ada) as work:
        halves.note_first(work, work.book, halves.FINDING, case.id, case_id=case.id)
        work.happened(halves.HalfAsked(case_id=case.id, half_id=case.id, step=halves.FINDING))
    before = make.tags()
    with pytest.raises(NotAllowed), work_as(office.clerk) as work:
        actions.write_note(work, case.id, WriteNote(body="I was here.", reader="team"))
    with pytest.raises(NotAllowed), work_as(office.clerk) as work:
        actions.add_task(work, case.id, AddTask(title="Ring the chief"))
    assert (make.all(Note), make.all(Task), make.tags()) == ([], [], before)


def test_what_was_asked_about_a_filing_is_behind_the_wall_of_its_case(
    make: Make,
    work_as: WorkAs,
    office: Office,  # noqa: F811
) -> None:
    filing = make.filing(anonymity="named")
    with work_as(Actor.system("worker")) as work:
        keep_filer(work, filing.id, Who("Ines Marlow", "", ""))
        work.happened(FilerNamed(filing_id=filing.id, anonymity="named"))
    with work_as(office.ada) as work:
        intake.open_filer(work, filing.id, REASON)
    (half,) = make.all(SecondHalf)
    case = make.case()
    with make.owner() as session:
        session.get_one(type(filing), filing.id).case_id = case.id
        session.commit()
    director = make.sign_in(make.account("director"), "director")[0]
    with work_as(director) as work:
        assert [each.id for each in halves.waiting_halves(work)] == [half.id]
    with work_as(office.ada) as work:
        actions.send_another_way(work, case.id, SendAnotherWay(route="member", person_id=director.id))
    with work_as(director) as work:
        assert halves.waiting_halves(work) == []
        for table in ("second_halves", "persons", "identities"):
            assert work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
        with pytest.raises(NotFound):
            actions.decide_half(work, half.id, AGREE)


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_where_anybody_else_may_be_second_it_is_one_who_may_read_cases(
    make: Make, work_as: WorkAs, house: House, role: str
) -> None:
    anybody = corrected(make.book, "second_persons:\n  identity: {by: [], authority: Charter 12}\n")
    object.__setattr__(house, "policies", Rulebooks([anybody]))
    filing = make.filing(anonymity="named")
    with work_as(Actor.system("worker")) as work:
        keep_filer(work, filing.id, Who("Ines Marlow", "", ""))
        work.happened(FilerNamed(filing_id=filing.id, anonymity="named"))
    with work_as("intake") as work:
        intake.open_filer(work, filing.id, REASON)
    (half,) = make.all(SecondHalf)
    with pytest.raises(NotFound), work_as(role) as work:
        actions.decide_half(work, half.id, AGREE)
    assert make.all(SecondHalf)[0].state == halves.ASKED
    with work_as("supervisor") as work:
        actions.decide_half(work, half.id, AGREE)
    assert make.all(SecondHalf)[0].state == halves.GRANTED


def test_who_filed_is_opened_for_the_reason_that_was_agreed_to(make: Make, work_as: WorkAs, house: House) -> None:
    two = corrected(make.book, "second_persons:\n  identity: {by: [director], authority: Charter 12}\n")
    object.__setattr__(house, "policies", Rulebooks([two]))
    filing = make.filing(anonymity="named")
    with work_as(Actor.system("worker")) as work:
        keep_filer(work, filing.id, Who("Ines Marlow", "", ""))
        work.happened(FilerNamed(filing_id=filing.id, anonymity="named"))
    agreed, other = list(OpeningReason)[:2]
    with work_as("intake") as work:
        intake.open_filer(work, filing.id, OpenIdentity(reason=agreed))
    (half,) = make.all(SecondHalf)
    with work_as("director") as work:
        actions.decide_half(work, half.id, AGREE)
    with work_as("intake") as work:
        assert intake.open_filer(work, filing.id, OpenIdentity(reason=other)) == Who("Ines Marlow", "", "")
    (entry,) = make.all(JournalEntry, tag="people:identity:opened")
    assert json.loads(entry.body)["facts"]["reason"] == agreed
