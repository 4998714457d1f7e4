"""Where the rulebook says that clocks stand still with a power, no day counts until it is back; else they run on."""

from datetime import UTC, date, datetime, timedelta

from app.access.actor import Actor
from app.clocks import queries
from app.clocks.actions import begin_night, count_batch
from app.clocks.records import Clock
from app.clocks.rules import standstills
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.powers.books import book, ended, struck
from tests.powers.conftest import WithBooks

STOPS = "[moves, clocks]"
STARTED = date(2001, 12, 1)
RULE = "finish_investigation"


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC)


def running(make: Make, policy_id: str, due_on: date) -> Clock:
    case = make.case(policy_id=policy_id)
    return make.clock(case, RULE, policy_id=policy_id, started_on=STARTED, due_on=due_on)


def counted(work_as: WorkAs, make: Make, clock: Clock, day: date) -> date:
    """Its date after the night's recount."""
    with work_as(Actor.system("night"), now=at_noon(day)) as work:
        recount = begin_night(work)
        assert recount is not None
        work.flush()
        while count_batch(work, recount.id).finished_at is None:
            work.flush()
    dates: list[date] = [each.due_on for each in make.all(Clock) if each.id == clock.id]
    return dates[0]


def test_a_rulebook_that_says_nothing_of_clocks_lets_them_run() -> None:
    assert standstills(book()) == []
    assert standstills(struck("investigate")[1]) == []


def test_the_days_without_the_power_are_known_with_their_reason_and_law() -> None:
    (gone,) = standstills(struck("investigate", stops=STOPS)[1])
    assert (gone.from_on, gone.to_on) == (date(2002, 1, 1), None)
    assert "The state court: The charter may not give this power. (Charter 12.07(b))" in gone.reason
    (suspended,) = standstills(struck("investigate", stops=STOPS, until="2002-06-01")[1])
    assert (suspended.from_on, suspended.to_on) == (date(2002, 1, 1), date(2002, 5, 31))
    (over,) = standstills(ended())
    assert (over.from_on, over.to_on) == (date(2002, 1, 1), None)


def test_no_day_counts_while_the_power_is_gone_and_the_rest_counts_when_it_is_back(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    before, after = struck("investigate", stops=STOPS, until="2002-06-01")
    due = before.due_on(RULE, STARTED)
    assert due is not None
    with_books([before, after])
    clock = running(make, before.policy_id, due)
    assert counted(work_as, make, clock, date(2001, 12, 31)) == due
    lost = (date(2002, 6, 1) - date(2002, 1, 1)).days
    assert counted(work_as, make, clock, date(2002, 7, 1)) >= due + timedelta(days=lost)
    with work_as("supervisor", now=at_noon(date(2002, 7, 1))) as work:
        shown = queries.shown_clock(work, queries.get_clock(work, clock.id))
        assert shown.why is not None
        assert any("The charter may not give this power." in line for line in shown.why.sentences())


def test_while_it_stands_still_nobody_is_warned_and_the_page_says_why(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    before, after = struck("investigate", stops=STOPS)
    due = before.due_on(RULE, STARTED)
    assert due is not None
    with_books([before, after])
    clock = running(make, before.policy_id, due)
    assert counted(work_as, make, clock, due + timedelta(days=400)) > due + timedelta(days=400)
    assert "clocks:clock:lapsed" not in make.tags()
    page = client_as("supervisor").get(f"/office/cases/{clock.case_id}").text
    assert "Clocks stand still here now." in page
    assert "Paused" in page


def test_where_only_the_power_is_gone_the_clock_runs_on_and_lapses_as_any_other(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    before, after = struck("investigate")
    due = before.due_on(RULE, STARTED)
    assert due is not None
    with_books([before, after])
    clock = running(make, before.policy_id, due)
    assert counted(work_as, make, clock, due + timedelta(days=1)) == due
