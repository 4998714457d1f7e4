"""What hangs on milestones, told purely and done in the house: both stand alike after every step."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.access.work import House
from app.config import PROJECT
from app.operations.scenarios.runner import access_rights, read_file, tell_file
from app.operations.scenarios.story import Shelf, Story
from app.policy.lint import lint
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.problems import Severity
from tests.make import Make
from tests.operations.test_scenarios_in_the_house import both_stand_alike
from tests.operations.told_in_the_house import InTheHouse

STORIES = sorted((Path(__file__).parent / "stories").glob("*.yaml"))


def test_the_rulebook_of_these_tests_is_in_order(book: Rulebook) -> None:
    assert [str(problem) for problem in lint(book) if problem.severity is Severity.ERROR] == []


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_a_story_goes_as_told_and_in_the_house_the_same(file: Path, book: Rulebook, house: House, make: Make) -> None:
    books = Rulebooks([book])
    told = tell_file(file, Shelf(book, books), access_rights(PROJECT / "policies"))
    assert [str(problem) for problem in told.problems] == []
    scenario = read_file(file)
    make.house = replace(house, policies=books)
    story = Story(Shelf(book, books), scenario.steps[0].on)
    both_stand_alike(scenario, story, InTheHouse(make.house, make))
