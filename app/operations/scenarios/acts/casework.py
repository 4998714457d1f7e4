"""A case is assigned, moved, found upon, asked about: as the actions of cases, allegations and evidence."""

from __future__ import annotations

from difflib import get_close_matches

from app.allegations import rules as finding_rules
from app.cases import rules as roads
from app.evidence import rules as demand_rules
from app.kernel.errors import Refused
from app.operations.scenarios import clocks, facts
from app.operations.scenarios.acts import departments, intake, letters, milestones
from app.operations.scenarios.happenings import (
    Alleged,
    Assigned,
    Contacted,
    DemandAnswered,
    Demanded,
    Found,
    Happened,
    Identified,
    Moved,
    Withdrawn,
)
from app.operations.scenarios.story import Allegation, Demand, Story, Untold
from app.policy.acting import check_may
from app.policy.model.decisions import LifeCode
from app.policy.model.powers import Act
from app.policy.model.process import Move
from app.policy.vocabulary import EVENTS


def assign(story: Story, told: Assigned) -> None:
    """As `cases.actions.assign_case`."""
    story.law  # noqa: B018 - there must be a case
    story.lead = told.to
    clocks.reached(story, "case_assigned", story.today)


def move(story: Story, told: Moved) -> None:
    """As `cases.actions.move_case`, and the letters that follow."""
    book, before = story.law, story.stage
    found = roads.check_move(book, before, told.to, [story.by], story.reason)
    roads.check_powers(story.in_force, found, story.today)
    _settle_closure(story, found, told)
    roads.check_guards(found, lambda guard: facts.holds(story, guard))
    milestones.check_ready(story, found)
    story.stage, story.closed_on = told.to, None
    event = roads.clock_event(book, told.to)
    if milestones.takes_effect(story, before, told.to):
        clocks.reached(story, "case_classified", story.today)
    if roads.goes_back(book, before, told.to):
        story.returns.append(story.today)
        clocks.run_again(story, roads.undone_by_going_back(book, told.to), event)
    if book.stage(told.to).final:
        intake.close(story, refers=roads.is_referral(book, told.to))
    elif event is not None:
        clocks.reached(story, event, story.today)
    letters.at_stage(story)
    letters.findings(story)


def _settle_closure(story: Story, found: Move, told: Moved) -> None:
    if roads.CLOSURE_GUARD in found.only_if:
        roads.check_closure(story.law, told.closure or "", story.reason, [story.by], story.attempts)
        story.closure = told.closure or ""
    elif not roads.is_referral(story.law, told.to):
        story.closure = ""


def contact(story: Story, told: Contacted) -> None:
    """As `cases.actions.log_contact`, several times."""
    if told.result not in roads.CONTACT_RESULTS:
        raise Untold(f"There is no such result; use one of {', '.join(roads.CONTACT_RESULTS)}.")
    story.attempts += told.times


def allege(story: Story, told: Alleged) -> None:
    """As `allegations.actions.state_allegation`."""
    _check_open(story)
    category = finding_rules.check_category(story.law, told.category)
    departments.of_officer(story, told.officer, told.department, is_unknown=told.is_unknown)
    is_first = not any(each.officer == told.officer for each in story.allegations)
    code = told.as_ or f"a{len(story.allegations) + 1}"
    if code in [each.code for each in story.allegations]:
        raise Untold(f"There are two allegations {code}.")
    story.allegations.append(Allegation(code, category, told.officer, told.is_unknown))
    story.category = story.category or category
    clocks.begin_reviews(story)
    if is_first and not told.is_unknown:
        _start_clocks_of(story, told.officer)


def identify(story: Story, told: Identified) -> None:
    """As `allegations.actions.identify_officer`."""
    _check_open(story)
    departments.of_officer(story, told.officer, told.department or story.officers.get(told.was))
    moved = [each for each in story.allegations if each.officer == told.was and each.is_unknown]
    if not moved:
        raise Refused("This officer is not named in the case.")
    is_first = not any(each.officer == told.officer and not each.is_unknown for each in story.allegations)
    for each in moved:
        each.officer, each.is_unknown = told.officer, False
    if is_first:
        _start_clocks_of(story, told.officer)


def _start_clocks_of(story: Story, officer: str) -> None:
    earlier = sorted(story.gone_through, key=lambda each: each[1])
    incident = story.incident
    if incident.first_day is not None and incident.precision == "day":
        earlier.insert(0, ("incident", incident.first_day))
    for event, on in [*earlier, ("officer_identified", story.today)]:
        clocks.reached(story, event, on, officer=officer)


def withdraw(story: Story, told: Withdrawn) -> None:
    """As `allegations.actions.withdraw_allegation`."""
    _check_open(story)
    allegation = story.allegation(told.allegation)
    if allegation.is_withdrawn:
        raise Refused("This allegation has been withdrawn already.")
    allegation.is_withdrawn = True
    _name_case(story)


def _check_open(story: Story) -> None:
    if story.law.stage(story.stage).final:
        raise Refused("This case is closed.")


def find(story: Story, told: Found) -> None:
    """As `recommend_finding` and `review_finding`; other lives are written where the rulebook lets them be."""
    finding_rules.check_may_write(story.law, told.life, story.stage, [story.by])
    check_may(story.in_force, Act.FINDINGS, story.today)
    if story.law.life(told.life).needs_motion:
        raise Refused("This finding is made by a vote of the body.")
    for allegation in story.chosen(told.allegation):
        write_finding(story, allegation, told.life, _word(allegation, told))


def _word(allegation: Allegation, told: Found) -> str:
    if told.life != LifeCode.SUPERVISOR:
        return told.finding or ""
    before = allegation.lives.get(LifeCode.INVESTIGATOR)
    if before is None:
        raise Refused("The investigator has not found on this allegation yet.")
    return before if told.agrees else told.finding or ""


def write_finding(story: Story, allegation: Allegation, life: str, word: str) -> None:
    """As `allegations.actions.write_finding`."""
    if allegation.is_withdrawn:
        raise Refused("This allegation has been withdrawn.")
    allegation.lives[str(life)] = finding_rules.check_word(story.law, life, word).code
    clocks.begin_reviews(story)
    _name_case(story)


def _name_case(story: Story) -> None:
    story.result = finding_rules.overall(story.law, [each.lives for each in story.standing])


def demand(story: Story, told: Demanded) -> None:
    """As `evidence.actions.send_demand`."""
    _check_open(story)
    check_may(story.in_force, Act.DEMANDS, story.today)
    kind = demand_rules.kind_of(story.law, told.kind)
    code = told.as_ or f"d{len(story.demands) + 1}"
    department = demand_rules.goes_to(story.law, told.department or "", story.department)
    due_on = demand_rules.due_on(story.law, kind, story.today)
    story.demands.append(Demand(code, kind.code, department, story.today, due_on))
    letters.to_department(story, "demand", department)
    clocks.reached(story, "demand_sent", story.today)


def answer_demand(story: Story, told: DemandAnswered) -> None:
    """As `evidence.actions.answer_demand`, and what it means to the clocks."""
    waiting = [each for each in story.demands if told.demand in (None, each.code)]
    found = next((each for each in waiting if each.answered_on is None), waiting[0] if waiting else None)
    if found is None:
        raise Untold("There is no such demand in this scenario.")
    demand_rules.check_unanswered(found.answered_on)
    words = story.reason or "answered"
    demand_rules.check_answer(demand_rules.kind_of(story.law, found.kind), told.answer, words, with_file=False)
    found.answered_on = story.today
    if story.closed_on is None:
        clocks.reached(story, "demand_answered", story.today)


def happen(story: Story, told: Happened) -> None:
    """Anything else that clocks wait for: what the code tells, or a milestone put on file by hand."""
    outside = {each.code: each for each in story.law.milestones}
    if told.event in outside:
        milestones.put_on_file(story, outside[told.event], told.officer)
        return
    known = EVENTS | set(outside)
    if told.event not in known:
        close = get_close_matches(told.event, known, n=1)
        raise Untold(f"There is no event {told.event}" + (f"; did you mean {close[0]}?" if close else "."))
    clocks.reached(story, told.event, story.today, officer=told.officer)
