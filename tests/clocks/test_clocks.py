"""Clocks start, stop, stand still and run on as the rulebook says; the case's place in the queue follows."""

from datetime import date, timedelta

import pytest

from app.cases.records import Case
from app.clocks import actions, queries, rules
from app.clocks.commands import EndPause, PauseClock, TryPause
from app.clocks.records import Clock, Pause
from app.kernel.errors import Invalid, NotFound, Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

LEAVE = "officer_unavailable"
TODAY = date(2026, 3, 16)


@pytest.fixture(scope="module")
def book(policies: Rulebooks) -> Rulebook:
    return policies.in_force("riverbend", date(2026, 3, 16))


def running(make: Make, days: int = 180) -> Clock:
    start = make.today - timedelta(days=30)
    case = make.case(opened_on=start)
    due = make.book.due_on("finish_investigation", start)
    return make.clock(case, "finish_investigation", started_on=start, due_on=due)


@pytest.mark.parametrize(
    ("due", "stopped", "is_paused", "state"),
    [
        (date(2026, 3, 16), None, False, "running"),
        (date(2026, 3, 16), None, True, "paused"),
        (date(2026, 3, 16), date(2026, 3, 16), False, "met"),
        (date(2026, 3, 16), date(2026, 3, 17), True, "stopped"),
    ],
)
def test_the_last_day_is_still_in_time(due: date, stopped: date | None, is_paused: bool, state: str) -> None:
    assert rules.state_of(rules.Dated(due, stopped), TODAY, is_paused=is_paused) == state


@pytest.mark.parametrize(
    ("clock", "state"),
    [
        (rules.Dated(None), "counting"),
        (rules.Dated(None, date(2026, 3, 2)), "counted"),
        (rules.Dated(None, date(2026, 3, 2), ended_early=True), "ended"),
        (rules.Dated(date(2026, 3, 17), is_least=True), "not_before"),
        (rules.Dated(date(2026, 3, 16), is_least=True), "free"),
        (rules.Dated(date(2026, 3, 16), date(2026, 3, 16), is_least=True), "met"),
        (rules.Dated(date(2026, 3, 16), date(2026, 3, 15), is_least=True), "too_early"),
        (rules.Dated(date(2026, 3, 16), date(2026, 3, 15), is_least=True, ended_early=True), "ended"),
        (rules.Dated(date(2026, 3, 16), date(2026, 3, 16), ended_early=True), "ended"),
        (rules.Dated(date(2026, 3, 16), date(2026, 3, 17), ended_early=True), "stopped"),
    ],
)
def test_what_has_no_day_is_never_late_and_what_the_case_ended_is_not_met(clock: rules.Dated, state: str) -> None:
    assert rules.state_of(clock, TODAY) == state


def test_both_days_of_a_pause_are_paused() -> None:
    pauses = [(date(2026, 2, 10), date(2026, 2, 28))]
    held = [rules.is_paused_on(pauses, date(2026, 2, day)) for day in (9, 10, 28)]
    assert (held, rules.is_paused_on(pauses, date(2026, 3, 1))) == ([False, True, True], False)
    assert rules.is_paused_on([(date(2026, 2, 10), None)], date(2030, 1, 1))


def test_only_those_whom_the_rulebook_names_pause_a_clock_and_only_for_its_reasons(book: Rulebook) -> None:
    for clock in book.deadlines:
        for toll in book.tolling:
            for role in ("investigator", "supervisor", "director"):
                allowed = toll.code in clock.tolling and role in toll.approved_by
                if allowed:
                    rules.check_pause(book, clock.code, toll.code, [role])
                else:
                    with pytest.raises(Refused):
                        rules.check_pause(book, clock.code, toll.code, [role])


@pytest.mark.parametrize(
    ("rule", "started_by", "stopped_by", "again"),
    [
        ("finish_investigation", "case_opened", "investigation_finished", True),
        ("finish_investigation", "case_opened", "case_closed", True),
        ("department_answer", "findings_sent", "case_closed", False),
        ("hear_case", "supervisor_approved", "case_closed", False),
        ("progress_review", "investigation_started", "case_closed", False),
        ("acknowledge", "filing_received", "acknowledgement_sent", False),
    ],
)
def test_a_case_that_goes_back_takes_up_what_had_begun_before_and_nothing_that_follows(
    book: Rulebook, rule: str, started_by: str, stopped_by: str, again: bool
) -> None:
    undone = ("case_closed", "investigation_finished", "supervisor_approved", "findings_sent")
    ran = rules.Ran(rule, started_by, stopped_by)
    assert rules.runs_again(book, ran, undone=undone, begins="investigation_started") is again


def test_a_pause_moves_the_date_and_the_case_in_the_queue(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    ask = PauseClock(
        kind=LEAVE, reason="Personnel office, March 2.", from_on=make.today - timedelta(days=9), until_on=make.today
    )
    with work_as("supervisor") as work:
        moved = actions.pause_clock(work, clock.id, ask)
    assert moved.last_day >= clock.last_day + timedelta(days=10)
    (case,) = make.all(Case)
    assert (case.due_on, case.queue_on) == (moved.due_on, moved.due_on)
    assert make.tags() == ["clocks:clock:paused"]


def test_trying_a_pause_says_the_same_date_and_changes_nothing(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    span = {"kind": LEAVE, "from_on": make.today - timedelta(days=9), "until_on": make.today}
    with work_as("supervisor") as work:
        tried = actions.try_pause(work, clock.id, TryPause.model_validate(span))
    assert make.all(Pause) == []
    assert make.tags() == []
    with work_as("supervisor") as work:
        granted = actions.pause_clock(work, clock.id, PauseClock.model_validate(span | {"reason": "A note."}))
    assert tried is not None
    assert tried.then.due_on == granted.due_on
    assert tried.now.due_on == clock.due_on


def test_an_open_pause_is_ended_and_the_clock_runs_again(make: Make, work_as: WorkAs) -> None:
    clock, start = running(make), make.today - timedelta(days=9)
    with work_as("supervisor") as work:
        actions.pause_clock(work, clock.id, PauseClock(kind=LEAVE, reason="A note.", from_on=start))
    with work_as("supervisor") as work:
        (shown,) = queries.shown(work, [make.all(Clock)[0]], queries.pauses_of(work, [clock.id]), {})
        assert shown.state == "paused"
        with pytest.raises(Invalid):
            actions.end_pause(work, clock.id, EndPause(until_on=make.today + timedelta(days=1)))
        actions.end_pause(work, clock.id, EndPause(until_on=start))
    assert make.all(Pause)[0].until_on == start
    ended = make.all(Clock)[0]
    assert clock.last_day <= ended.last_day <= clock.last_day + timedelta(days=4)
    assert make.all(Case)[0].due_on == ended.due_on
    with pytest.raises(Refused, match="No pause"), work_as("supervisor") as work:
        actions.end_pause(work, clock.id, EndPause(until_on=make.today))


@pytest.mark.parametrize(
    ("from_days", "until_days", "field"), [(1, None, "from_on"), (-400, None, "from_on"), (-5, -6, "until_on")]
)
def test_a_pause_lies_within_the_clock_and_the_past(
    make: Make, work_as: WorkAs, from_days: int, until_days: int | None, field: str
) -> None:
    clock = running(make)
    until = None if until_days is None else make.today + timedelta(days=until_days)
    ask = PauseClock(kind=LEAVE, reason="x", from_on=make.today + timedelta(days=from_days), until_on=until)
    with pytest.raises(Invalid) as refused, work_as("supervisor") as work:
        actions.pause_clock(work, clock.id, ask)
    assert set(refused.value.fields) == {field}
    assert make.all(Pause) == []


def test_a_stopped_clock_and_the_clock_of_a_walled_case_are_not_paused(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    ask = PauseClock(kind=LEAVE, reason="x", from_on=make.today)
    make.wall(make.all(Case)[0], make.actor("supervisor"))
    with pytest.raises(NotFound), work_as("supervisor") as work:
        actions.pause_clock(work, clock.id, ask)
    done = make.clock(make.case(), "finish_investigation", stopped_on=make.today)
    with pytest.raises(Refused, match="stopped"), work_as("supervisor") as work:
        actions.pause_clock(work, done.id, ask)


def test_the_page_tries_a_pause_by_its_address_and_grants_it_by_its_form(client_as: ClientAs, make: Make) -> None:
    clock = running(make)
    client, address = client_as("supervisor"), f"/office/clocks/{clock.id}"
    asked = {"kind": LEAVE, "from_on": (make.today - timedelta(days=9)).isoformat(), "until_on": make.today.isoformat()}
    preview = client.get(address, params=asked).text
    assert "It would be due on" in preview
    assert "Nothing is changed until it is granted" in preview
    assert make.all(Pause) == []
    assert "Not done" in client.get(address, params=asked | {"kind": "never_heard_of"}).text
    assert "There is a problem" in client.get(address, params=asked | {"from_on": "2026-02-29"}).text
    refused = client.submit(f"{address}/pause", **asked | {"reason": ""})
    assert refused.status_code == 422
    assert make.all(Pause) == []
    assert client.submit(f"{address}/pause", **asked | {"reason": "A note of March 2."}).status_code == 303
    assert len(make.all(Pause)) == 1
    assert client_as("investigator").submit(f"{address}/pause", **asked).status_code == 403
