"""What was entered wrongly is withdrawn with a reason: the row stays, marked, and counts no more."""

from uuid import UUID

from app.access.acts import stops_with
from app.access.routes import acting_as
from app.access.work import Work
from app.cases import queries, rules
from app.cases.actions.cases import place_cases
from app.cases.commands import WithdrawLink, WithdrawMilestone
from app.cases.events import LinkWithdrawn, MilestoneWithdrawn
from app.cases.records import Case, CaseLink, MilestoneRecord
from app.clocks import actions as clocks
from app.kernel.errors import NotFound, Stale
from app.policy.model.powers import Act


@stops_with(Act.CASEWORK)
def withdraw_milestone(work: Work, case_id: UUID, milestone_id: UUID, ask: WithdrawMilestone) -> MilestoneRecord:
    """A milestone on file never happened: the clocks are as if it had not come; moves that relied on it stay."""
    case = queries.get_case(work, case_id, for_update=True)
    row = queries.get_milestone(work, case.id, milestone_id)
    if row.superseded_at is not None:
        raise Stale()
    book = work.policies.named(case.policy_id)
    rules.check_milestone(book, row.code, acting_as(work, case.id))
    rules.check_withdrawal(book, row.code)
    row.superseded_at, row.withdrawn_by_id, row.withdrawal = work.now, work.actor.id, ask.reason
    work.happened(
        MilestoneWithdrawn(
            case_id=case.id,
            milestone_id=row.id,
            milestone=row.code,
            was_on=row.happened_on,
            officer_id=row.officer_id,
        )
    )
    clocks.withdraw(work, case.id, row.code, row.happened_on, officer_id=row.officer_id, ended=_end_of(work, case))
    work.flush()
    place_cases(work, {case.id} if case.closed_on is None else set(), work.entries[-1])
    return row


def _end_of(work: Work, case: Case) -> clocks.End | None:
    """By which event the case ended and when, for clocks that run on only up to there."""
    if case.closed_on is None:
        return None
    book = work.policies.named(case.policy_id)
    refers = rules.is_referral(book, case.stage)
    return rules.closed_how(book, case.stage, case.closure, refers=refers), case.closed_on


@stops_with(Act.CASEWORK)
def withdraw_link(work: Work, case_id: UUID, ask: WithdrawLink) -> CaseLink:
    """Two cases do not belong together like this after all; whichever of them it was linked from."""
    case = queries.get_case(work, case_id, for_update=True)
    pair = {case.id, ask.other_id}
    found = (each for each in queries.links_of(work, case.id) if each.kind == ask.relation)
    link = next((each for each in found if {each.case_id, each.other_id} == pair), None)
    if link is None:
        raise NotFound()
    link.withdrawn_at, link.withdrawn_by_id, link.withdrawal = work.now, work.actor.id, ask.reason
    work.happened(LinkWithdrawn(case_id=case.id, other_id=ask.other_id, relation=ask.relation))
    return link
