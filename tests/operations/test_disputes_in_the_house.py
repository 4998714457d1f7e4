"""A story of disputes, told without a database and told with the actions, the jobs and the database: both alike."""

from dataclasses import replace
from pathlib import Path

from app.access.work import House
from app.config import PROJECT
from app.operations.scenarios.runner import access_rights, read_file, tell_file
from app.operations.scenarios.story import Shelf, Story
from app.policy.loader import Rulebooks
from tests.discipline.books import with_disputes
from tests.make import Make
from tests.operations.test_scenarios_in_the_house import both_stand_alike
from tests.operations.told_in_the_house import InTheHouse

STORY = Path(__file__).parent / "a_dispute_told_twice.yaml"
ACCESS = access_rights(PROJECT / "policies")


def shelf(policies: Rulebooks) -> Shelf:
    book = with_disputes(policies.of("riverbend")[-1])
    return Shelf(book, Rulebooks([book]))


def test_the_story_goes_as_told(policies: Rulebooks) -> None:
    assert [str(problem) for problem in tell_file(STORY, shelf(policies), ACCESS).problems] == []


def test_it_goes_in_the_house_as_it_is_told(policies: Rulebooks, house: House, make: Make) -> None:
    books = shelf(policies)
    make.house = replace(house, policies=books.books)
    scenario = read_file(STORY)
    both_stand_alike(scenario, Story(books, scenario.steps[0].on), InTheHouse(make.house, make))
