"""What a law that changes on the way does to a case: told purely, and the same in the house."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.access.work import House
from app.config import PROJECT
from app.operations.scenarios.runner import access_rights, read_file, tell_file
from app.operations.scenarios.story import Story
from app.policy.lint import lint
from app.policy.model.agency import Status
from app.policy.problems import Severity
from tests.make import Make
from tests.operations.law_that_changes import BOOKS, VERSIONS, shelf_of
from tests.operations.test_scenarios_in_the_house import both_stand_alike
from tests.operations.told_in_the_house import InTheHouse

STORIES = sorted((Path(__file__).parent / "hard_cases").glob("*/*.yaml"))
ACCESS = access_rights(PROJECT / "policies")


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_is_in_order(version: str) -> None:
    errors = [str(problem) for problem in lint(VERSIONS[version]) if problem.severity is Severity.ERROR]
    assert errors == []


def test_the_last_version_says_that_it_is_history() -> None:
    assert [book.status for book in VERSIONS.values()][2:] == [Status.ACTIVE, Status.HISTORICAL]


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_a_hard_case_goes_as_told(file: Path) -> None:
    told = tell_file(file, shelf_of(file.parent.name), ACCESS)
    assert [str(problem) for problem in told.problems] == []


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_a_hard_case_goes_in_the_house_as_it_is_told(file: Path, house: House, make: Make) -> None:
    scenario = read_file(file)
    make.house = replace(house, policies=BOOKS)
    story = Story(shelf_of(file.parent.name), scenario.steps[0].on)
    both_stand_alike(scenario, story, InTheHouse(make.house, make))
