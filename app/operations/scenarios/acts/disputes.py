"""An answer goes before somebody else, who decides: as the actions of discipline."""

from __future__ import annotations

from app.cases import rules as roads
from app.discipline import rules
from app.kernel.errors import Refused
from app.operations.scenarios import clocks
from app.operations.scenarios.acts import milestones
from app.operations.scenarios.disputes import Decided
from app.operations.scenarios.story import Dispute, Recommendation, Story, Untold
from app.policy.model.decisions import Dispute as DisputeRule


def open_one(story: Story, sent: Recommendation) -> None:
    """As `discipline.actions.open_dispute`."""
    found = rules.opened_by(story.law, sent.answer)
    if found is None:
        return
    sent.dispute = Dispute(found.code, story.today)
    if story.closed_on is None:
        clocks.reached(story, "dispute_opened", story.today)


def decide(story: Story, told: Decided) -> None:
    """As `discipline.actions.decide_dispute`."""
    one = _dispute(story, told)
    found = rules.dispute(story.law, one.code)
    rules.check_may_be_decided(story.law, story.stage, one.decided_on)
    said, bench = _said(story, found, told)
    outcome = rules.check_decision(story.law, found, said, bench)
    roads.check_day(story.today, story.today, story.incident.first_day)
    one.outcome, one.decided_on = outcome.code, story.today
    rows = [each.dispute for each in story.recommendations if each.dispute is not None]
    if rules.all_decided_on([each.decided_on for each in rows if each.code == one.code]):
        _record(story, found)
    if rules.all_decided_on([each.decided_on for each in rows]):
        clocks.reached(story, "dispute_decided", story.today)


def _dispute(story: Story, told: Decided) -> Dispute:
    rows = [each.dispute for each in story.recommendations if told.allegation in (None, each.allegation)]
    known = [each for each in rows if each is not None]
    if not known:
        raise Refused("No dispute is open.")
    return next((each for each in known if each.decided_on is None), known[-1])


def _said(story: Story, found: DisputeRule, told: Decided) -> tuple[rules.Decision, rules.Bench]:
    """Names of one's own, or numbers for the members of a body of the office, of whom some have stepped aside."""
    if not rules.is_of_members(story.law, found):
        names = told.deciders or [f"Decider {n}" for n in range(1, (found.deciders or 1) + 1)]
        return rules.Decision(told.outcome, names, (), told.holds), rules.Bench()
    if told.deciders:
        raise Untold(f"{found.code} is decided by members: say only how many had stepped aside.")
    members = tuple(range(found.deciders or 1))
    bench = rules.Bench(frozenset(members), frozenset(members[: told.recused]))
    return rules.Decision(told.outcome, (), members, told.holds), bench


def _record(story: Story, found: DisputeRule) -> None:
    """As the action: a milestone of the rulebook where it names one, an event else."""
    milestone = next((each for each in story.law.milestones if each.code == found.recorded_as), None)
    if milestone is not None:
        milestones.put_on_file(story, milestone, None, of_report=True)
    elif found.recorded_as is not None:
        clocks.reached(story, found.recorded_as, story.today)


def seen(story: Story) -> tuple[dict[str, str], list[str]]:
    """How the dispute that was opened last stands, by the keys of the format and in words."""
    opened = [(each, each.dispute) for each in story.recommendations if each.dispute is not None]
    if not opened:
        return dict.fromkeys(("state", "before", "burden_on", "outcome", "stands"), "none"), []
    sent, one = max(opened, key=lambda each: each[1].opened_on)
    found = rules.dispute(story.law, one.code)
    came = {
        "state": "decided" if one.outcome else "open",
        "before": found.decided_by,
        "burden_on": str(found.burden_on),
        "outcome": one.outcome or "none",
        "stands": str(rules.stands_of(found, one.outcome)) if one.outcome else "none",
    }
    words = rules.stands_words(story.law, found, rules.Told(sent.measure, sent.answer, one.outcome))
    return came, [rules.who_decides(story.law, found), rules.burden(story.law, found), words]
