"""`kill -9` of everything under load: the small number of what `./candor prove kill` does twenty times."""

from pathlib import Path

import pytest

from app import stages
from app.operations.bench.kill import kill_again_and_again

DEATHS = 2


@pytest.mark.fault
def test_what_was_acknowledged_survives_the_death_of_web_worker_and_database(tmp_path: Path) -> None:
    outcome = kill_again_and_again(tmp_path / "kill", stages.WIRING, DEATHS, lambda _: None)
    assert outcome.acknowledged > 0
    assert outcome.retried > 0
    assert (outcome.missing, outcome.twice, outcome.changed, outcome.unproved) == (0, 0, 0, 0)
    assert outcome.journal_ok
    assert outcome.rounds == outcome.databases_killed == DEATHS
