"""What a scenario tells without a database is what the actions, the jobs and the database do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app import stages
from app.access.work import House
from app.config import PROJECT
from app.operations.scenarios.acts import departments, kept, outward, sessions
from app.operations.scenarios.facts import FACTS, holds
from app.operations.scenarios.happenings import Scenario
from app.operations.scenarios.runner import access_rights, read_file, shelf_of
from app.operations.scenarios.story import Story
from app.operations.scenarios.telling import tell
from tests.make import Make
from tests.operations.told_behind_walls import OFFICE
from tests.operations.told_in_the_house import InTheHouse

FOLDER = PROJECT / "policies" / "riverbend" / "2025-01-01"
ACCESS = access_rights(PROJECT / "policies")
STORIES = sorted((FOLDER / "scenarios").glob("*.yaml"))


def told(story: Story, *, has_nights: bool, asked: Sequence[str] = ()) -> dict[str, Any]:
    """The same values, from the pure telling."""
    if story.book is None:
        return {}
    letters = [(kind, filing.book.letter(kind, filing.language).language, "False") for filing, kind in _sent(story)]
    return {
        "pinned": story.law.policy_id,
        "stage": story.stage,
        "closure": story.closure,
        "overall": story.result,
        "closed_on": story.closed_on,
        "clocks": sorted(
            (
                each.rule,
                each.officer or "",
                each.started_by,
                each.started_on,
                each.due_on,
                str(each.stopped_on),
                each.stopped_by,
            )
            for each in story.clocks
        ),
        "warnings": sorted(_warnings(story)) if has_nights else [],
        "lives": {each.code: each.lives for each in story.standing},
        "letters": sorted(letters),
        "facts": {name: holds(story, name) for name in FACTS},
        "others": _others(story),
        "disputes": sorted(_disputes(story)),
        "session": _session(story),
        "kept": _kept(story),
        "departments": {each: departments.seen(story, each) for each in asked},
        "reports": sorted((code, how) for code, (how, _) in story.reports.items()),
    }


def _session(story: Story) -> tuple[str, list[str]]:
    came, _ = sessions.seen(story) if story.docket and not story.docket.is_over else ({"state": "none"}, [])
    return came["state"], list(came.get("hinders", ()))


def _kept(story: Story) -> dict[str, Any]:
    if not story.items:
        return {}
    everybody = [*OFFICE, *(who for who in story.people if who not in OFFICE)]
    found = {code: sorted(who for who in everybody if kept.sees(story, who, code)) for code in story.items}
    return {"sees": found, "tried": kept.tried(story)}


def _warnings(story: Story) -> list[Any]:
    running = [(each.rule, each.warning) for each in story.clocks if each.stopped_on is None]
    return [(rule, each.step, each.level, each.is_answered) for rule, each in running if each is not None]


def _disputes(story: Story) -> list[Any]:
    found = [each.dispute for each in story.recommendations if each.dispute is not None]
    return [(each.code, each.opened_on, each.outcome, str(each.decided_on)) for each in found]


def _others(story: Story) -> dict[str, Any]:
    roles = ("investigator", "supervisor") if story.others else ()
    return {role: (sorted(outward.seen_by(story, role)), outward.found_by(story, role)) for role in roles}


def _sent(story: Story) -> list[Any]:
    """The receipt is a page, not a letter on file."""
    return [(filing, kind) for filing in story.filings for kind, _ in filing.letters if kind != "receipt"]


def test_scenarios_answer_exactly_the_guards_that_the_stages_answer() -> None:
    assert set(FACTS) == set(stages.FACTS)


def both_stand_alike(scenario: Scenario, story: Story, real: InTheHouse) -> None:
    """Step by step: the same refusal in the same words, and the same case."""
    real.departments = sorted({code for step in scenario.steps for code in step.expect.departments})
    for number, step in enumerate(scenario.steps, 1):
        refusal = tell(story, step)
        assert (number, real.tell(step)) == (number, refusal)
        stands = real.stands()
        own = [row for row in stands.get("letters", []) if row[2] == "False"]
        came = stands | {"letters": own} if stands else {}
        assert (number, came) == (number, told(story, has_nights=real.has_nights, asked=real.departments))


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_a_story_goes_in_the_house_as_it_is_told(file: Path, house: House, make: Make) -> None:
    scenario = read_file(file)
    has_nights = any(seen.warning is not None for step in scenario.steps for seen in step.expect.clocks.values())
    story = Story(shelf_of(FOLDER), scenario.steps[0].on, ACCESS)
    both_stand_alike(scenario, story, InTheHouse(house, make, has_nights=has_nights))
