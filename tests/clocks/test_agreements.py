"""More time by agreement: each party's word with its day and proof, and no grant where the law wants none."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from app.cases.records import Case
from app.clocks import actions, queries
from app.clocks.commands import AskExtension, Decide, NoteAgreement
from app.clocks.records import Agreement, Clock, Extension
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from tests.clocks.books import corrected
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

WithBooks = Callable[[Sequence[Rulebook]], None]
LAW = """
charge:
  label: Charge the officer
  amount: 30
  unit: days
  roll: none
  starts: [discovery]
  stops: [charges_served, case_closed]
  extension: {amount: 60, unit: days, times: 1, agreed_by: [officer, department], before_lapse: true}
  authority: Charter 12.99
"""
SIGNED = "The signed waiver, page 2."


@pytest.fixture
def clock(make: Make, with_books: WithBooks) -> Clock:
    found = corrected(make.book, deadlines=LAW)
    with_books([found])
    case = make.case(policy_id=found.policy_id, due_on=make.today + timedelta(days=10))
    return make.clock(
        case,
        "charge",
        started_by="discovery",
        started_on=make.today - timedelta(days=20),
        due_on=make.today + timedelta(days=10),
    )


def ask(make: Make, work_as: WorkAs, clock: Clock, days_ago: int = 0) -> Extension:
    asked_on = make.today - timedelta(days=days_ago)
    with work_as("investigator") as work:
        actions.ask_extension(work, clock.id, AskExtension(why="They need more time.", asked_on=asked_on))
    found: list[Extension] = make.all(Extension)
    return found[0]


def agreement(make: Make, party: str, days_ago: int = 0) -> NoteAgreement:
    return NoteAgreement(party=party, agreed_on=make.today - timedelta(days=days_ago), proof=SIGNED)


def test_it_is_granted_once_the_last_of_them_has_agreed(make: Make, clock: Clock, work_as: WorkAs) -> None:
    extension = ask(make, work_as, clock, days_ago=2)
    with work_as("investigator") as work:
        actions.note_agreement(work, clock.id, extension.id, agreement(make, "officer", 2))
    assert make.all(Clock)[0].due_on == clock.due_on
    with work_as("supervisor") as work:
        actions.note_agreement(work, clock.id, extension.id, agreement(make, "department", 1))
    (granted,), (moved,) = make.all(Extension), make.all(Clock)
    assert (granted.state, granted.decided_by_id, granted.asked_on) == ("granted", None, make.today - timedelta(days=2))
    assert moved.due_on == clock.due_on + timedelta(days=60)
    assert make.all(Case)[0].due_on == moved.due_on
    assert make.tags() == [
        "clocks:extension:asked",
        "clocks:extension:agreed",
        "clocks:extension:agreed",
        "clocks:extension:granted",
    ]
    assert {(row.party, row.proof) for row in make.all(Agreement)} == {("officer", SIGNED), ("department", SIGNED)}


def test_nobody_grants_what_the_law_leaves_to_agreement(make: Make, clock: Clock, work_as: WorkAs) -> None:
    extension = ask(make, work_as, clock)
    with pytest.raises(Refused, match="the officer and the department agree on it"), work_as("director") as work:
        actions.decide_extension(work, clock.id, extension.id, Decide(answer="grant"))
    with pytest.raises(Refused, match="Nobody grants this"), work_as("director") as work:
        actions.extend_clock(work, clock.id, AskExtension(why="x"))
    assert make.all(Clock)[0].due_on == clock.due_on


@pytest.mark.parametrize(
    ("party", "days", "field"), [("chief", 0, "party"), ("officer", -1, "agreed_on"), ("officer", 99, "agreed_on")]
)
def test_only_a_party_agrees_and_on_a_day_of_the_clock(
    make: Make, clock: Clock, work_as: WorkAs, party: str, days: int, field: str
) -> None:
    extension = ask(make, work_as, clock)
    with pytest.raises(Invalid) as refused, work_as("investigator") as work:
        actions.note_agreement(work, clock.id, extension.id, agreement(make, party, days))
    assert set(refused.value.fields) == {field}
    assert make.all(Agreement) == []


def test_nobody_agrees_twice_and_nothing_is_asked_for_on_a_day_to_come(
    make: Make, clock: Clock, work_as: WorkAs
) -> None:
    with pytest.raises(Invalid), work_as("investigator") as work:
        actions.ask_extension(work, clock.id, AskExtension(why="x", asked_on=make.today + timedelta(days=1)))
    extension = ask(make, work_as, clock)
    with work_as("investigator") as work:
        actions.note_agreement(work, clock.id, extension.id, agreement(make, "officer"))
    with pytest.raises(Refused, match="noted already"), work_as("investigator") as work:
        actions.note_agreement(work, clock.id, extension.id, agreement(make, "officer"))
    assert len(make.all(Agreement)) == 1


def test_the_page_names_who_has_agreed_and_who_is_missing(
    make: Make, clock: Clock, work_as: WorkAs, client_as: ClientAs
) -> None:
    extension = ask(make, work_as, clock)
    client, address = client_as("investigator"), f"/office/clocks/{clock.id}"
    form = {"party": "officer", "agreed_on": make.today.isoformat()}
    assert client.submit(f"{address}/extensions/{extension.id}/agree", **form, proof="").status_code == 422
    assert make.all(Agreement) == []
    assert client.submit(f"{address}/extensions/{extension.id}/agree", **form, proof=SIGNED).status_code == 303
    page = client.get(address).text
    assert "The officer agreed on" in page
    assert SIGNED in page
    assert '<option value="department"' in page
    with work_as("investigator") as work:
        view = queries.clock_view(work, queries.get_clock(work, clock.id))
    assert [each.missing for each in view["extensions"]] == [(("department", "The department"),)]
