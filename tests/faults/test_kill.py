"""`kill -9` of everything under load: the small number of what `./candor prove kill` does twenty times."""

from pathlib import Path

import pytest

from app import stages
from app.operations.bench.draft import resume_after_deaths
from app.operations.bench.kill import kill_again_and_again

DEATHS = 2
# Both live in one installation: to make one takes longer than to kill it.
pytestmark = pytest.mark.xdist_group("deaths")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kill")


@pytest.mark.fault
def test_what_was_acknowledged_survives_the_death_of_web_worker_and_database(folder: Path) -> None:
    outcome = kill_again_and_again(folder, stages.WIRING, DEATHS, lambda _: None)
    assert outcome.acknowledged > 0
    assert outcome.retried > 0
    assert (outcome.missing, outcome.twice, outcome.changed, outcome.unproved) == (0, 0, 0, 0)
    assert outcome.journal_ok
    assert outcome.rounds == outcome.databases_killed == DEATHS


@pytest.mark.fault
def test_a_complaint_that_was_begun_survives_a_death_between_two_pages(folder: Path) -> None:
    outcome = resume_after_deaths(folder, [[1, 4]], lambda _: None)
    assert outcome.holds, outcome
    assert outcome.begun == 2
