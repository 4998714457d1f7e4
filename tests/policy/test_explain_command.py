"""`rulebook explain` says why a date is what it is and what it would be, or how long there has been none."""

import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from app.cli import rulebook as rulebooks
from app.config import PROJECT
from app.policy.loader import Rulebooks

RULES = PROJECT / "policies" / "riverbend" / "2025-01-01" / "rulebook.yaml"
CLOCK = ("explain", "riverbend", "finish_investigation")
STARTED = (*CLOCK, "--start", "2026-01-05")
DUE = "It is due on Monday, July 6, 2026."


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Riverbend with other words in its rulebook."""

    def change(old: str, new: str) -> None:
        copytree(PROJECT / "policies" / "riverbend", tmp_path / "riverbend")
        book = tmp_path / "riverbend" / "2025-01-01" / "rulebook.yaml"
        text = book.read_text("utf-8")
        assert text.count(old) == 1
        book.write_text(text.replace(old, new), "utf-8")
        monkeypatch.setattr(rulebooks, "_load", lambda: Rulebooks.load(tmp_path))

    return change


def test_it_tells_the_law_the_consequence_and_the_warnings(rulebook: Any) -> None:
    lines = rulebook(*STARTED).out.splitlines()
    assert lines[0] == "The clock starts on Monday, January 5, 2026; that day is not counted."
    assert lines[2:6] == [
        "Saturday, July 4, 2026 is closed (Independence Day, then weekend), so the date moves to Monday, July 6, 2026.",
        DUE,
        "If it lapses: The director explains each late case to the commission in public.",
        "Authority: Charter 12.10(a).",
    ]
    assert "30 calendar days before: Saturday, June 6, 2026." in lines


def test_the_day_is_the_local_day_of_the_moment(rulebook: Any) -> None:
    """At half past eleven in the evening it is the next day in UTC already."""
    for moment in ("2026-01-05T23:30-06:00", "2026-01-06T05:30+00:00"):
        assert rulebook(*CLOCK, "--start", moment, "--json").json["start"] == "2026-01-05"


def test_the_start_event_whose_date_it_is_and_its_proof_are_told(rulebook: Any) -> None:
    told = rulebook(
        *STARTED, "--event", "case_opened", "--whose", "the department", "--proof", "letter 4", "--json"
    ).json
    assert told["beginning"] == {
        "event": "case opened",
        "reason": "",
        "whose": "the department",
        "proof": "letter 4",
        "officer": None,
    }
    assert told["steps"][1]["sentence"] == "Whose date this is: the department. What shows it: letter 4."


def test_a_pause_is_told_with_the_rulebooks_reason_and_law(rulebook: Any) -> None:
    lines = rulebook(*STARTED, "--toll", "court_order:2026-02-01..2026-02-10").out.splitlines()
    assert (
        "It stood still from Sunday, February 1, 2026 to Tuesday, February 10, 2026, 10 calendar days: A court has "
        "stopped the investigation (Charter 12.10(e)(3))."
    ) in lines


def test_an_open_pause_is_counted_up_to_the_day_that_is_given(rulebook: Any) -> None:
    told = rulebook(*STARTED, "--toll", "2026-02-01..", "--today", "2026-02-10", "--json").json
    assert (told["due_on"], told["provisional"]) == ("2026-07-14", True)


def test_more_time_is_told_with_its_law_and_whether_it_was_asked_for_in_time(rulebook: Any) -> None:
    told = rulebook(*STARTED, "--extend", "2026-07-01..2026-07-03", "--json").json
    step = next(step for step in told["steps"] if step["kind"] == "extension")
    assert (told["due_on"], step["because"], step["authority"]) == ("2026-09-02", "in_time", "Charter 12.10(b)")
    late = rulebook(*STARTED, "--extend", "2026-07-07..2026-07-08", "--json").json
    assert [step["because"] for step in late["steps"] if step["kind"] == "extension"] == ["too_late"]
    undecided = rulebook(*STARTED, "--extend", "2026-07-01..", "--json").json
    assert late["due_on"] == undecided["due_on"] == "2026-07-06"


def test_a_pause_is_tried_and_the_difference_told(rulebook: Any) -> None:
    tried = rulebook(*STARTED, "--what-if", "2026-02-01..2026-02-10", "--json").json
    assert tried["due_on"] == "2026-07-06"
    assert (tried["what_if"]["due_on"], tried["what_if"]["days"]) == ("2026-07-14", 8)
    lines = rulebook(*STARTED, "--what-if", "2026-02-01..2026-02-10").out.splitlines()
    assert lines[3] == DUE
    assert lines[-1] == "It would be due on Tuesday, July 14, 2026, 8 calendar days later than Monday, July 6, 2026."


def test_a_duty_that_repeats_says_when_it_comes_back(rulebook: Any, changed: Any) -> None:
    changed(
        "    label: Finish the investigation\n",
        "    label: Finish the investigation\n    repeat: {amount: 2, unit: months, done_by: [case_assigned]}\n",
    )
    told = rulebook(*STARTED, "--today", "2026-10-01", "--json").json
    assert told["next_round"] == {"number": 3, "due_on": "2026-11-04"}
    lines = rulebook(*STARTED, "--today", "2026-10-01").out.splitlines()
    assert "It comes back: number 3 is due on Wednesday, November 4, 2026." in lines


def test_a_duty_without_a_number_counts_the_days(rulebook: Any, changed: Any) -> None:
    text = RULES.read_text("utf-8")
    (clock,) = re.findall(r"    label: Finish the investigation\n(?:    .*\n)+", text)
    counting = clock.replace("    amount: 180\n    unit: days\n", "    counts_up: true\n    wording: timely\n")
    changed(clock, re.sub(r"    extension: .*\n", "", counting))
    lines = rulebook(*STARTED, "--today", "2026-01-15").out.splitlines()
    assert lines == [
        "The law's word: timely.",
        "The law gives no number of days; they are counted since Monday, January 5, 2026.",
        "10 calendar days have passed by Thursday, January 15, 2026.",
        "The office was open on 8 business days of them.",
        "Authority: Charter 12.10(a).",
    ]
    told = rulebook(*STARTED, "--today", "2026-01-15", "--toll", "2026-01-10..2026-01-11", "--json").json
    assert (told["elapsed"]["days"], told["elapsed"]["running_days"]) == (10, 8)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (*STARTED, "--toll", "sabbatical:2026-02-01.."),
            "does not let finish_investigation stand still for sabbatical",
        ),
        ((*STARTED, "--event", "case_closed"), "case_closed does not start finish_investigation. It starts with:"),
        ((*STARTED, "--extend", "more:2026-02-01.."), "gives finish_investigation no extension more"),
        (
            ("explain", "riverbend", "hear_case", "--start", "2026-01-05", "--extend", "2026-02-01.."),
            "gives hear_case no extension with",
        ),
        (("explain", "nyc-ccrb", "commissioner_explanation", "--start", "2026-01-01"), "is not known"),
        ((*STARTED, "--what-if", "2026-02-01..9999-12-31"), "past the last year"),
    ],
)
def test_what_the_rulebook_does_not_give_is_refused_in_one_line(
    rulebook: Any, words: tuple[str, ...], said: str
) -> None:
    answer = rulebook(*words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert said in answer.err


@pytest.mark.parametrize(
    "words",
    [
        (*CLOCK, "--start", "2026-01-05T23:30"),
        (*CLOCK, "--start", "2026-01-05T25:30-06:00"),
        (*STARTED, "--today", "2026-02-29"),
        (*STARTED, "--what-if", "2026-02-01"),
        (*STARTED, "--extend", "2026-02-10..2026-02-01"),
    ],
)
def test_what_cannot_be_read_is_wrong_usage(rulebook: Any, words: tuple[str, ...]) -> None:
    assert rulebook(*words).code == 2
