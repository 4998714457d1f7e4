"""An identity is erased by two people, never over a hold, and for ever; the complaint stays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from app.access import halves
from app.access.actor import Actor
from app.access.records import SecondHalf
from app.cases import actions as cases
from app.cases.commands import DecideHalf
from app.intake import actions as intake
from app.intake.records import Filing
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, StepUpNeeded
from app.people import actions, queries
from app.people.commands import AskErasing, SetHold
from app.people.records import Erasure, Hold, Identity, IdentityKey
from app.people.rules import ErasingReason, Who
from tests.conftest import NOW, WorkAs
from tests.make import Make
from tests.people.test_vault import ADA, ask, kept, person_of, read

ERASE = AskErasing(reason=ErasingReason.ASKED, refers_to="letter of 3 March")
HOLD = SetHold(issuer="District court", reason="Civil case")


def asked(make: Make, work_as: WorkAs, filing: Filing, who: str = "supervisor") -> SecondHalf:
    with work_as(who) as work:
        return actions.ask_erasing(work, person_of(make, filing), filing.number, ERASE)


def decided(work_as: WorkAs, half: SecondHalf, who: str = "director", answer: str = "agree") -> None:
    words = "" if answer == "agree" else "The trial is not over."
    with work_as(who) as work:
        cases.decide_half(work, half.id, DecideHalf(answer=answer, words=words))


def erased(work_as: WorkAs, half: SecondHalf) -> None:
    with work_as(Actor.system("erase_identity")) as work:
        actions.erase_agreed(work, half.id)


def state(make: Make) -> tuple[bool, int]:
    (key,) = make.all(IdentityKey)
    return key.wrapped_key is not None, len(make.all(Erasure))


def test_two_people_erase_a_name_and_the_complaint_stays(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as, case_id=make.case().id)
    person = person_of(make, filing)
    half = asked(make, work_as, filing)
    assert state(make) == (True, 0)
    decided(work_as, half)
    for _ in range(2):
        erased(work_as, half)
    assert state(make) == (False, 1)
    assert read(work_as, person) == Who()
    (row,) = make.all(Identity)
    assert (row.email_index, row.phone_index, row.name_index) == (None, None, None)
    with work_as("intake") as work:
        assert intake.look_up_filer(work, ask(name=ADA.name)) == []
        assert not queries.has_identity(work, person)
        assert intake.open_filing(work, filing.id).narrative == filing.narrative
    (certificate,) = make.all(Erasure)
    assert certificate.backups_end_on == date(2026, 3, 16) + timedelta(days=make.house.vault_days)
    assert (certificate.reason, certificate.refers_to) == ("asked", "letter of 3 March")
    assert {certificate.asked_by_id, certificate.agreed_by_id} == {make.actor(r).id for r in ("supervisor", "director")}
    assert make.tags().count("people:identity:erased") == 1
    with work_as("supervisor") as work, pytest.raises(Refused, match="no identity"):
        actions.ask_erasing(work, person, filing.number, ERASE)


def test_whoever_asked_does_not_agree_and_neither_does_whom_it_is_not_for(make: Make, work_as: WorkAs) -> None:
    half = asked(make, work_as, kept(make, work_as))
    for who in ("supervisor", "intake", "investigator", "counsel"):
        with work_as(who) as work, pytest.raises(NotAllowed):
            cases.decide_half(work, half.id, DecideHalf(answer="agree", words=""))
    for who in ("administrator", "auditor"):
        with work_as(who) as work, pytest.raises(NotFound):
            cases.decide_half(work, half.id, DecideHalf(answer="agree", words=""))
    erased(work_as, half)
    assert state(make) == (True, 0)


def test_what_the_second_person_refuses_is_not_erased(make: Make, work_as: WorkAs) -> None:
    half = asked(make, work_as, kept(make, work_as))
    decided(work_as, half, answer="refuse")
    erased(work_as, half)
    assert state(make) == (True, 0)


@pytest.mark.parametrize("role", ["intake", "investigator", "counsel", "analyst", "administrator", "auditor"])
def test_others_ask_for_no_erasure_and_set_no_hold(make: Make, work_as: WorkAs, role: str) -> None:
    person = person_of(make, kept(make, work_as))
    with work_as(role) as work, pytest.raises(NotAllowed):
        actions.ask_erasing(work, person, "1", ERASE)
    with work_as(role) as work, pytest.raises(NotAllowed):
        actions.set_hold(work, person, HOLD)
    assert make.all(SecondHalf) == make.all(Hold) == []


@pytest.mark.parametrize("whole_case", [False, True])
def test_a_hold_stops_asking_and_an_agreed_erasure(make: Make, work_as: WorkAs, whole_case: bool) -> None:
    filing = kept(make, work_as, case_id=make.case().id)
    person, half = person_of(make, filing), asked(make, work_as, filing)
    decided(work_as, half)
    with work_as("supervisor") as work:
        hold = actions.set_hold(work, person, HOLD.model_copy(update={"whole_case": whole_case}))
    assert (hold.person_id, hold.case_id) == ((None, filing.case_id) if whole_case else (person, None))
    erased(work_as, half)
    assert state(make) == (True, 0)
    assert "people:erasure:stopped" in make.tags()
    with work_as("director") as work, pytest.raises(Refused, match="hold"):
        actions.ask_erasing(work, person, filing.number, ERASE)


def test_two_people_lift_a_hold(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    person = person_of(make, filing)
    with work_as("supervisor") as work:
        hold = actions.set_hold(work, person, HOLD)
    with work_as("supervisor") as work:
        assert actions.lift_hold(work, hold.id, case_id=None).lifted_at is None
    with work_as("supervisor") as work, pytest.raises(NotAllowed, match="somebody else"):
        actions.lift_hold(work, hold.id, case_id=None)
    with work_as("director") as work:
        assert actions.lift_hold(work, hold.id, case_id=None).lifted_at == NOW
    assert make.tags()[-3:] == ["people:hold:set", "people:hold:lift_asked", "people:hold:lifted"]
    with work_as("director") as work, pytest.raises(NotFound):
        actions.lift_hold(work, hold.id, case_id=None)
    assert asked(make, work_as, filing).state == halves.ASKED


def test_without_a_fresh_proof_nobody_asks_or_lifts(make: Make, work_as: WorkAs) -> None:
    person = person_of(make, kept(make, work_as))
    stale = replace(make.actor("supervisor"), proved_at=None)
    with work_as(stale) as work, pytest.raises(StepUpNeeded):
        actions.ask_erasing(work, person, "1", ERASE)
    assert make.all(SecondHalf) == []


def test_without_a_fresh_proof_nobody_agrees_but_anybody_asked_may_refuse(make: Make, work_as: WorkAs) -> None:
    half = asked(make, work_as, kept(make, work_as))
    stale = replace(make.actor("director"), proved_at=None)
    with work_as(stale) as work, pytest.raises(StepUpNeeded):
        cases.decide_half(work, half.id, DecideHalf(answer="agree"))
    with work_as(stale) as work:
        refused = cases.decide_half(work, half.id, DecideHalf(answer="refuse", words="The trial is not over."))
    assert refused.state == halves.REFUSED


DESTROY = "UPDATE identity_keys SET wrapped_key = NULL"


@pytest.mark.parametrize("role", ["office", "worker", None])
def test_the_database_itself_destroys_no_key_without_two_people(make: Make, work_as: WorkAs, role: str | None) -> None:
    kept(make, work_as)
    _refused(make, role, DESTROY)
    assert state(make) == (True, 0)


def test_the_database_itself_keeps_what_is_held_and_gives_nothing_back(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    half = asked(make, work_as, filing)
    decided(work_as, half)
    with work_as("supervisor") as work:
        actions.set_hold(work, person_of(make, filing), HOLD)
    assert "hold" in _refused(make, "worker", DESTROY)
    with work_as("supervisor") as work:
        actions.lift_hold(work, make.all(Hold)[0].id, case_id=None)
    with work_as("director") as work:
        actions.lift_hold(work, make.all(Hold)[0].id, case_id=None)
    erased(work_as, half)
    assert state(make) == (False, 1)
    assert "erased" in _refused(make, None, "UPDATE identity_keys SET wrapped_key = '\\x01'")


def _refused(make: Make, door: str | None, words: str) -> str:
    with make.owner() as session:
        inner = session.begin_nested()
        connection = session.connection()
        if door:
            connection.exec_driver_sql(f'SET LOCAL ROLE "{make.databases.role(door)}"')
        with pytest.raises(DBAPIError) as refused:
            connection.exec_driver_sql(words)
        inner.rollback()
        connection.exec_driver_sql("RESET ROLE")
    return str(refused.value)


def test_a_small_board_names_who_agrees_to_destroying(make: Make, work_as: WorkAs) -> None:
    # Where the rulebook names nobody, supervisors and the director decide; the roles stand on the half itself.
    half = asked(make, work_as, kept(make, work_as))
    named = make.book.second_persons_for(halves.DESTRUCTION)
    assert half.by == list(named or halves.WHO_ERASES)
    assert half.what["refers_to"] == "letter of 3 March"


@pytest.mark.parametrize(
    "wrong", [{"reason": "because"}, {"refers_to": ""}, {"refers_to": "x" * 201}, {"refers_to": "a\x00"}]
)
def test_bad_words_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises((Invalid, ValueError)):
        AskErasing.model_validate({"reason": "asked", "refers_to": "a letter"} | wrong)
