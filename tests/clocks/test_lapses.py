"""The lapse list, the warnings on it, who answers them, and what a lapse asks for."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.access.work import House
from app.cases import actions as cases
from app.cases.records import Case
from app.clocks import actions, queries
from app.clocks.commands import Acknowledge, ExplainLapse, LapseView
from app.clocks.queries import lapses
from app.clocks.records import Clock, ClockWarning
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from tests.clocks.books import corrected
from tests.clocks.making import change, held, running, warning_on
from tests.clocks.test_recounts import WithBooks, count
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

PLAN = Acknowledge(plan="The last interview is on Friday.")


def test_at_each_step_a_warning_is_given_and_nothing_twice(make: Make, house: House) -> None:
    clock = held(make, make.actor("investigator"), due_in=29)
    count(house, make)
    (warning,) = make.all(ClockWarning)
    assert (warning.step, warning.level, warning.raised_on, warning.due_on) == (30, "holder", make.today, clock.due_on)
    assert warning.last_entry_id is not None
    assert "clocks:warning:raised" in make.tags()
    with make.owner() as session:
        session.execute(text("UPDATE recounts SET day = day - 1"))
        session.commit()
    count(house, make)
    assert len(make.all(ClockWarning)) == 1


def test_without_an_answer_it_rises_and_the_next_step_begins_where_it_had_come_to(make: Make, house: House) -> None:
    clock = held(make, make.actor("investigator"), due_in=30)
    days_left = (clock.last_day - make.today).days
    for day in (0, 6, 12, days_left - 14):
        count(house, make, days=day)
    levels = [(row.step, row.level, row.ended_on is None) for row in sorted(make.all(ClockWarning), key=by_step)]
    assert levels == [(30, "director", False), (14, "director", True)]
    assert make.tags().count("clocks:warning:risen") == 2


def by_step(warning: ClockWarning) -> int:
    return -warning.step


def test_a_named_person_takes_notice_and_says_what_will_be_done(make: Make, work_as: WorkAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=29)
    warning = warning_on(make, clock, step=30)
    with work_as("investigator") as work:
        actions.acknowledge(work, clock.id, warning.id, PLAN)
    (row,) = make.all(ClockWarning)
    assert (row.acknowledged_by_id, row.plan) == (make.actor("investigator").id, PLAN.plan)
    assert make.tags() == ["clocks:warning:acknowledged"]
    with pytest.raises(Refused, match="answered this already"), work_as("supervisor") as work:
        actions.acknowledge(work, clock.id, warning.id, PLAN)


def test_what_was_answered_rises_no_more(make: Make, house: House, work_as: WorkAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=29)
    warning = warning_on(make, clock, step=30)
    with work_as("investigator") as work:
        actions.acknowledge(work, clock.id, warning.id, PLAN)
    count(house, make, days=13)
    assert [(row.level, row.ended_on) for row in make.all(ClockWarning)] == [("holder", None)]


def test_only_whoever_it_is_with_answers_or_somebody_above(make: Make, work_as: WorkAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=29)
    warning = warning_on(make, clock, step=30, level="supervisor")
    for who in ("investigator", "intake"):
        with pytest.raises(NotAllowed, match="the supervisor"), work_as(who) as work:
            actions.acknowledge(work, clock.id, warning.id, PLAN)
    assert make.tags() == []
    with work_as("director") as work:
        actions.acknowledge(work, clock.id, warning.id, PLAN)


def test_a_warning_that_is_over_a_strange_one_and_a_walled_one_are_not_answered(make: Make, work_as: WorkAs) -> None:
    clock, other = (held(make, make.actor("investigator"), due_in=29) for _ in range(2))
    over = warning_on(make, clock, step=30, ended_on=make.today)
    theirs = warning_on(make, other, step=30)
    with pytest.raises(Refused, match="is over"), work_as("supervisor") as work:
        actions.acknowledge(work, clock.id, over.id, PLAN)
    with pytest.raises(NotFound), work_as("supervisor") as work:
        actions.acknowledge(work, clock.id, theirs.id, PLAN)
    make.wall(make.all(Case, id=other.case_id)[0], make.actor("supervisor"))
    with pytest.raises(NotFound), work_as("supervisor") as work:
        actions.acknowledge(work, other.id, theirs.id, PLAN)


def test_a_lapsed_clock_asks_why_and_who_held_the_file(make: Make, house: House, work_as: WorkAs) -> None:
    investigator = make.actor("investigator")
    clock = held(make, investigator, due_in=0)
    count(house, make, days=1)
    (lapse,) = make.all(ClockWarning)
    assert (lapse.step, lapse.held_by_id, lapse.due_on) == (0, investigator.id, clock.due_on)
    assert "clocks:clock:lapsed" in make.tags()
    with pytest.raises(Refused, match="has lapsed"), work_as(investigator) as work:
        actions.acknowledge(work, clock.id, lapse.id, PLAN)
    said: dict[str, Any] = {
        "plan": "The file lay with somebody on leave.",
        "held_by": make.actor("supervisor").id,
        "cause": "staffing",
    }
    with pytest.raises(Invalid) as strange, work_as(investigator) as work:
        actions.explain_lapse(work, clock.id, lapse.id, ExplainLapse(**said | {"held_by": make.account("liaison").id}))
    assert set(strange.value.fields) == {"held_by"}
    with work_as(investigator) as work:
        actions.explain_lapse(work, clock.id, lapse.id, ExplainLapse(**said))
    (row,) = make.all(ClockWarning)
    assert (row.plan, row.held_by_id) == (said["plan"], said["held_by"])
    assert make.tags()[-1] == "clocks:clock:explained"


def test_where_the_rulebook_counts_reasons_one_of_them_is_given(make: Make, work_as: WorkAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=0)
    lapse = warning_on(make, clock, step=0)
    said: dict[str, Any] = {"plan": "x", "held_by": make.actor("investigator").id}
    for cause in ("", "laziness"):
        with pytest.raises(Invalid) as refused, work_as("investigator") as work:
            actions.explain_lapse(work, clock.id, lapse.id, ExplainLapse(**said, cause=cause))
        assert set(refused.value.fields) == {"cause"}
    with work_as("investigator") as work:
        actions.explain_lapse(work, clock.id, lapse.id, ExplainLapse(**said, cause="staffing"))
    assert make.all(ClockWarning)[0].cause == "staffing"


def test_where_it_counts_none_the_words_are_enough(make: Make, work_as: WorkAs, with_books: WithBooks) -> None:
    silent = corrected(make.book, no_reasons=True)
    clock = held(make, make.actor("investigator"), due_in=0)
    change(make, Clock, clock.id, policy_id=silent.policy_id)
    with_books([silent])
    lapse = warning_on(make, clock, step=0)
    said: dict[str, Any] = {"plan": "x", "held_by": make.actor("investigator").id}
    with pytest.raises(Invalid), work_as("investigator") as work:
        actions.explain_lapse(work, clock.id, lapse.id, ExplainLapse(**said, cause="staffing"))
    with work_as("investigator") as work:
        actions.explain_lapse(work, clock.id, lapse.id, ExplainLapse(**said))


def test_a_clock_that_is_stopped_after_its_end_has_lapsed_though_no_night_lay_between(
    make: Make, work_as: WorkAs
) -> None:
    clock = held(make, make.actor("investigator"), due_in=0)
    later = make.now + timedelta(days=(clock.last_day - make.today).days + 1)
    with work_as("supervisor", now=later) as work:
        case = work.session.get(Case, clock.case_id)
        cases.tick(work, case, "investigation_finished", work.today)
    (lapse,) = make.all(ClockWarning)
    assert (lapse.step, lapse.held_by_id) == (0, make.actor("investigator").id)
    assert make.tags() == ["clocks:clock:lapsed", "clocks:clock:stopped"]
    with work_as("investigator") as work:
        assert [each.clock.id for each, _ in queries.waiting_clocks(work)] == [clock.id]


def test_what_waited_for_came_in_time_and_its_warning_is_over(make: Make, work_as: WorkAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=5)
    warning_on(make, clock, step=7)
    with work_as("supervisor") as work:
        cases.tick(work, work.session.get(Case, clock.case_id), "investigation_finished", work.today)
    assert make.all(ClockWarning)[0].ended_on == make.today
    assert "clocks:clock:lapsed" not in make.tags()


def test_a_lapse_that_nobody_explains_rises_also_when_the_clock_has_stopped_since(make: Make, house: House) -> None:
    clock = held(make, make.actor("investigator"), due_in=-9)
    warning_on(make, clock, step=0, raised_on=make.today - timedelta(days=30))
    change(make, Clock, clock.id, stopped_on=make.today)
    count(house, make)
    assert make.all(ClockWarning)[0].level == "director"
    assert make.tags().count("clocks:warning:risen") == 1


# --- the list ---


def test_the_list_runs_by_days_left_over_all_cases_and_pages_by_key(
    make: Make, work_as: WorkAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lapses, "A_PAGE", 2)
    case = make.case()
    days = [9, -3, 30, 9, 1]
    for left in days:
        make.clock(case, "progress_review", due_on=make.today + timedelta(days=left))
    make.clock(case, "progress_review", due_on=make.today, stopped_on=make.today)
    seen: list[date] = []
    with work_as("supervisor") as work:
        cursor = ""
        while True:
            page = queries.lapse_page(work, LapseView(cursor=cursor))
            seen += [each.clock.last_day for each, _ in page.rows]
            if page.next is None:
                break
            cursor = page.next
    assert seen == sorted(make.today + timedelta(days=left) for left in days)


def test_its_index_is_the_one_that_fits(make: Make, work_as: WorkAs) -> None:
    with work_as("supervisor") as work:
        work.session.execute(text("SET LOCAL enable_seqscan = off"))
        work.session.execute(text("SET LOCAL enable_sort = off"))
        query = (
            queries.visible_clocks(work).where(Clock.stopped_on.is_(None)).order_by(Clock.due_on, Clock.id).limit(50)
        )
        asked = query.with_only_columns(Clock.id).compile(work.session.connection())
        plan = work.session.connection().exec_driver_sql(f"EXPLAIN {asked.string}", asked.params).scalars().all()
    assert any("Scan using ix_clocks_running" in line for line in plan)


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({}, {"lapsed", "mine", "nobodys", "risen"}),
        ({"who": "mine"}, {"mine"}),
        ({"who": "nobody"}, {"nobodys"}),
        ({"show": "lapsed"}, {"lapsed"}),
        ({"show": "unanswered"}, {"mine", "risen", "stopped"}),
        ({"show": "risen"}, {"risen"}),
        ({"show": "asked"}, {"asked_on"}),
        ({"rule": "update_filer"}, {"nobodys"}),
    ],
)
def test_each_view_shows_what_it_says(make: Make, work_as: WorkAs, view: dict[str, str], expected: set[str]) -> None:
    me, other = make.actor("supervisor"), make.actor("investigator")
    clocks = {
        "lapsed": held(make, other, due_in=-4),
        "mine": held(make, me, due_in=20),
        "nobodys": running(make, rule="update_filer", due_in=25),
        "risen": held(make, other, due_in=6),
        "stopped": held(make, other, due_in=-9),
    }
    warning_on(make, clocks["mine"], step=30)
    warning_on(make, clocks["risen"], step=7, level="supervisor")
    warning_on(make, clocks["stopped"], step=0)
    change(make, Clock, clocks["stopped"].id, stopped_on=make.today)
    if "asked_on" in expected:
        from app.clocks.commands import AskExtension

        clocks["asked_on"] = clocks["mine"]
        with work_as("investigator") as work:
            actions.ask_extension(work, clocks["mine"].id, AskExtension(why="A witness is away."))
    with work_as(me) as work:
        found = {each.clock.id for each, _ in queries.lapse_page(work, LapseView.model_validate(view)).rows}
        counts = {tab.asks.get("who") or tab.asks.get("show"): tab.count for tab in queries.tabs(work)}
    assert found == {clocks[name].id for name in expected}
    asked = view.get("who") or view.get("show")
    assert asked is None or counts[asked] == len(expected)


def test_a_walled_case_is_neither_listed_nor_counted(make: Make, work_as: WorkAs) -> None:
    clock = held(make, make.actor("supervisor"), due_in=3)
    warning_on(make, clock, step=7)
    with work_as("supervisor") as work:
        before = [tab.count for tab in queries.tabs(work)]
    make.wall(make.all(Case)[0], make.actor("supervisor"))
    with work_as("supervisor") as work:
        assert queries.lapse_page(work, LapseView()).rows == []
        assert (sum(before), sum(tab.count for tab in queries.tabs(work))) == (2, 0)
        assert work.session.query(ClockWarning).all() == []


def test_the_list_takes_as_many_statements_for_many_clocks_as_for_one(make: Make, client_as: ClientAs) -> None:
    client = client_as("supervisor")
    for _ in range(4):
        warning_on(make, held(make, make.actor("investigator"), due_in=5), step=7)
    page = client.get("/office/clocks")
    assert page.status_code == 200
    assert page.text.count("Why this date?") == 4
    assert page.text.count("7 days before the end") == 4


def test_a_lapse_of_a_clock_that_stopped_is_told_by_its_days_and_not_as_later_each_day(
    make: Make, client_as: ClientAs
) -> None:
    late = make.today - timedelta(days=40)
    clock = held(make, make.actor("investigator"), due_in=5)
    warning_on(make, clock, step=0)
    change(make, Clock, clock.id, due_on=late, stopped_on=late + timedelta(days=3))
    page = client_as("investigator").get("/office").text
    assert f"Lapsed; was due {late:%B} {late.day}" in page
    assert "40 days late" not in page


def test_the_page_shows_whose_turn_it_is_who_holds_the_file_and_lets_both_answer(
    make: Make, client_as: ClientAs
) -> None:
    investigator = make.actor("investigator")
    clock = held(make, investigator, due_in=5)
    warning = warning_on(make, clock, step=7)
    client = client_as("investigator")
    page = client.get("/office/clocks").text
    assert "This office" in page
    assert investigator.display_name in page
    assert "Clocks to answer for" in client.get("/office").text
    address = f"/office/clocks/{clock.id}"
    assert "Somebody must take notice" in client.get(address).text
    assert client.submit(f"{address}/warnings/{warning.id}/acknowledge", plan="").status_code == 422
    done = client.submit(f"{address}/warnings/{warning.id}/acknowledge", plan="Interview on Friday.")
    assert done.status_code == 303
    page = client.get("/office/clocks").text
    assert "Interview on Friday." in page
    again = client.submit(f"{address}/warnings/{warning.id}/acknowledge", plan="Once more.")
    assert again.status_code == 409
    assert "Clocks to answer for" not in client.get("/office").text
    assert client_as("analyst").submit(f"{address}/warnings/{warning.id}/acknowledge", plan="x").status_code == 403


def test_the_page_of_a_lapse_asks_for_the_reason_and_tells_it_afterwards(make: Make, client_as: ClientAs) -> None:
    investigator = make.actor("investigator")
    clock = held(make, investigator, due_in=-3)
    lapse = warning_on(make, clock, step=0, held_by_id=investigator.id)
    client, address = client_as("supervisor"), f"/office/clocks/{clock.id}"
    assert "It has lapsed: why?" in client.get(address).text
    said = {"plan": "Records came late.", "held_by": str(investigator.id), "cause": "records_late"}
    assert client.submit(f"{address}/warnings/{lapse.id}/explain", **said | {"held_by": "x"}).status_code == 422
    assert client.submit(f"{address}/warnings/{lapse.id}/explain", **said).status_code == 303
    page = client.get(address).text
    assert "the file was held by Investigator" in page
    assert "Records came late." in page


def test_a_mark_that_cannot_be_read_and_a_filter_nobody_knows_are_refused(client_as: ClientAs) -> None:
    client = client_as("supervisor")
    for query in ("cursor=%%%", "show=everything", "who=you", "unknown=1"):
        assert client.get(f"/office/clocks?{query}").status_code == 422
