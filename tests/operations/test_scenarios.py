"""A scenario is read strictly, told purely, and says with file and line where the story goes otherwise."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.config import PROJECT
from app.operations.scenarios.expecting import (
    AnswerSeen,
    ClockSeen,
    DemandSeen,
    DepartmentSeen,
    Expect,
    FilerSeen,
    PowerSeen,
    ReviewSeen,
    Rights,
    VoteSeen,
)
from app.operations.scenarios.happenings import HAPPENINGS
from app.operations.scenarios.runner import access_rights, shelf_of, tell_folder, tell_text
from app.operations.scenarios.story import Shelf
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.agency import Status

RIVERBEND = PROJECT / "policies" / "riverbend" / "2025-01-01"
ACCESS = access_rights(PROJECT / "policies")
HEAD = "title: T\nabout: A\nsteps:\n"
# A complaint that became a case, with one allegation; the steps that follow begin in line 14.
BEGUN = """\
  - on: 2025-03-03
    filed: {incident: 2025-03-01}
  - on: 2025-03-05
    by: intake
    screened: investigation
  - on: 2025-03-05
    by: supervisor
    assigned:
  - on: 2025-03-05
    by: investigator
    alleged: {category: force_hands, officer: jones}
"""


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return shelf_of(RIVERBEND)


def said(shelf: Shelf, steps: str, begun: str = BEGUN) -> list[str]:
    """The problems of a story, as they are printed."""
    return [str(problem) for problem in tell_text("s.yaml", (HEAD + begun + steps).encode(), shelf, ACCESS).problems]


def expected(shelf: Shelf, expectation: str) -> list[str]:
    """The same for one expectation on the day after."""
    return said(shelf, f"  - on: 2025-03-06\n    expect:\n      {expectation}\n")


def test_every_story_of_the_demonstration_goes_as_told(shelf: Shelf) -> None:
    told = tell_folder(RIVERBEND, shelf, ACCESS)
    assert [str(problem) for each in told for problem in each.problems] == []
    assert len(told) >= 15
    assert all(each.title for each in told)


def test_the_guide_names_everything_that_may_happen_and_be_expected() -> None:
    guide = (PROJECT / "docs" / "scenarios.md").read_text("utf-8")
    seen = (
        *(ClockSeen, PowerSeen, VoteSeen, AnswerSeen, FilerSeen),
        *(DemandSeen, DepartmentSeen, ReviewSeen, Rights),
    )
    names = {*HAPPENINGS, *Expect.model_fields}
    names |= {field.alias or name for each in seen for name, field in each.model_fields.items()}
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", guide)) == []


WRONG = {
    "a stage": ("stage: investigating", "stage: expected investigating, and it is open"),
    "a finding that names the case": ("overall: sustained", "overall: expected sustained, and it is none"),
    "a closure": ("closure: withdrawn", "closure: expected withdrawn, and it is none"),
    "a classification": ("classification: urgent", "classification: expected urgent, and it is investigation"),
    "a pinned rulebook": (
        "pinned: 2024-01-01",
        "pinned: expected 2024-01-01 (Monday), and it is 2025-01-01 (Wednesday)",
    ),
    "a rulebook in force": (
        "in_force: 2024-01-01",
        "in_force: expected 2024-01-01 (Monday), and it is 2025-01-01 (Wednesday)",
    ),
    "a finding": (
        "findings: {a1: {board: sustained}}",
        "findings.a1.board: expected sustained, and it is none",
    ),
    "letters": ("letters: [closing]", "letters: expected closing, and it is nothing"),
    "a clock that never started": (
        "clocks: {hear_case: 2025-04-01}",
        "clocks.hear_case: expected due 2025-04-01 (Tuesday), and it is nothing: it never started",
    ),
    "a clock that runs": ("clocks: {classify: running}", "clocks.classify.state: expected running, and it is met; "),
    "days that are left": (
        "clocks: {discipline_limit of jones: {days_left: 400}}",
        "clocks.discipline_limit of jones.days_left: expected 400, and it is 363; ",
    ),
    "clocks that run": (
        "running: [update_filer]",
        "running: expected update_filer, and it is discipline_limit, finish_investigation, officer_notice, "
        "preserve_evidence, progress_review, update_filer",
    ),
    "who may move": (
        "moves: {investigator: []}",
        "moves.investigator: expected nothing, and it is investigating",
    ),
    "what is missing": (
        "waits_for: {investigating: [Something]}",
        "waits_for.investigating: expected Something, and it is nothing",
    ),
    "a move that is none": (
        "waits_for: {closed: []}",
        "waits_for.closed: expected a move to closed, and it is there is none from open",
    ),
    "who writes": (
        "writes: {investigator: [investigator]}",
        "writes.investigator: expected investigator, and it is nothing",
    ),
    "a right": (
        "rights: {liaison: {may: [cases:case:read]}}",
        "rights.liaison.may: expected liaison may cases:case:read, and it is not allowed by the rules of access",
    ),
    "a wall": (
        "rights: {director: {may_not: [people:identity:open]}}",
        "rights.director.may_not: expected director may not people:identity:open, "
        "and it is allowed by the rules of access",
    ),
    "what a department reads": (
        "departments: {rhp: {officers: [jones]}}",
        "departments.rhp.officers: expected jones, and it is nothing",
    ),
    "what nobody tried": (
        "tried: [lent statement]",
        "tried: expected lent statement, and it is nothing",
    ),
    "a power": ("powers: {subpoena: not_held}", "powers.subpoena.state: expected not_held, and it is held"),
    "an act that goes on": (
        "stopped: {demands: the court}",
        'stopped.demands: expected "the court", and it is "none"',
    ),
    "words of the filer's page": (
        "filer: {says: [We have finished]}",
        'filer.says: expected "We have finished", and it is "Your case is open We have opened a case. '
        "We have asked the department to keep its records and videos. "
        'An investigator makes a plan and starts work."',
    ),
    "a date of the filer's page": (
        "filer: {next_by: 2025-03-10}",
        "filer.next_by: expected 2025-03-10 (Monday), and it is 2025-04-21 (Monday)",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_expectation_fails_with_what_came_instead(shelf: Shelf, what: str) -> None:
    expectation, words = WRONG[what]
    (problem,) = expected(shelf, expectation)
    assert problem.startswith(f"s.yaml:17: step 5, {words}")
    assert words.endswith("; ") or problem.endswith(words)


def test_a_wrong_date_is_followed_by_its_arithmetic(shelf: Shelf) -> None:
    (problem,) = expected(shelf, "clocks: {finish_investigation: 2025-09-01}")
    assert problem.startswith(
        "s.yaml:17: step 5, clocks.finish_investigation.due: expected 2025-09-01 (Monday), and it is 2025-09-02 "
        "(Tuesday); The clock starts on Wednesday, March 5, 2025"
    )
    assert "Monday, September 1, 2025 is closed (Labor Day)" in problem
    assert problem.endswith("Authority: Charter 12.10(a).")


def test_a_line_is_that_of_the_expectation_itself(shelf: Shelf) -> None:
    steps = "  - on: 2025-03-06\n    expect:\n      stage: open\n      clocks:\n        classify: lapsed\n"
    assert said(shelf, steps)[0].startswith("s.yaml:19: step 5, clocks.classify.state")


def test_a_refusal_that_was_expected_must_come_in_these_words(shelf: Shelf) -> None:
    move = "  - on: 2025-03-06\n    by: {by}\n    moved: {to}\n    refused: {words}\n"
    assert said(shelf, move.format(by="intake", to="investigating", words="Only investigator")) == []
    assert said(shelf, move.format(by="intake", to="investigating", words="Nobody")) == [
        's.yaml:18: step 5, refused: expected the refusal "Nobody", and it was refused with '
        '"Only investigator or supervisor or director may do this."'
    ]
    assert said(shelf, move.format(by="investigator", to="investigating", words="Only")) == [
        's.yaml:18: step 5, refused: expected the refusal "Only", and it was not refused'
    ]


def test_a_refusal_that_nobody_expected_ends_the_story(shelf: Shelf) -> None:
    steps = (
        "  - on: 2025-03-06\n    by: supervisor\n    moved: closed_early\n"
        "  - on: 2025-03-07\n    expect: {stage: closed_early}\n"
    )
    assert said(shelf, steps) == ["s.yaml:17: step 5, moved: refused: Say why: the rulebook asks for a reason here."]


UNTOLD = {
    "an unknown clock": ("    expect: {clocks: {clasify: met}}", "has no clock named clasify."),
    "an unknown stage": ("    by: director\n    moved: nirvana", "step 5, moved: refused: A case does not go from"),
    "an unknown event": (
        "    happened: officer_notifed",
        "step 5: There is no event officer_notifed; did you mean officer_notified?",
    ),
    "an unknown allegation": (
        "    by: investigator\n    withdrawn: a7",
        "step 5: There is no allegation a7 in this scenario.",
    ),
    "a clock that never began": (
        "    by: director\n    paused: {clock: hear_case, reason: waiver}",
        "step 5: The clock hear_case has not started in this scenario.",
    ),
    "a vote without a meeting": (
        "    voted: {motion: subpoena, ayes: 3}",
        "step 5: No meeting was told: say with `meeting` who serves and who is present.",
    ),
    "more votes than members": (
        "    meeting: {serving: 5, present: 3}\n  - on: 2025-03-06\n    voted: {motion: subpoena, ayes: 4}",
        "step 6: More members vote than the 3 that are present.",
    ),
    "a second case": (
        "    filed: {as: second}\n  - on: 2025-03-06\n    by: intake\n    screened: {as: service, filing: second}",
        "step 6: A scenario has one case: a second filing joins it (joins: true).",
    ),
    "an answer to nothing": (
        "    expect: {answer: {lapsed: false}}",
        "step 5: Nothing that was recommended has been sent yet.",
    ),
}


@pytest.mark.parametrize("what", UNTOLD)
def test_what_the_story_never_told_is_said(shelf: Shelf, what: str) -> None:
    step, words = UNTOLD[what]
    problems = said(shelf, f"  - on: 2025-03-06\n{step}\n")
    assert len(problems) == 1
    assert words in problems[0]
    assert problems[0].startswith("s.yaml:1")


BROKEN = {
    "two things at once": (
        "  - on: 2025-03-06\n    assigned:\n    written:\n",
        "s.yaml:15: step 5: one thing happens in a step; written belongs into the next one, on the same day",
    ),
    "a key that is misspelt": (
        "  - on: 2025-03-06\n    expects: {}\n",
        's.yaml:16: step 5, expects: there is no key "expects" here; did you mean "expect"?',
    ),
    "a state that is none": (
        "  - on: 2025-03-06\n    expect: {clocks: {classify: late}}\n",
        's.yaml:16: step 5, clocks.classify: "late" is not known here; '
        "it must be 'running', 'paused', 'lapsed', 'met', 'stopped', 'ended', 'counting', 'counted', 'not_before', "
        "'free', 'too_early' or 'none'",
    ),
    "a power that is none": (
        "  - on: 2025-03-06\n    expect: {powers: {magic: held}}\n",
        's.yaml:16: step 5, powers.magic: "magic" is not known here; it must be',
    ),
    "a day that is none": ("  - on: tomorrow\n", "s.yaml:15: step 5, on: this is not a day; write it as 2026-03-05"),
    "a day before": (
        "  - on: 2025-01-01\n",
        "s.yaml:1: a step on 2025-01-01 stands after one on 2025-03-05: time does not go back",
    ),
    "a refusal of nothing": (
        "  - on: 2025-03-06\n    refused: no\n",
        "s.yaml:15: step 5: nothing happens here that could be refused",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_scenario_is_read_as_strictly_as_a_rulebook(shelf: Shelf, what: str) -> None:
    steps, words = BROKEN[what]
    (problem,) = said(shelf, steps)
    assert problem.startswith(words)
    assert words.endswith("must be") or problem == words


def test_a_file_that_holds_no_scenario_is_refused(shelf: Shelf) -> None:
    for text, words in (("- a\n", "holds title, about and steps"), ("title: T\nsteps: []\nabout: A\n", "steps")):
        (problem,) = tell_text("s.yaml", text.encode(), shelf, ACCESS).problems
        assert words in str(problem)


def test_a_story_on_days_of_another_rulebook_proves_nothing_of_this_one(shelf: Shelf) -> None:
    before = "  - on: 2024-03-03\n    filed:\n"
    assert "No rulebook of riverbend is in force on 2024-03-03." in said(shelf, "", begun=before)[0]
    later = shelf.own.model_copy(update={"effective_from": date(2026, 1, 1)})
    two = Shelf(later, Rulebooks((shelf.own, later)))
    (problem,) = said(two, "")
    assert "is in force on none of its days" in problem
    assert said(two, "  - on: 2026-01-01\n    expect: {in_force: 2026-01-01, pinned: 2025-01-01}\n") == []


def test_a_proposal_is_told_as_if_it_were_in_force(shelf: Shelf) -> None:
    meta = shelf.own.meta.model_copy(update={"status": Status.PROPOSAL})
    proposal: Rulebook = shelf.own.model_copy(update={"meta": meta, "effective_from": date(2030, 1, 1)})
    assert said(Shelf(proposal, Rulebooks((proposal,))), "") == []


def _dates_moved(text: str) -> Iterator[str]:
    """The story once for each date it expects, with that date moved by a day."""
    for match in re.finditer(r"(?:due: |[a-z_]+: )(\d{4}-\d\d-\d\d)(?=[,}\n])", text):
        before = text[: match.start()].rsplit("\n", 1)[-1] + match[0]
        if (
            re.match(r"\s*(- on|from|until|incident|meets_on|filed)", before)
            or "from:" in before
            or "incident" in before
        ):
            continue
        moved = date.fromisoformat(match[1]) + timedelta(days=1)
        yield text[: match.start(1)] + moved.isoformat() + text[match.end(1) :]


@pytest.mark.parametrize("file", sorted((RIVERBEND / "scenarios").glob("*.yaml")), ids=lambda file: file.stem)
def test_a_story_fails_when_any_date_it_expects_is_moved_by_a_day(shelf: Shelf, file: Path) -> None:
    for moved in _dates_moved(file.read_text("utf-8")):
        assert tell_text("s.yaml", moved.encode(), shelf, ACCESS).problems, moved
