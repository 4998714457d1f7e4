"""Reports to others and links between cases: as the actions of discipline and of cases."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases import rules as roads
from app.discipline import rules
from app.kernel.errors import Invalid
from app.operations.scenarios import clocks
from app.operations.scenarios.acts import milestones
from app.operations.scenarios.outward import Earlier, Linked, Reported
from app.operations.scenarios.story import Other, Story, Untold

THIS = "this"


def report(story: Story, told: Reported) -> None:
    """As `discipline.actions.record_report`."""
    book = story.law
    entry = rules.external_report(book, told.report)
    how = told.how or str(entry.fulfilled_by)
    has_begun = any(clock.rule == entry.clock for clock in story.clocks)
    begun = rules.Begun(has_begun, story.reports[entry.code][1] if entry.code in story.reports else None)
    rules.check_report(book, entry.code, rules.Reported(how, told.holds), alleged_in(story), begun)
    roads.check_day(story.today, story.today, story.incident.first_day)
    code = rules.recorded_as(entry, how)
    milestone = next((each for each in book.milestones if each.code == code), None)
    if milestone is not None:
        milestones.put_on_file(story, milestone, None, of_report=True)
    elif code is not None:
        clocks.reached(story, code, story.today)
    story.reports[entry.code] = (how, story.today)


def alleged_in(story: Story) -> set[str]:
    """As `discipline.queries.alleged_in`."""
    return {each.category for each in story.standing} or ({story.category} if story.category else set())


def other_case(story: Story, told: Earlier) -> None:
    """Another case stands there, for this story only what may be known of it."""
    if told.as_ in story.others:
        raise Untold(f"There are two other cases {told.as_}: name the second with `as`.")
    story.others[told.as_] = Other(told.officer, told.walled_from)


def link(story: Story, told: Linked) -> None:
    """As `cases.actions.link_case`: a case behind a wall is not there."""
    other = story.others.get(told.to)
    if other is None or story.by in other.walled_from:
        raise Invalid({"number": roads.NO_CASE})
    standing = [(THIS, to, relation) for to, relation in seen_by(story, story.by)]
    roads.check_link(told.relation, THIS, told.to, standing)
    story.links.append((told.to, told.relation))


def seen_by(story: Story, role: str) -> Iterator[tuple[str, str]]:
    """The links that somebody in this role may know of."""
    return ((to, relation) for to, relation in story.links if role not in story.others[to].walled_from)


def found_by(story: Story, role: str) -> list[str]:
    """As `cases.queries.cases_of_officers`: other cases that name an officer of this one."""
    named = {each.officer for each in story.standing if not each.is_unknown}
    others = story.others.items()
    return sorted(code for code, each in others if each.officer in named and role not in each.walled_from)
