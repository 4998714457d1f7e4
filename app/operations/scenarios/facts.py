"""What the guards of a move ask, answered from the scenario: as the facts that `app/stages.py` lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.commission.rules.meetings import FINDING, SEND_BACK
from app.discipline import rules as discipline
from app.operations.scenarios.story import Story, Untold
from app.policy.model.decisions import LifeCode


def holds(story: Story, guard: str) -> bool:
    """True where the fact holds."""
    if guard not in FACTS:
        raise Untold(f"Scenarios cannot answer the guard {guard} yet.")
    return FACTS[guard](story)


def _all_have(story: Story, life: str) -> bool:
    return bool(story.standing) and all(life in each.lives for each in story.standing)


def _on_a_docket(story: Story) -> bool:
    return story.docket is not None and not story.docket.is_over


def is_decided(story: Story) -> bool:
    """As `commission.queries.is_decided`: on the latest docket, a motion carried on every standing allegation."""
    docket = story.docket
    if docket is None or any(kind == SEND_BACK for kind, _ in docket.carried):
        return False
    subjects = {each.code for each in story.standing}
    return bool(subjects) and subjects <= {subject for kind, subject in docket.carried if kind == FINDING}


def _is_sent_back(story: Story) -> bool:
    docket = story.docket
    return docket is not None and docket.sent_to is not None and (SEND_BACK, "") in docket.carried


def _answer_lapsed(story: Story) -> bool:
    owed = [each for each in story.recommendations if each.answered_on is None]
    return bool(owed) and all(discipline.has_lapsed(each.due_on, None, story.today) for each in owed)


def _dispute_open(story: Story) -> bool:
    return any(each.dispute is not None and each.dispute.decided_on is None for each in story.recommendations)


def _closing_letter_sent(story: Story) -> bool:
    if story.kind and not any(filing.has_joined for filing in story.filings):
        return True
    kinds = {kind.code for kind in story.law.letters if (kind.on or "").startswith("case_")}
    return any(code in kinds for filing in story.filings for code, _ in filing.letters)


FACTS: Mapping[str, Callable[[Story], bool]] = {
    "is_classified": lambda story: bool(story.classification or story.kind),
    "investigator_assigned": lambda story: bool(story.lead),
    "every_allegation_has_a_finding": lambda story: _all_have(story, LifeCode.INVESTIGATOR),
    "supervisor_approved": lambda story: _all_have(story, LifeCode.SUPERVISOR),
    "on_a_docket": _on_a_docket,
    "motion_carried": is_decided,
    "sent_back_by_vote": _is_sent_back,
    "findings_sent": lambda story: all(each.sent_on is not None for each in story.recommendations),
    "answer_received": lambda story: all(each.answered_on is not None for each in story.recommendations),
    "answer_lapsed": _answer_lapsed,
    "dispute_open": _dispute_open,
    "no_open_dispute": lambda story: not _dispute_open(story),
    "closing_letter_sent": _closing_letter_sent,
    "closure_reason_given": lambda story: bool(story.closure),
    "no_open_demand": lambda story: all(each.answered_on is not None for each in story.demands),
}
