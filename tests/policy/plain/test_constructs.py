"""The sentences themselves: one for each thing that real law does."""

from itertools import pairwise
from typing import Any

import pytest

from app.config import PROJECT
from app.policy.model.agency import Quorum, Votes
from app.policy.model.base import Evidence
from app.policy.model.intake import FilingLimit
from app.policy.model.powers import Power
from app.policy.model.process import Clock, Move
from app.policy.plain import sections
from app.policy.plain.bodies import power, quorum, vote
from app.policy.plain.clocks import clock_text
from app.policy.plain.intake import limit_text
from app.policy.plain.names import Speaker
from app.policy.plain.road import move_text
from tests.rulebooks import read_rulebook

BOOK = read_rulebook(PROJECT / "policies" / "riverbend" / "2025-01-01")
SPEAKER = Speaker(BOOK)


def clock(**keys: Any) -> str:
    """The first sentence, and what else is said of it."""
    given = {"code": "x", "label": "X", "starts": ["filing_received"], "stops": ["findings_sent"], **keys}
    if "warnings" not in given:
        given["warnings"] = BOOK.deadline_defaults.warnings
    return " ".join(clock_text(SPEAKER, Clock.model_validate(given)))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (
            {"amount": 75, "unit": "days"},
            "This office has 75 calendar days from the day a complaint is received until the findings are sent.",
        ),
        (
            {"amount": 1, "unit": "years_and_a_day", "owner": "department", "ends_the_case": True},
            "The department has 1 year and a day from the day a complaint is received until the findings are sent. "
            "Discipline is lost when the time is over.",
        ),
        (
            {"unknown": ["amount", "unit"], "owner": "chief"},
            "How long the chief has is not known; it is counted from the day a complaint is received until the "
            "findings are sent.",
        ),
        (
            {"counts_up": True, "wording": "timely", "owner": "department"},
            "The law gives the department no number of days (“timely”); the days that pass are counted from the day "
            "a complaint is received until the findings are sent.",
        ),
        (
            {"counts_up": True, "roll": "next_open_day", "is_public": True},
            "The law gives this office no number of days; the days that pass are counted from the day a complaint is "
            "received until the findings are sent. The person who complained is told how many days have passed.",
        ),
        (
            {"amount": 3, "unit": "business_days", "is_least": True},
            "At least 3 business days must pass from the day a complaint is received until the findings are sent.",
        ),
        (
            {"amount": 6, "unit": "months", "is_goal": True},
            "This office aims at no more than 6 months from the day a complaint is received until the findings are "
            "sent; this is the office's own aim and no law.",
        ),
        (
            {
                "amount": 75,
                "unit": "days",
                "tolling": ["criminal_case"],
                "extension": {"amount": 60, "unit": "days", "granted_by": ["director"]},
            },
            "This office has 75 calendar days from the day a complaint is received until the findings are sent; it "
            "stands still for “A criminal case on the same events”; more time: once 60 calendar days, granted by the "
            "director.",
        ),
        (
            {"amount": 9, "unit": "days", "extension": {"agreed_by": ["officer", "department"], "times": 2}},
            "This office has 9 calendar days from the day a complaint is received until the findings are sent; more "
            "time: twice, for as long as is granted, by agreement of the officer and the department.",
        ),
        (
            {
                "amount": 4,
                "unit": "months",
                "starts": ["incident", "discovery"],
                "start_by": "chosen",
                "start_reasons": {"incident": "The page says so", "discovery": "The statute"},
                "dated_by": ["agency", "department"],
            },
            "This office has 4 months from the day the incident happens or the matter becomes known until the findings "
            "are sent. Of these starts a person chooses which counts, with the reason. Why it counts from the day the "
            "incident happens: The page says so. Why it counts from the day the matter becomes known: The statute. "
            "These parties may hold another first day: this office and the department.",
        ),
        (
            {
                "amount": 6,
                "unit": "months",
                "repeat": {"amount": 6, "unit": "months", "done_by": ["report_filed"]},
                "per": "officer",
                "roll": "next_open_day",
            },
            "This office has 6 months from the day a complaint is received until the findings are sent. It comes back "
            "every 6 months, counted from the day the last round was due; a round is done when the report is filed. "
            "It is counted for each officer. A last day on which the office is closed moves to the next open day.",
        ),
        (
            {
                "amount": 9,
                "unit": "days",
                "warnings": [2, 1],
                "rises_to": ["supervisor", "director"],
                "rises_after": 2,
            },
            "This office has 9 calendar days from the day a complaint is received until the findings are sent. "
            "Warnings come 2 and 1 days before the end. A warning that nobody answers rises after 2 business days to a "
            "supervisor and the director.",
        ),
    ],
)
def test_a_clock_is_said(keys: dict[str, Any], text: str) -> None:
    assert clock(**keys) == text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (
            {"power": "subpoena"},
            "The Civilian Oversight Commission may issue subpoenas. Without it no subpoena can be issued.",
        ),
        (
            {"power": "monitor", "from_on": "2020-01-01"},
            "The Civilian Oversight Commission may monitor the department's investigations from January 1, 2020 on.",
        ),
        (
            {"power": "find", "from_on": "2020-01-01", "to_on": "2025-04-29", "suspended_by": "A court", "stops": []},
            "The power of the Civilian Oversight Commission to make findings ended on April 29, 2025: A court. It had "
            "begun on January 1, 2020. Nothing in this system stops without it.",
        ),
        (
            {
                "power": "subpoena",
                "suspended_on": "2024-01-01",
                "resumed_on": "2025-01-01",
                "suspended_by": "The agreement.",
                "reason": "It withholds it.",
            },
            "The Civilian Oversight Commission may by law issue subpoenas. The subpoena power of the Civilian "
            "Oversight Commission was suspended on January 1, 2024 and came back on January 1, 2025: The agreement: "
            "It withholds it. Without it no subpoena can be issued.",
        ),
    ],
)
def test_a_power_is_said(keys: dict[str, Any], text: str) -> None:
    assert " ".join(power(SPEAKER, Power.model_validate({"holder": "commission", **keys}))) == text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"share": "majority"}, "A quorum is a majority of all seats, filled or not."),
        (
            {"share": "two_thirds", "of": "serving", "recused_count": True},
            "A quorum is two thirds of the members now serving. A member who steps aside counts as present.",
        ),
        ({"share": "all"}, "A quorum is all seats, filled or not."),
        ({"share": "all", "of": "present"}, "A quorum is all of the members present."),
        ({"share": "number", "number": 3}, "A quorum is 3 members, counted on all seats, filled or not."),
    ],
)
def test_a_quorum_is_said(keys: dict[str, Any], text: str) -> None:
    assert " ".join(quorum(Quorum.model_validate(keys))) == text


def test_a_vote_is_said() -> None:
    rule = Votes.model_validate(
        {"code": "subpoena", "share": "two_thirds", "of": "seats", "by_roll_call": True, "recused_are_members": True}
    )
    assert " ".join(vote(rule)) == (
        "A motion of the kind “subpoena” passes with two thirds of all seats, filled or not. A member who steps aside "
        "stays in the number the share is taken of. Members are called by name."
    )


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (
            {"amount": 90, "unit": "days", "starts": "incident", "waived_by": ["director"], "good_cause": "Illness"},
            "A complaint must be made within 90 calendar days from the day the incident happens. The director may "
            "waive it. What counts as a good reason to be late: Illness.",
        ),
        (
            {"amount": 3, "unit": "years", "is_advice": True},
            "A complaint should be made within 3 years. A later complaint is taken, and the lateness noted.",
        ),
        ({}, "How long a complaint may wait is not known."),
        (
            {"starts": "incident"},
            "How long a complaint may wait is counted from the day the incident happens, but the number is not known.",
        ),
    ],
)
def test_a_filing_limit_is_said(keys: dict[str, Any], text: str) -> None:
    assert " ".join(limit_text(SPEAKER, FilingLimit.model_validate(keys))) == text


def test_a_move_is_said() -> None:
    first, second = BOOK.stages[0], BOOK.stages[1]
    keys: dict[str, Any] = {"from": first.code, "to": second.code, "by": ["director", "intake"]}
    conditions = {"only_if": ["is_classified", "no_open_demand"], "power": "investigate", "needs_reason": True}
    assert move_text(SPEAKER, Move.model_validate(keys)) == (
        f"The director or intake staff may move it to “{second.label}”."
    )
    assert move_text(SPEAKER, Move.model_validate({**keys, **conditions})) == (
        f"The director or intake staff may move it to “{second.label}”, once the complaint is classified, no demand "
        "is open and somebody holds the power to investigate; a reason must be given."
    )


def test_a_sentence_carries_its_law_and_its_mark() -> None:
    said = {entry.place: entry for section in sections(BOOK) for entry in section.entries}
    clock_said = said["deadlines.finish_investigation"].said[0]
    law = BOOK.clock("finish_investigation")
    assert (clock_said.law, clock_said.source) == (law.authority, law.source or BOOK.meta.source)
    assert clock_said.mark is BOOK.evidence_of(law)
    assert said["stages.received"].said[0].law == ""
    assert said["stages.received"].said[-1].mark in Evidence


def test_what_is_not_known_is_said_with_its_own_mark() -> None:
    book = read_rulebook(PROJECT / "policies" / "new-orleans-oipm" / "2021-08-01")
    said = {entry.place: entry for section in sections(book) for entry in section.entries}
    doubts = [each for each in said["deadlines.complete_investigation"].said if each.mark is Evidence.UNKNOWN]
    assert [each.text for each in doubts] == ["Looked for and not found: what follows when the time is over."]
    runs = said["deadlines.complete_investigation"].runs
    assert len(runs) < len(said["deadlines.complete_investigation"].said)
    assert runs[0].law is not None
    assert runs[0].law.law.startswith("R.S. 40:2531(B)(7), as amended")


def test_each_way_on_stands_on_its_own_line_and_their_law_is_said_once() -> None:
    said = {entry.place: entry for section in sections(BOOK) for entry in section.entries}
    stage = next(stage for stage in BOOK.stages if len(BOOK.moves_from(stage.code)) > 2)
    runs = said[f"stages.{stage.code}"].runs
    assert len(runs) > 3
    assert all(run.law is None or run.law != after.law for run, after in pairwise(runs))
    assert runs[-1].law is not None
    assert next(run.text for run in runs if " may move it to " in run.text).count(" may move it to ") == 1


def test_a_draft_says_that_no_case_opens_under_it() -> None:
    draft = read_rulebook(PROJECT / "policies" / "rochester-pab" / "2025-04-29")
    assert "and it is a draft. No case is opened under it." in sections(draft)[0].entries[0].text
    assert "No case is opened under it." not in sections(BOOK)[0].entries[0].text
