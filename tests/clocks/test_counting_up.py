"""A duty without a number of days counts up and is late nowhere; a least time warns of being too early."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from app.access.actor import Actor
from app.access.work import House, open_work
from app.cases import queries as cases
from app.cases.commands import QueueView
from app.cases.records import NO_DATE, Case
from app.clocks import actions, queries, rules
from app.clocks.commands import ExplainLapse, LapseView
from app.clocks.queries import lapses
from app.clocks.records import Clock, ClockWarning
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from tests.clocks.books import corrected
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

WithBooks = Callable[[Sequence[Rulebook]], None]
STOPPED = "clocks:clock:stopped"
WORKER = Actor.system("count_clocks")
LAW = """
timely:
  label: Keep the recording
  counts_up: true
  wording: without delay
  starts: [discovery]
  stops: [report_received, case_closed, case_closed_early]
  authority: Charter 12.99
hearing_notice:
  label: Days between notice and hearing
  amount: 10
  unit: days
  is_least: true
  roll: none
  starts: [meeting_announced]
  stops: [meeting_held, case_closed]
  authority: Charter 12.99
of_the_officer:
  label: Serve the officer
  amount: 20
  unit: days
  per: officer
  roll: none
  starts: [investigation_started]
  stops: [officer_notified, case_closed]
  authority: Charter 12.99
"""


@pytest.fixture
def case(make: Make, with_books: WithBooks) -> Case:
    found = corrected(make.book, deadlines=LAW)
    with_books([found])
    return make.case(policy_id=found.policy_id)


def tell(house: House, make: Make, case: Case, event: str, days: int = 0, **officer: object) -> None:
    on = make.today - timedelta(days=days)
    with open_work(house, WORKER, now=make.now) as work:
        actions.reached(work, case.id, case.policy_id, event, on, **officer)  # type: ignore[arg-type]
    make.databases.check_references()


def test_a_duty_without_a_number_counts_its_days_and_has_no_date(
    make: Make, house: House, case: Case, work_as: WorkAs
) -> None:
    tell(house, make, case, "discovery", 30)
    (clock,) = make.all(Clock)
    assert (clock.due_on, make.tags()) == (None, ["clocks:clock:counts_up"])
    with work_as("supervisor") as work:
        shown = queries.shown_clock(work, queries.get_clock(work, clock.id))
    assert (shown.state, shown.days_left, shown.due_on) == ("counting", 30, None)
    assert shown.why is not None
    said = " ".join(shown.why.sentences())
    for words in (
        "The law's word: without delay",
        "no number of days",
        "30 calendar days have passed",
        "business days",
    ):
        assert words in said


def test_it_is_late_nowhere_and_stands_after_everything_that_has_a_day(
    make: Make, house: House, case: Case, work_as: WorkAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lapses, "A_PAGE", 2)
    dated = [make.clock(make.case(policy_id=case.policy_id), "acknowledge", due_on=make.today) for _ in range(3)]
    for each in (case, make.case(policy_id=case.policy_id), make.case(policy_id=case.policy_id)):
        tell(house, make, each, "discovery", 400)
    seen: list[date | None] = []
    with work_as("director") as work:
        cursor: str | None = ""
        while cursor is not None:
            page = queries.lapse_page(work, LapseView(cursor=cursor))
            seen += [shown.clock.due_on for shown, _ in page.rows]
            cursor = page.next
        assert seen == [each.due_on for each in dated] + [None] * 3
        assert queries.lapse_page(work, LapseView(show="lapsed")).rows == []
    with open_work(house, WORKER, now=make.now) as work:
        recount = actions.begin_night(work)
        assert recount is not None
        assert recount.total == 3
        recount_id = recount.id
    with open_work(house, WORKER, now=make.now) as work:
        actions.count_batch(work, recount_id)
    assert [row for row in make.all(ClockWarning) if row.step == 0] == []
    assert (make.all(Case, id=case.id)[0].due_on, make.all(Case, id=case.id)[0].queue_on) == (None, NO_DATE)


def test_the_queue_and_the_page_show_how_long_it_has_lasted(
    make: Make, house: House, case: Case, work_as: WorkAs, client_as: ClientAs
) -> None:
    tell(house, make, case, "discovery", 30)
    with work_as("director") as work:
        found = cases.queue_page(work, QueueView())
        assert cases.nearest_clocks(work, found)[case.id] == "Keep the recording: 30 days so far"
    (clock,) = make.all(Clock)
    client = client_as("director")
    for address in (f"/office/clocks/{clock.id}", "/office/clocks", f"/office/cases/{case.id}"):
        assert re.search(r"\d+ days so far", client.get(address).text)
    tell(house, make, case, "report_received")
    assert "Done after 30 days" in client.get(f"/office/clocks/{clock.id}").text


def test_a_case_that_ends_first_ends_it_and_nobody_calls_it_done(make: Make, house: House, case: Case) -> None:
    tell(house, make, case, "discovery", 30)
    tell(house, make, case, "case_closed_early")
    (clock,) = make.all(Clock)
    assert (clock.ended_early, rules.state_of(queries.dated(clock), make.today)) == (True, "ended")


@pytest.mark.parametrize(
    ("stops", "event", "early"),
    [
        (["findings_sent", "case_closed", "case_closed_early"], "case_closed_early", True),
        (["findings_sent", "case_referred"], "case_referred", True),
        (["findings_sent", "case_closed"], "case_closed", False),
        (["findings_sent", "case_closed"], "findings_sent", False),
        (["case_closed", "case_closed_early", "case_referred"], "case_closed_early", False),
    ],
)
def test_a_clock_that_waits_only_for_the_end_of_the_case_is_done_by_each_end(
    stops: list[str], event: str, early: bool
) -> None:
    told = {"code": "x", "label": "X", "amount": 1, "unit": "days", "starts": ["incident"], "stops": stops}
    assert rules.ends_early(ClockRule.model_validate(told), event) is early


def test_done_too_early_is_what_a_least_time_warns_of(
    make: Make, house: House, case: Case, work_as: WorkAs, client_as: ClientAs
) -> None:
    tell(house, make, case, "meeting_announced", 6)
    assert make.all(Case, id=case.id)[0].due_on is None
    (clock,) = make.all(Clock)
    with work_as("director") as work:
        assert queries.shown_clock(work, queries.get_clock(work, clock.id)).state == "not_before"
        assert [shown.clock.id for shown, _ in queries.lapse_page(work, LapseView()).rows] == [clock.id]
    assert "May be done since" in client_as("director").get(f"/office/clocks/{clock.id}").text
    tell(house, make, case, "meeting_held")
    (warning,) = make.all(ClockWarning)
    assert (warning.step, warning.due_on, make.tags()[1:]) == (0, clock.due_on, ["clocks:clock:too_early", STOPPED])
    page = client_as("director").get(f"/office/clocks/{clock.id}").text
    assert "It was done too early: why?" in page
    assert "Too early" in page
    with work_as("director") as work:
        (holder, _), *_ = queries.holders(work)
        cause = make.book.deadline_defaults.lapse_reasons[0].code
        actions.explain_lapse(work, clock.id, warning.id, ExplainLapse(plan="A mistake.", cause=cause, held_by=holder))
    assert make.all(ClockWarning)[0].plan == "A mistake."


@pytest.mark.parametrize(("announced", "event"), [(10, "meeting_held"), (3, "case_closed")])
def test_a_least_time_that_lasted_or_was_overtaken_warns_of_nothing(
    make: Make, house: House, case: Case, announced: int, event: str
) -> None:
    tell(house, make, case, "meeting_announced", announced)
    tell(house, make, case, event)
    assert make.all(ClockWarning) == []
    assert make.all(Clock)[0].stopped_on == make.today


def test_each_officer_with_a_name_has_a_clock_that_stops_alone(make: Make, house: House, case: Case) -> None:
    officers = [make.officer() for _ in range(2)]
    unknown = make.officer(is_unknown=True)
    for officer in (*officers, unknown):
        make.allegation(case, officer=officer)
    tell(house, make, case, "investigation_started", 3)
    mine = make.all(Clock, rule="of_the_officer")
    assert {clock.officer_id for clock in mine} == {officer.id for officer in officers}
    tell(house, make, case, "officer_notified", officer_id=officers[0].id)
    stopped = {clock.officer_id: clock.stopped_on for clock in make.all(Clock, rule="of_the_officer")}
    assert stopped == {officers[0].id: make.today, officers[1].id: None}
    tell(house, make, case, "case_closed")
    assert all(clock.stopped_on == make.today for clock in make.all(Clock, rule="of_the_officer"))
