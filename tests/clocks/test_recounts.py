"""All running clocks counted again: by night, after a correction, half-way and once more; each change is an entry."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.access.actor import Actor
from app.access.work import House, Wiring, Work, open_work
from app.audit.records import JournalEntry
from app.cases.records import NO_DATE, Case
from app.clocks import actions, queries
from app.clocks.actions import recounts
from app.clocks.commands import AskRecount, NoteSeen, PauseClock
from app.clocks.records import Clock, ClockChange, ClockWarning, Recount
from app.kernel.errors import Refused
from app.policy.model import Rulebook
from tests.clocks.books import corrected
from tests.clocks.making import change, held, running, warning_on
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

WORKER = Actor.system("recount_clocks")
WithBooks = Callable[[Sequence[Rulebook]], None]


def count(house: House, make: Make, days: int = 0) -> Recount:
    """One night from its beginning to its end, as the worker does it, job after job."""
    now = make.now + timedelta(days=days)
    with open_work(house, WORKER, now=now) as work:
        recount = actions.begin_night(work)
    assert recount is not None
    return finish(house, make, recount, days)


def finish(house: House, make: Make, recount: Recount, days: int = 0) -> Recount:
    now = make.now + timedelta(days=days)
    while recount.finished_at is None:
        with open_work(house, WORKER, now=now) as work:
            recount = actions.count_batch(work, recount.id)
    make.databases.check_references()
    return recount


def test_a_rule_put_right_moves_open_clocks_and_leaves_closed_ones(
    make: Make, house: House, with_books: WithBooks
) -> None:
    clock = held(make, make.actor("investigator"))
    done = make.clock(make.case(), "finish_investigation", stopped_on=make.today)
    mended = corrected(make.book, amount=("finish_investigation", 180, 200))
    with_books([mended])
    recount = count(house, make)
    (moved,), (kept,) = make.all(Clock, id=clock.id), make.all(Clock, id=done.id)
    assert moved.due_on == mended.due_on("finish_investigation", clock.started_on)
    assert moved.due_on > clock.due_on
    assert (moved.policy_id, kept.policy_id, kept.due_on) == (mended.policy_id, clock.policy_id, done.due_on)
    assert (make.all(Case, id=clock.case_id)[0].due_on, recount.moved, recount.counted) == (moved.due_on, 1, 1)
    assert make.all(Case, id=clock.case_id)[0].policy_id == clock.policy_id


def test_each_date_that_moved_has_an_entry_of_its_own_that_its_rows_name(
    make: Make, house: House, with_books: WithBooks
) -> None:
    clocks = [running(make) for _ in range(3)]
    with_books([corrected(make.book, amount=("finish_investigation", 180, 200))])
    count(house, make)
    with make.owner() as session:
        entries = {row.id: row for row in session.query(JournalEntry).filter_by(tag="clocks:clock:recounted")}
    assert {entry.case_id for entry in entries.values()} == {clock.case_id for clock in clocks}
    assert {row.last_entry_id for row in make.all(Clock)} == set(entries)
    assert {row.last_entry_id for row in make.all(ClockChange)} == set(entries)
    facts = json.loads(next(iter(entries.values())).body)["facts"]
    assert set(facts) == {"clock_id", "recount_id", "rule", "from_on", "due_on", "policy_id"}
    tags = make.tags()
    assert tags[0] == "clocks:recount:begun"
    assert tags[-1] == "clocks:recount:finished"


def test_a_holiday_that_was_added_moves_only_the_clocks_it_lies_in(
    make: Make, house: House, with_books: WithBooks
) -> None:
    day = make.book.calendar.next_open(make.today + timedelta(days=2))
    within = make.clock(make.case(), "acknowledge", due_on=make.book.due_on("acknowledge", make.today))
    outside = running(make)
    with_books([corrected(make.book, closed=day.isoformat())])
    recount = count(house, make)
    assert recount.moved == 1
    assert make.all(Clock, id=within.id)[0].due_on == make.book.calendar.next_open(within.last_day + timedelta(days=1))
    assert make.all(Clock, id=outside.id)[0].due_on == outside.due_on


def test_a_new_version_is_another_law_and_moves_nothing(make: Make, house: House, with_books: WithBooks) -> None:
    clock = running(make)
    later = corrected(make.book, amount=("finish_investigation", 180, 200))
    later = later.model_copy(update={"effective_from": make.today})
    with_books([make.book, later])
    assert count(house, make).moved == 0
    assert make.all(Clock)[0].policy_id == clock.policy_id


def test_a_correction_that_no_longer_knows_a_clock_or_its_pause_leaves_it_alone(
    make: Make, house: House, work_as: WorkAs, with_books: WithBooks
) -> None:
    gone, paused = running(make, rule="update_filer"), running(make)
    with work_as("director") as work:
        ask = PauseClock(kind="court_order", reason="x", from_on=make.today, until_on=make.today)
        due = actions.pause_clock(work, paused.id, ask).due_on
    mended = corrected(make.book, amount=("finish_investigation", 180, 200), rename=("update_filer", "other"))
    mended = mended.model_copy(update={"tolling": tuple(each for each in mended.tolling if each.code != "court_order")})
    with_books([mended])
    assert count(house, make).moved == 0
    assert make.all(Clock, id=gone.id)[0].policy_id == gone.policy_id
    assert make.all(Clock, id=paused.id)[0].due_on == due


def test_an_open_pause_moves_its_date_and_the_queue_every_night_and_nobody_is_told_twice(
    make: Make, house: House, work_as: WorkAs
) -> None:
    clock = running(make)
    with work_as("supervisor") as work:
        actions.pause_clock(work, clock.id, PauseClock(kind="officer_unavailable", reason="x", from_on=make.today))
    before = make.all(Clock)[0].due_on
    count(house, make, days=7)
    (after,) = make.all(Clock)
    assert after.due_on >= before + timedelta(days=6)
    assert make.all(Case)[0].queue_on == after.due_on
    assert make.all(ClockChange) == []
    assert make.tags().count("clocks:clock:stood_still") == 1
    with work_as("supervisor", now=make.now + timedelta(days=7)) as work:
        assert queries.unseen_changes(work) == []


def test_a_day_is_counted_once_and_an_abandoned_recount_is_taken_up(make: Make, house: House) -> None:
    running(make)
    first = count(house, make)
    with open_work(house, WORKER, now=make.now + timedelta(hours=1)) as work:
        assert actions.begin_night(work) is None
    with open_work(house, WORKER, now=make.now + timedelta(days=1)) as work:
        left = actions.begin_night(work)
    with open_work(house, WORKER, now=make.now + timedelta(days=1, minutes=10)) as work:
        actions.begin_night(work)
    assert "clocks:recount:taken_up" not in make.tags()
    with open_work(house, WORKER, now=make.now + timedelta(days=1, hours=1)) as work:
        actions.begin_night(work)
    assert make.tags()[-1] == "clocks:recount:taken_up"
    assert left is not None
    assert finish(house, make, left, days=1).counted == first.counted


def test_it_goes_on_from_the_last_batch_and_counts_nothing_twice(
    make: Make, house: House, with_books: WithBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounts, "AT_ONCE", 2)
    for _ in range(5):
        running(make)
    with_books([corrected(make.book, amount=("finish_investigation", 180, 200))])
    with open_work(house, WORKER, now=make.now) as work:
        begun = actions.begin_night(work)
    assert begun is not None
    with house.databases.session(WORKER.door) as session:
        actions.count_batch(Work(house, WORKER, session, make.now), begun.id)
        session.rollback()
    assert make.all(ClockChange) == []
    done = finish(house, make, begun)
    assert (done.counted, done.moved, len(make.all(ClockChange))) == (5, 5, 5)
    with open_work(house, WORKER, now=make.now) as work:
        assert actions.count_batch(work, begun.id).counted == 5
    assert make.tags().count("clocks:recount:finished") == 1


def test_each_batch_queues_the_next_by_its_entry(make: Make, house: House) -> None:
    running(make)
    count(house, make)
    with make.owner() as session:
        rows = session.connection().exec_driver_sql("SELECT task_name FROM procrastinate_jobs ORDER BY id").scalars()
        assert list(rows) == ["recount_clocks", "recount_clocks", "send_digests"]


def test_a_case_that_stands_in_the_wrong_place_takes_its_own(make: Make, house: House) -> None:
    clock = running(make)
    change(make, Case, clock.case_id, queue_on=NO_DATE)
    count(house, make)
    assert make.all(Case)[0].queue_on == clock.due_on


def test_a_stored_rulebook_counts_again_only_where_something_runs(make: Make, house: House) -> None:
    with open_work(house, WORKER, now=make.now) as work:
        assert actions.begin_for_rulebook(work) is None
    running(make)
    with open_work(house, WORKER, now=make.now) as work:
        assert actions.begin_for_rulebook(work) is not None
    with open_work(house, WORKER, now=make.now) as work:
        assert actions.begin_for_rulebook(work) is None


def test_many_rows_without_an_entry_of_this_work_are_refused(make: Make, house: House) -> None:
    clock = running(make)
    with pytest.raises(RuntimeError, match="no event says so"), open_work(house, WORKER, now=make.now) as work:
        work.change_many(Clock, [{"id": clock.id, "due_on": make.today, "last_entry_id": clock.last_entry_id}])


def test_how_many_statements_it_takes_does_not_hang_on_how_many_clocks_there_are(
    make: Make, house: House, with_books: WithBooks
) -> None:
    with_books([corrected(make.book, amount=("finish_investigation", 180, 200))])
    quiet = replace(house, wiring=Wiring(parts=house.wiring.parts))
    counts = []
    for _ in range(2):
        for _ in range(6):
            warning_on(make, running(make), step=30)
        sent = statements_in(quiet, make)
        counts.append(sent)
    assert counts[0] == counts[1]
    assert counts[0] < 20


def statements_in(house: House, make: Make) -> int:
    from sqlalchemy import event  # noqa: TID251 - counts what is sent

    with open_work(house, WORKER, now=make.now) as work:
        recount = recounts._begin(work, queries.BY_HAND)  # noqa: SLF001
    sent: list[Any] = []
    with open_work(house, WORKER, now=make.now) as work:
        connection = work.session.connection()
        event.listen(connection, "before_cursor_execute", lambda *args: sent.append(args[2]))
        actions.count_batch(work, recount.id)
    return len(sent)


def test_whoever_leads_the_case_is_shown_what_moved_until_they_have_seen_it(
    make: Make, house: House, work_as: WorkAs, with_books: WithBooks, client_as: ClientAs
) -> None:
    mine, other = held(make, make.actor("investigator")), held(make, make.actor("supervisor"))
    with_books([corrected(make.book, amount=("finish_investigation", 180, 200))])
    count(house, make)
    client = client_as("investigator")
    assert "Dates that moved" in client.get("/office").text
    page = client.get("/office/clocks/moved").text
    numbers = {each.id: each.number for each in make.all(Case)}
    assert numbers[mine.case_id] in page
    assert numbers[other.case_id] not in page
    (change,) = make.all(ClockChange, clock_id=mine.id)
    assert client.submit("/office/clocks/moved/note", last_id="x").status_code == 422
    assert client.submit("/office/clocks/moved/note", last_id=str(change.id)).status_code == 303
    assert make.all(ClockChange, id=change.id)[0].seen_by_id == make.actor("investigator").id
    assert "No date has moved" in client.get("/office/clocks/moved").text
    assert make.all(ClockChange, clock_id=other.id)[0].seen_at is None
    with work_as("investigator") as work:
        assert actions.note_seen(work, NoteSeen(last_id=change.id)) == 0


def test_what_came_since_the_page_was_shown_stays_new(
    make: Make, house: House, work_as: WorkAs, with_books: WithBooks
) -> None:
    held(make, make.actor("investigator"))
    with_books([corrected(make.book, amount=("finish_investigation", 180, 200))])
    count(house, make)
    (first,) = make.all(ClockChange)
    with_books([corrected(make.book, amount=("finish_investigation", 200, 210))])
    count(house, make, days=1)
    with work_as("investigator", now=make.now + timedelta(days=1)) as work:
        assert actions.note_seen(work, NoteSeen(last_id=first.id)) == 1
    assert [row.seen_at is None for row in sorted(make.all(ClockChange), key=lambda row: row.id)] == [False, True]


def test_a_recount_is_asked_for_with_its_reason_and_shows_how_far_it_is(
    make: Make, house: House, client_as: ClientAs
) -> None:
    running(make)
    client = client_as("director")
    assert client.submit("/office/clocks/recounts/ask", reason="").status_code == 422
    asked = client.submit("/office/clocks/recounts/ask", reason="The table of holidays is new.")
    assert asked.status_code == 303
    assert client.submit("/office/clocks/recounts/ask", reason="Again.").status_code == 409
    assert "still counting" in client.get(asked.headers["location"]).text
    (recount,) = make.all(Recount)
    finish(house, make, recount)
    page = client.get("/office/clocks/recounts").text
    assert "1 of 1" in page
    assert "The table of holidays is new." in page
    assert "Done" in page
    assert client_as("investigator").get("/office/clocks/recounts").status_code == 403


def test_what_moved_in_a_walled_case_is_shown_to_nobody_behind_the_wall(
    make: Make, house: House, work_as: WorkAs, with_books: WithBooks
) -> None:
    clock = held(make, make.actor("supervisor"))
    make.wall(make.all(Case)[0], make.actor("supervisor"))
    with_books([corrected(make.book, amount=("finish_investigation", 180, 200))])
    recount = count(house, make)
    with work_as("supervisor") as work:
        assert queries.changes_in(work, recount.id) == []
        assert queries.unseen_changes(work) == []
        assert work.session.query(ClockChange).filter_by(clock_id=clock.id).all() == []
        assert work.session.query(ClockWarning).all() == []


def test_only_one_recount_is_asked_for_at_a_time(make: Make, work_as: WorkAs) -> None:
    with work_as("director") as work:
        actions.ask_recount(work, AskRecount(reason="A new table."))
    with pytest.raises(Refused, match="at this moment"), work_as("director") as work:
        actions.ask_recount(work, AskRecount(reason="A new table."))
    assert len(make.all(Recount)) == 1
