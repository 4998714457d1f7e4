"""What must and what may be reviewed in a scenario: by the rules of cases, from what was told so far."""

from __future__ import annotations

from datetime import date

from app.cases.rules import reviews
from app.cases.rules.reviews import Alleged, Reviewable
from app.operations.scenarios.story import Story
from app.policy.model.decisions import LifeCode


def reviewable(story: Story, event: str = "", on: date | None = None) -> Reviewable:
    """As `cases.queries.reviews.reviewable`; a story has no number, so that no lot is drawn in it."""
    stated = (Alleged(each.category, each.lives.get(LifeCode.DEPARTMENT, "")) for each in story.standing)
    days = [*((each.code, each.on) for each in story.on_file), *([(event, on)] if on else [])]
    first = {code: min(day for other, day in days if other == code) for code, _ in days}
    return Reviewable(story.stage, "", reviews.alleged_or_screened(stated, story.category), first)


def held(story: Story, event: str, on: date) -> set[str]:
    """As `cases.queries.clocks_held`."""
    return reviews.held_clocks(story.law, reviewable(story, event, on))


def by_duty(story: Story, duty: str) -> list[str]:
    """The rules of review that bind the case in this way."""
    return [each.rule.code for each in reviews.review_duties(story.law, reviewable(story)) if each.duty == duty]
