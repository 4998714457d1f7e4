"""A duty that comes back until its stop: each round is a row of its own, from the due day or the day it was done."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from app.access.actor import Actor
from app.access.work import House, open_work
from app.cases.records import Case
from app.clocks import actions, queries, rules
from app.clocks.records import Clock, Pause
from app.clocks.rules import Round
from app.kernel.deadlines import Rule, Unit
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from tests.clocks.books import corrected
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

WithBooks = Callable[[Sequence[Rulebook]], None]
WORKER = Actor.system("count_clocks")
LAW = """
from_due:
  label: Write every month
  amount: 1
  unit: months
  starts: [investigation_started]
  stops: [case_closed, case_closed_early]
  repeat: {amount: 1, unit: months, counted_from: due, done_by: [filer_updated]}
  tolling: [criminal_case]
  roll: none
  authority: Charter 12.99
from_done:
  label: Meet every two weeks
  amount: 10
  unit: days
  starts: [investigation_started]
  stops: [case_closed, case_closed_early]
  repeat: {amount: 14, unit: days, counted_from: done, done_by: [progress_reviewed]}
  roll: none
  authority: Charter 12.99
"""


def rule_with(**repeat: object) -> ClockRule:
    return ClockRule.model_validate(
        {
            "code": "x",
            "label": "X",
            "amount": 1,
            "unit": "months",
            "starts": ["incident"],
            "stops": ["case_closed"],
            "repeat": {"amount": 1, "unit": "months", "done_by": ["filer_updated"], **repeat},
        }
    )


@pytest.mark.parametrize(
    ("repeat", "now", "stood_still", "then"),
    [
        ({}, Round(1, 1, date(2026, 1, 31), "incident"), False, Round(2, 2, date(2026, 1, 31), "incident")),
        ({}, Round(2, 2, date(2026, 1, 31), "incident"), False, Round(3, 3, date(2026, 1, 31), "incident")),
        ({}, Round(2, 2, date(2026, 1, 31), "incident"), True, Round(3, 1, date(2026, 3, 31), "round_due")),
        ({}, Round(3, 1, date(2026, 3, 31), "round_due"), False, Round(4, 2, date(2026, 3, 31), "round_due")),
        (
            {"unit": "days"},
            Round(1, 1, date(2026, 1, 31), "incident"),
            False,
            Round(2, 1, date(2026, 3, 31), "round_due"),
        ),
        (
            {"counted_from": "done"},
            Round(1, 1, date(2026, 1, 31), "incident"),
            False,
            Round(2, 1, date(2026, 2, 20), "filer_updated"),
        ),
    ],
)
def test_the_next_round_counts_from_the_first_day_the_due_day_or_the_day_it_was_done(
    repeat: dict[str, object], now: Round, stood_still: bool, then: Round
) -> None:
    found = rules.following(
        rule_with(**repeat),
        now,
        event="filer_updated",
        done_on=date(2026, 2, 20),
        due_on=date(2026, 3, 31),
        stood_still=stood_still,
    )
    assert found == then


@pytest.mark.parametrize(("number", "laps", "months"), [(1, 1, 1), (2, 2, 2), (5, 5, 5), (5, 1, 1), (5, 3, 3)])
def test_a_round_is_so_many_lengths_from_the_day_it_is_taken_to_begin(number: int, laps: int, months: int) -> None:
    assert rules.rule_of(rule_with(), number, laps) == Rule(months, Unit.MONTHS)


@pytest.fixture
def plain(make: Make) -> Rulebook:
    """The demonstration city's own, before a test shelves another one."""
    found: Rulebook = make.book
    return found


@pytest.fixture
def case(make: Make, plain: Rulebook, with_books: WithBooks) -> Case:
    found = corrected(make.book, deadlines=LAW)
    with_books([found])
    return make.case(policy_id=found.policy_id)


def tell(house: House, make: Make, case: Case, event: str, on: date) -> None:
    with open_work(house, WORKER, now=make.now) as work:
        actions.reached(work, case.id, case.policy_id, event, on)
    make.databases.check_references()


def rounds(make: Make, rule: str) -> list[Clock]:
    return sorted(make.all(Clock, rule=rule), key=lambda each: each.round)


def test_each_round_is_a_row_with_its_number_and_a_short_month_moves_one_of_them(
    make: Make, house: House, case: Case
) -> None:
    tell(house, make, case, "investigation_started", date(2025, 12, 31))
    tell(house, make, case, "filer_updated", date(2026, 1, 20))
    tell(house, make, case, "filer_updated", date(2026, 3, 2))
    found = rounds(make, "from_due")
    assert [(each.round, each.due_on, each.stopped_on) for each in found] == [
        (1, date(2026, 1, 31), date(2026, 1, 20)),
        (2, date(2026, 2, 28), date(2026, 3, 2)),
        (3, date(2026, 3, 31), None),
    ]
    assert [each.first_round_id for each in found] == [None, found[0].id, found[0].id]
    assert make.tags().count("clocks:round:begun") == 2
    assert "clocks:clock:lapsed" in make.tags()


def test_a_round_counted_from_being_done_begins_on_that_day(make: Make, house: House, case: Case) -> None:
    tell(house, make, case, "investigation_started", make.today - timedelta(days=20))
    tell(house, make, case, "progress_reviewed", make.today - timedelta(days=12))
    first, second = rounds(make, "from_done")
    assert second.due_on == make.today - timedelta(days=12) + timedelta(days=14)
    assert first.stopped_on == make.today - timedelta(days=12)
    assert second.started_by == "progress_reviewed"


def test_the_end_of_the_case_ends_the_last_round_and_nobody_calls_it_done(
    make: Make, house: House, case: Case, work_as: WorkAs
) -> None:
    tell(house, make, case, "investigation_started", make.today - timedelta(days=5))
    tell(house, make, case, "filer_updated", make.today - timedelta(days=2))
    tell(house, make, case, "case_closed", make.today)
    first, second = rounds(make, "from_due")
    assert (first.ended_early, second.ended_early, second.stopped_on) == (False, True, make.today)
    with work_as("supervisor") as work:
        shown = [queries.shown_clock(work, queries.get_clock(work, each.id)).state for each in (first, second)]
    assert shown == ["met", "ended"]


def test_a_pause_of_one_round_shifts_the_next(make: Make, house: House, case: Case) -> None:
    tell(house, make, case, "investigation_started", date(2026, 1, 1))
    (first,) = rounds(make, "from_due")
    make.row(
        Pause(
            id=first.id,
            clock_id=first.id,
            kind="criminal_case",
            reason="x",
            from_on=date(2026, 1, 2),
            until_on=date(2026, 1, 11),
        )
    )
    with open_work(house, WORKER, now=make.now) as work:
        recount = actions.begin_night(work)
        assert recount is not None
        recount_id = recount.id
    for _ in range(2):
        with open_work(house, WORKER, now=make.now) as work:
            actions.count_batch(work, recount_id)
    tell(house, make, case, "filer_updated", date(2026, 2, 10))
    first, second = rounds(make, "from_due")
    assert (first.due_on, second.started_on, second.due_on) == (date(2026, 2, 11), date(2026, 2, 11), date(2026, 3, 11))


def test_a_corrected_rule_counts_each_round_again_by_its_own_number(
    make: Make, house: House, plain: Rulebook, case: Case, with_books: WithBooks
) -> None:
    tell(house, make, case, "investigation_started", date(2026, 1, 1))
    tell(house, make, case, "filer_updated", date(2026, 1, 20))
    mended = corrected(plain, deadlines=LAW.replace("repeat: {amount: 1, unit: m", "repeat: {amount: 2, unit: m"))
    with_books([mended])
    with open_work(house, WORKER, now=make.now) as work:
        recount = actions.begin_night(work)
        assert recount is not None
        recount_id = recount.id
    with open_work(house, WORKER, now=make.now) as work:
        actions.count_batch(work, recount_id)
    assert rounds(make, "from_due")[1].due_on == date(2026, 4, 1)


def test_the_page_shows_the_rounds_that_were(make: Make, house: House, case: Case, client_as: ClientAs) -> None:
    tell(house, make, case, "investigation_started", make.today - timedelta(days=5))
    tell(house, make, case, "filer_updated", make.today - timedelta(days=2))
    first, second = rounds(make, "from_due")
    page = client_as("supervisor").get(f"/office/clocks/{second.id}").text
    assert "Write every month, round 2" in page
    assert f'href="/office/clocks/{first.id}"' in page
    assert "The person who complained is told how it stands" in page
    assert "filer updated" not in page
