"""Of which department an officer is, and what each department reads: as the row security of its door."""

from __future__ import annotations

from typing import Any

from app.allegations import rules as finding_rules
from app.operations.scenarios.story import Story, Untold


def of_officer(story: Story, officer: str, said: str | None, *, is_unknown: bool = False) -> None:
    """An officer is of one department, said with their first allegation; the case's own when left out."""
    known = story.officers.get(officer)
    if known is not None and said not in (None, known):
        raise Untold(f"{officer} is of {known} in this scenario.")
    department = known or said or story.department
    finding_rules.check_overseen(story.law, department, "department_id" if is_unknown else "officer_id")
    story.officers[officer] = department


def in_case(story: Story) -> list[str]:
    """As `discipline.queries.departments_in`."""
    whose = {story.officers[each.officer] for each in story.standing} or {story.department}
    return [each.code for each in story.law.departments if each.code in whose]


def seen(story: Story, department: str) -> dict[str, Any]:
    """What is addressed to a department, and the officers whom that names."""
    story.law.department(department)
    sent = [each for each in story.recommendations if each.sent_on is not None and each.department == department]
    named = {story.allegation(each.allegation).officer for each in sent}
    return {
        "demands": sorted(each.code for each in story.demands if each.department == department),
        "recommended": sorted({each.allegation for each in sent}),
        "letters": sorted(kind for kind, to in story.department_letters if to == department),
        "officers": sorted(each for each in named if story.officers[each] == department),
    }
