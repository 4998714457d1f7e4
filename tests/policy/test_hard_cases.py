"""Every hard case and trap of docs/hard-cases.md has the stories that say they prove it, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import PROJECT
from app.operations.scenarios.runner import read_file
from tests.rulebooks import read_rulebook

POLICIES = PROJECT / "policies"
STORIES = sorted(POLICIES.glob("*/*/scenarios/*.yaml"))
PROVEN_IN = {file: read_file(file).proves for file in STORIES}
PAGE = (PROJECT / "docs" / "hard-cases.md").read_text("utf-8")

HARD_CASES = {f"hard_case_{number}" for number in range(1, 19)}
TRAPS = {
    # What six agencies added to the format.
    "trap_start_with_a_reason",
    "trap_clock_that_repeats",
    "trap_duty_without_a_number",
    "trap_complete_is_not_final",
    "trap_informal_until_an_affidavit",
    "trap_case_without_a_complaint",
    "trap_quorum_on_seats",
    "trap_must_and_may_review",
    "trap_one_member_decides",
    "trap_dated_values",
    "trap_kind_of_law",
    "trap_filed_with_the_clerk",
    # What was found in the law of single cities and states.
    "trap_law_of_the_complaints_day",
    "trap_unfunded_text",
    "trap_state_year_behind_the_charter",
    "trap_filed_and_served",
    "trap_executive_session",
    "trap_three_days_of_maryland",
    "trap_two_business_days",
}
MODELS = {"review", "investigation", "auditor_monitor", "hybrid"}
# Agencies whose rulebook is whole; a demonstration is one too.
WHOLE = (
    "seattle-opa",
    "nyc-ccrb",
    "new-orleans-oipm",
    "rochester-pab",
    "baltimore",
    "washington-dc-opc",
    "somerville-review",
    "somerville-auditor",
    "somerville-hybrid",
    "small-review-board",
)


def told_of(file: Path) -> str:
    agency, day, _, name = file.relative_to(POLICIES).with_suffix("").parts
    return f"{agency}/{day}/{name}"


def rows(heading: str) -> Iterator[tuple[str, set[str]]]:
    """The code and the stories of each line under a heading of the page."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for line in part.splitlines():
        if line.startswith(("| hard_case_", "| trap_")):
            yield line.split("|")[1].strip(), set(re.findall(r"`([a-z0-9-]+/[0-9-]+/\w+)`", line))


def named_tests(heading: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The code of each line under a heading, and the tests it names: file and name."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for line in part.splitlines():
        if line.startswith(("| hard_case_", "| trap_")):
            yield line.split("|")[1].strip(), re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", line)


TOLD, TESTED = dict(rows("Told")), dict(named_tests("Proved by tests"))


def test_all_eighteen_and_all_traps_are_on_the_page_once() -> None:
    codes = [code for part in (TOLD, TESTED) for code in part]
    assert sorted(codes) == sorted(HARD_CASES | TRAPS)


@pytest.mark.parametrize("code", sorted(TESTED))
def test_the_tests_that_a_line_names_are_there(code: str) -> None:
    assert TESTED[code]
    for file, name in TESTED[code]:
        there = ast.parse((PROJECT / file).read_text("utf-8")).body
        assert name in {each.name for each in there if isinstance(each, ast.FunctionDef)}, f"{file}::{name}"


@pytest.mark.parametrize("code", sorted(TOLD))
def test_the_stories_of_a_line_are_those_that_say_so_themselves(code: str) -> None:
    stories = {told_of(file) for file, proves in PROVEN_IN.items() if code in proves}
    assert stories
    assert TOLD[code] == stories


@pytest.mark.parametrize("file", STORIES, ids=told_of)
def test_a_story_proves_only_what_the_page_lists(file: Path) -> None:
    assert set(PROVEN_IN[file]) <= set(TOLD)


@pytest.mark.parametrize("agency", WHOLE)
def test_a_whole_agency_has_four_stories_or_more(agency: str) -> None:
    assert len([file for file in STORIES if file.relative_to(POLICIES).parts[0] == agency]) >= 4


def test_each_model_of_oversight_is_the_road_of_two_agencies_or_more() -> None:
    roads: dict[str, set[str]] = {model: set() for model in MODELS}
    for folder in sorted(file.parent for file in POLICIES.glob("*/*/rulebook.yaml")):
        roads[read_rulebook(folder).models.primary].add(folder.parent.name)
    assert {model: len(agencies) >= 2 for model, agencies in roads.items()} == dict.fromkeys(MODELS, True), roads
