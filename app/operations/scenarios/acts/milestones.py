"""What happens outside is put on file: as the action of cases; and what a case waits for meanwhile."""

from __future__ import annotations

from app.cases import rules
from app.cases.rules import Formality, OnFile
from app.cases.rules.reviews import owed_before
from app.operations.scenarios import clocks, reviews
from app.operations.scenarios.story import Story
from app.policy.model.process import Milestone, Move


def put_on_file(story: Story, milestone: Milestone, officer: str | None, *, of_report: bool = False) -> None:
    """As `cases.actions.record_milestone`; where the story names nobody, by whoever the rulebook names first."""
    book = story.law
    if not of_report:
        rules.check_not_of_a_report(book, milestone.code)
    rules.check_milestone(book, milestone.code, [story.by or milestone.by[0]])
    rules.check_day(story.today, story.today, story.incident.first_day)
    rules.check_subject(milestone, officer, _officers(story))
    standing = [each.on for each in story.on_file if (each.code, each.officer) == (milestone.code, officer)]
    rules.check_new(book, milestone, story.today, standing, story.returns)
    story.on_file.append(OnFile(milestone.code, story.today, officer))
    clocks.reached(story, milestone.code, story.today, officer=officer)


def check_ready(story: Story, move: Move) -> None:
    """As `cases.queries.lacks`."""
    rules.check_ready(lacks(story, move))


def lacks(story: Story, move: Move) -> list[str]:
    """What the move still waits for outside the system, in words."""
    informal = rules.informal_words(story.law, _formality(story), move.to)
    missing = rules.missing_before(story.law, move, story.on_file, _officers(story))
    owed = owed_before(story.law, reviews.reviewable(story), move)
    return [*([informal] if informal else []), *missing, *owed]


def takes_effect(story: Story, before: str, to: str) -> bool:
    """True where what the case was classified as counts from this move."""
    return rules.takes_effect(story.law, story.classification, before, to, _formality(story))


def _formality(story: Story) -> Formality | None:
    filed_on = story.received_on or story.today
    return rules.formality(story.law, story.kind or rules.FROM_A_FILING, story.anonymity, filed_on, story.on_file)


def _officers(story: Story) -> set[object]:
    return {each.officer for each in story.standing if not each.is_unknown}
