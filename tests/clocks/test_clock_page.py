"""What the page of one clock says: when a warning rises and to whom, and no more time than the rulebook gives."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from app.cases.rules import in_words
from app.clocks import actions
from app.clocks.commands import AskExtension
from app.clocks.rules import Told, Watched, next_rise, warned
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.clocks.making import held, running, warning_on
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

TODAY = date(2026, 3, 16)


@pytest.fixture
def book(policies: Rulebooks) -> Rulebook:
    return policies.newest("riverbend")


def watched(book: Rulebook, due_in: int, **given: Any) -> Watched:
    rule = book.clock("finish_investigation").model_copy(update=given)
    due_on = TODAY + timedelta(days=due_in)
    return Watched(rule, book.calendar, due_on - timedelta(days=180), due_on, is_paused=False, has_holder=True)


@pytest.mark.parametrize("due_in", [89, 60, 44, 30, 14, 7, 3, 0, -1, -20])
@pytest.mark.parametrize("rises_after", [None, 1, 2, 5])
@pytest.mark.parametrize("level", ["holder", "supervisor"])
def test_it_rises_on_the_first_night_on_which_the_count_gives_it_to_another(
    book: Rulebook, due_in: int, rises_after: int | None, level: str
) -> None:
    one = watched(book, due_in, rises_after=rises_after)
    told = warned(one, None, TODAY)
    assert told is not None
    now: Told | None = Told(told.step, TODAY, level)
    rise = next_rise(one, Told(told.step, TODAY, level), TODAY)
    assert rise is not None
    day = TODAY
    while now is not None and now.level == level:
        day += timedelta(days=1)
        now = warned(one, now, day)
    assert now is not None
    assert (rise.day, rise.level) == (day, now.level)


def test_from_the_top_it_rises_no_further_and_while_it_stands_still_it_waits(book: Rulebook) -> None:
    one = watched(book, 14)
    assert next_rise(one, Told(14, TODAY, "director"), TODAY) is None
    paused = Watched(one.rule, one.calendar, one.started_on, one.due_on, is_paused=True, has_holder=True)
    assert next_rise(paused, Told(14, TODAY, "holder"), TODAY) is None


def test_the_page_says_when_an_unanswered_warning_rises_and_to_whom(make: Make, client_as: ClientAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=29)
    warning_on(make, clock, step=30)
    page = unescape(client_as("supervisor").get(f"/office/clocks/{clock.id}").text)
    assert "Without an answer it rises to the supervisor on" in page


def test_at_the_top_the_page_says_that_there_is_nobody_above(make: Make, client_as: ClientAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=29)
    warning_on(make, clock, step=30, level="director")
    page = unescape(client_as("supervisor").get(f"/office/clocks/{clock.id}").text)
    assert "There is nobody above to whom it could rise." in page


def test_after_the_last_extension_no_more_is_offered(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    clock = running(make, due_in=29)
    client, home = client_as("director"), f"/office/clocks/{clock.id}"
    assert "Give more time" in client.get(home).text
    with work_as("director") as work:
        actions.extend_clock(work, clock.id, AskExtension(why="Two witnesses were ill."))
    page = client.get(home).text
    assert "Give more time" not in page
    assert "Give or ask for more time" not in page
    assert "The rulebook gives no more time on this clock" in page


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        ("policy_id", "riverbend@2025-01-01#ab12", "in force from January 1, 2025"),
        ("reason", "case_closed", "the case is closed"),
        ("reason", "withdrawn", "what had started it was withdrawn"),
        ("event", "filing_received", "a complaint is received"),
        ("how", "minor", "kept as a minor matter"),
        ("channel", "web", "Online form"),
        ("level", "supervisor", "supervisor"),
        ("party", "department", "the department"),
        ("day", "2026-03-02", "March 2, 2026"),
    ],
)
def test_the_history_of_a_case_has_words_for_what_the_rulebook_calls_by_a_key(
    book: Rulebook, key: str, code: str, words: str
) -> None:
    assert in_words(book, {key: code}, {}) == {key: words}


def test_the_history_shows_no_key_of_a_rulebook(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    clock = held(make, make.actor("investigator"), due_in=29)
    with work_as("director") as work:
        actions.extend_clock(work, clock.id, AskExtension(why="Two witnesses were ill."))
    page = client_as("supervisor").get(f"/office/cases/{clock.case_id}").text
    assert "finish_investigation" not in page
    assert "riverbend@" not in page
