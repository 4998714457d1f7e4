"""A clock that may count from several days: which one was taken, who chose it and why, and whose day it is."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.work import House, open_work
from app.cases.records import Case
from app.clocks import actions, queries, rules
from app.clocks.commands import ChooseStart, LapseView, NoteStart
from app.clocks.records import Clock, ClockStart, StartChoice
from app.clocks.rules import Start
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from tests.clocks.books import corrected
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

WithBooks = Callable[[Sequence[Rulebook]], None]
WORKER = Actor.system("count_clocks")
REASON = "The letter came on that day."
LAW = """
charge:
  label: Charge the officer
  amount: 30
  unit: days
  starts: [discovery, report_received]
  start_by: chosen
  start_reasons: {discovery: The office learned of it, report_received: The report came}
  stops: [charges_served, case_closed, case_closed_early]
  roll: none
  authority: Charter 12.99
first_of_two:
  label: Counted from what came first
  amount: 10
  unit: days
  starts: [discovery, report_received]
  start_by: first
  start_reasons: {discovery: It was learned of first, report_received: The report came first}
  stops: [charges_served]
  roll: none
  authority: Charter 12.99
last_of_two:
  label: Counted from what came last
  amount: 10
  unit: days
  starts: [discovery, report_received]
  start_by: last
  stops: [charges_served]
  roll: none
  authority: Charter 12.99
held_by_two:
  label: Charge within the year
  amount: 100
  unit: days
  starts: [officer_notified]
  stops: [charges_served]
  dated_by: [agency, department]
  proof: The stamp
  roll: none
  authority: Charter 12.99
"""


@pytest.fixture
def book(make: Make, with_books: WithBooks) -> Rulebook:
    found = corrected(make.book, deadlines=LAW)
    with_books([found])
    return found


@pytest.fixture
def case(make: Make, book: Rulebook) -> Case:
    return make.case(policy_id=book.policy_id)


def tell(house: House, make: Make, case: Case, event: str, on: date) -> None:
    with open_work(house, WORKER, now=make.now) as work:
        actions.reached(work, case.id, case.policy_id, event, on)
    make.databases.check_references()


def clock_of(make: Make, rule: str) -> Clock:
    found: list[Clock] = make.all(Clock, rule=rule)
    assert len(found) == 1
    return found[0]


def days_ago(make: Make, days: int) -> date:
    return make.today - timedelta(days=days)


@pytest.mark.parametrize(
    ("start_by", "is_least", "taken"),
    [("first", False, 1), ("last", False, 3), ("chosen", False, 1), ("chosen", True, 3)],
)
def test_the_rulebook_takes_one_of_several_and_the_careful_one_until_somebody_chose(
    start_by: str, is_least: bool, taken: int
) -> None:
    rule = ClockRule.model_validate(
        {
            "code": "x",
            "label": "X",
            "starts": ["discovery", "incident"],
            "stops": ["case_closed"],
            "start_by": start_by,
            "is_least": is_least,
        }
    )
    starts = [Start(uuid4(), "discovery", date(2026, 1, day), party) for day, party in ((2, ""), (1, ""), (3, ""))]
    others = [
        Start(uuid4(), "discovery", date(2025, 1, 1), "department"),
        Start(uuid4(), "x", date(2027, 1, 1), "chief"),
    ]
    assert rules.taken(rule, [*starts, *others]).day == date(2026, 1, taken)


def test_a_clock_waits_visibly_on_its_earliest_date_until_somebody_chooses(
    make: Make, house: House, case: Case, work_as: WorkAs
) -> None:
    tell(house, make, case, "report_received", days_ago(make, 3))
    tell(house, make, case, "discovery", days_ago(make, 8))
    clock = clock_of(make, "charge")
    assert (clock.started_by, clock.started_on, clock.waits_for_choice) == ("discovery", days_ago(make, 8), True)
    assert clock.due_on == days_ago(make, 8) + timedelta(days=30)
    assert {(row.event, row.day) for row in make.all(ClockStart, clock_id=clock.id)} == {
        ("report_received", days_ago(make, 3)),
        ("discovery", days_ago(make, 8)),
    }
    with work_as("supervisor") as work:
        (shown,) = queries.lapse_page(work, queries_view(choice=True)).rows
        assert shown[0].note == "the start is to be chosen"
        panel = queries.starts_to_choose(work)
        assert panel is not None
        assert [row.label for row in panel.rows] == [f"{case.number}: Charge the officer"]
    assert {"clocks:start:noted", "clocks:start:moved"} <= set(make.tags())


def queries_view(*, choice: bool) -> LapseView:
    return LapseView(show="choice" if choice else "")


def test_a_choice_moves_the_date_with_its_reason_and_a_later_one_is_a_change(
    make: Make, house: House, case: Case, work_as: WorkAs
) -> None:
    tell(house, make, case, "discovery", days_ago(make, 8))
    tell(house, make, case, "report_received", days_ago(make, 3))
    clock = clock_of(make, "charge")
    starts = {row.event: row.id for row in make.all(ClockStart, clock_id=clock.id)}
    with work_as("supervisor") as work:
        actions.choose_start(work, clock.id, ChooseStart(start_id=starts["report_received"], reason=REASON))
    chosen = clock_of(make, "charge")
    assert (chosen.due_on, chosen.waits_for_choice) == (days_ago(make, 3) + timedelta(days=30), False)
    assert make.all(Case, id=case.id)[0].due_on is not None
    with work_as("director") as work:
        actions.choose_start(work, clock.id, ChooseStart(start_id=starts["discovery"], reason="The report was late."))
    first, second = sorted(make.all(StartChoice), key=lambda row: row.last_entry_id)
    assert (first.reason, first.from_on, first.to_on) == (REASON, clock.due_on, chosen.due_on)
    assert (second.from_on, second.to_on) == (chosen.due_on, clock.due_on)
    assert make.tags().count("clocks:start:chosen") == 2
    assert clock_of(make, "charge").due_on == clock.due_on


def test_what_comes_after_the_choice_is_kept_and_moves_nothing(
    make: Make, house: House, case: Case, work_as: WorkAs
) -> None:
    tell(house, make, case, "report_received", days_ago(make, 3))
    clock = clock_of(make, "charge")
    (start,) = make.all(ClockStart, clock_id=clock.id)
    with work_as("supervisor") as work:
        actions.choose_start(work, clock.id, ChooseStart(start_id=start.id, reason=REASON))
    tell(house, make, case, "discovery", days_ago(make, 9))
    assert clock_of(make, "charge").started_on == days_ago(make, 3)
    with work_as("supervisor") as work:
        view = queries.clock_view(work, queries.get_clock(work, clock.id))
    assert [(each.said, each.holds, each.is_new) for each in view["starts"]] == [
        ("discovery", False, True),
        ("report received", True, False),
    ]


def test_nobody_chooses_without_the_right_a_reason_or_another_day(
    make: Make, house: House, case: Case, work_as: WorkAs
) -> None:
    tell(house, make, case, "discovery", days_ago(make, 8))
    clock = clock_of(make, "charge")
    (start,) = make.all(ClockStart, clock_id=clock.id)
    ask = ChooseStart(start_id=start.id, reason=REASON)
    with pytest.raises(NotAllowed), work_as("investigator") as work:
        actions.choose_start(work, clock.id, ask)
    with pytest.raises(NotFound), work_as("supervisor") as work:
        actions.choose_start(work, clock.id, ChooseStart(start_id=uuid4(), reason=REASON))
    assert make.all(StartChoice) == []
    with work_as("supervisor") as work:
        actions.choose_start(work, clock.id, ask)
    with pytest.raises(Refused, match="already"), work_as("supervisor") as work:
        actions.choose_start(work, clock.id, ask)
    first = clock_of(make, "first_of_two")
    with pytest.raises(Refused, match="rulebook says itself"), work_as("supervisor") as work:
        actions.choose_start(work, first.id, ChooseStart(start_id=first.id, reason=REASON))
    assert len(make.all(StartChoice)) == 1


def test_first_and_last_move_the_same_clock_and_say_why(make: Make, house: House, case: Case, work_as: WorkAs) -> None:
    for event, days in (("report_received", 5), ("discovery", 7), ("discovery", 7)):
        tell(house, make, case, event, days_ago(make, days))
    first, last = clock_of(make, "first_of_two"), clock_of(make, "last_of_two")
    assert (first.started_by, first.due_on) == ("discovery", days_ago(make, 7) + timedelta(days=10))
    assert (last.started_by, last.due_on) == ("report_received", days_ago(make, 5) + timedelta(days=10))
    with work_as("supervisor") as work:
        shown = queries.shown_clock(work, queries.get_clock(work, first.id))
    assert shown.why is not None
    assert "Why it starts there: It was learned of first." in shown.why.sentences()


def test_two_parties_hold_two_days_and_the_page_says_by_whose_the_office_goes(
    make: Make, house: House, case: Case, work_as: WorkAs, client_as: ClientAs
) -> None:
    tell(house, make, case, "officer_notified", days_ago(make, 5))
    clock = clock_of(make, "held_by_two")
    with work_as("investigator") as work:
        note = NoteStart(party="department", day=days_ago(make, 20), proof="Their stamp, page 3.")
        start = actions.note_start(work, clock.id, note)
    assert clock_of(make, "held_by_two").due_on == clock.due_on
    with pytest.raises(Refused, match="noted already"), work_as("investigator") as work:
        actions.note_start(work, clock.id, note)
    with work_as("supervisor") as work:
        actions.choose_start(work, clock.id, ChooseStart(start_id=start.id, reason="Theirs is the earlier."))
    moved = clock_of(make, "held_by_two")
    assert (moved.whose_date, moved.due_on) == ("department", days_ago(make, 20) + timedelta(days=100))
    page = client_as("supervisor").get(f"/office/clocks/{clock.id}").text
    for words in (
        "Whose date this is: The department. What shows it: Their stamp, page 3",
        "Theirs is the earlier",
        "This office",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("party", "days", "field"), [("chief", 5, "party"), ("agency", 5, "party"), ("department", -1, "day")]
)
def test_only_a_party_of_the_rulebook_holds_a_day_and_none_to_come(
    make: Make, house: House, case: Case, work_as: WorkAs, party: str, days: int, field: str
) -> None:
    tell(house, make, case, "officer_notified", days_ago(make, 5))
    clock = clock_of(make, "held_by_two")
    before = len(make.all(ClockStart))
    with pytest.raises(Invalid) as refused, work_as("investigator") as work:
        actions.note_start(work, clock.id, NoteStart(party=party, day=days_ago(make, days), proof="x"))
    assert set(refused.value.fields) == {field}
    assert len(make.all(ClockStart)) == before


def test_the_page_takes_a_choice_by_its_form_and_keeps_what_was_typed(
    make: Make, house: House, case: Case, client_as: ClientAs
) -> None:
    tell(house, make, case, "discovery", days_ago(make, 8))
    clock = clock_of(make, "charge")
    (start,) = make.all(ClockStart, clock_id=clock.id)
    client, address = client_as("supervisor"), f"/office/clocks/{clock.id}"
    assert "The day it counts from is to be chosen" in client.get(address).text
    assert client.submit(f"{address}/start/choose", start_id=str(start.id), reason="").status_code == 422
    assert client.submit(f"{address}/start/choose", start_id="nonsense", reason="x\u202e").status_code == 422
    assert client.submit(f"{address}/start/note", party="department", day="2026-02-29", proof="x").status_code == 422
    assert make.all(StartChoice) == []
    assert client.submit(f"{address}/start/choose", start_id=str(start.id), reason=REASON).status_code == 303
    assert REASON in client.get(address).text
    refused = client_as("investigator").submit(f"{address}/start/choose", start_id=str(start.id), reason=REASON)
    assert refused.status_code == 403


def test_a_wrong_day_put_right_is_put_right_among_the_days_too(make: Make, house: House, case: Case) -> None:
    tell(house, make, case, "report_received", days_ago(make, 5))
    tell(house, make, case, "discovery", days_ago(make, 3))
    with open_work(house, WORKER, now=make.now) as work:
        actions.correct_start(work, case.id, "discovery", days_ago(make, 3), days_ago(make, 7))
    make.databases.check_references()
    first, last = clock_of(make, "first_of_two"), clock_of(make, "last_of_two")
    assert (first.started_by, first.started_on) == ("discovery", days_ago(make, 7))
    assert (last.started_by, last.started_on) == ("report_received", days_ago(make, 5))
    assert {row.day for row in make.all(ClockStart, event="discovery")} == {days_ago(make, 7)}
