"""The office opens a case that nobody complained of: as `cases.actions.open_own_case`."""

from __future__ import annotations

from app.cases import rules as roads
from app.intake.rules import filing as rules
from app.kernel.dates import UNKNOWN, ImpreciseDate
from app.operations.scenarios import clocks
from app.operations.scenarios.happenings import Opened
from app.operations.scenarios.story import Story, Untold
from app.policy.acting import check_may
from app.policy.model.powers import Act


def open_own(story: Story, told: Opened) -> None:
    """No filing, no filer, and the first stage of its kind."""
    check_may(story.in_force, Act.CASES, story.today)
    if story.book is not None:
        raise Untold("A scenario has one case.")
    incident = ImpreciseDate.parse(told.incident) if told.incident else UNKNOWN
    book = story.shelf.for_case(story.today, story.today, incident)
    department = told.department or book.departments[0].code
    roads.check_own_kind(story.in_force, told.kind, [story.by])
    kind = roads.check_own_kind(book, told.kind, [story.by])
    rules.check_department(book, department)
    rules.check_category(book, told.category or "")
    roads.check_own_case(kind, told.category or "", told.incident, story.today)
    story.book, story.kind, story.stage = book, kind.code, roads.begins_at(book, kind)
    story.department, story.incident, story.category = department, incident, told.category or ""
    story.received_on = story.opened_on = story.today
    clocks.reached(story, "case_opened", story.today)
    if (begun := roads.clock_event(book, story.stage)) is not None:
        clocks.reached(story, begun, story.today)
