"""The second half of a step that has no page of its own, and sending a case another way."""

from uuid import UUID

from app.access import halves, routes
from app.access.acts import never_stopped, stops_with
from app.access.records import SecondHalf, SpecialRoute
from app.access.work import Work
from app.cases import queries
from app.cases.commands import DecideHalf
from app.cases.records import Case
from app.intake.commands import SendAnotherWay
from app.kernel.errors import Invalid, NotFound
from app.policy.model.outside import SpecialRoute as RouteRule
from app.policy.model.powers import Act


@stops_with(Act.MOVES)
def decide_half(work: Work, half_id: UUID, ask: DecideHalf) -> SecondHalf:
    """Agrees, or does not; the worker then does what was agreed to."""
    half = halves.get_half(work, half_id)
    acts_as = routes.acting_as(work, half.case_id)
    halves.decide_half(work, half, acts_as, agrees=ask.answer == "agree", words=ask.words)
    return half


@never_stopped("whoever must not know of a case may always step back")
def send_another_way(work: Work, case_id: UUID, ask: SendAnotherWay) -> None:
    """The case goes the way that the rulebook names; whoever leads it and may not know of it leads it no more."""
    case = queries.get_case(work, case_id, for_update=True)
    book = work.policies.named(case.policy_id)
    rule = routes.rule_of(book, ask.route)
    if rule is None:
        raise Invalid({"route": "Choose one of the list."})
    _free_from_lead(work, case, rule, ask.person_id)
    routes.send_another_way(work, book, rule, case_id=case.id, person_id=ask.person_id)


def _free_from_lead(work: Work, case: Case, rule: RouteRule, person_id: UUID | None) -> None:
    lead = case.lead_id
    if lead is None or not (lead == person_id or routes.would_keep_from(work, rule, lead)):
        return
    before = queries.assignment_of(work, case.id)
    if before is not None:
        before.until_at = work.now
    case.lead_id = None
    # Written while whoever does it may still see the case.
    work.happened(routes.LeadFreed(case_id=case.id))
    work.flush()


@never_stopped("what cannot be decided can be taken back")
def take_back(work: Work, case_id: UUID) -> None:
    """Whoever handles it sends it the usual way again."""
    queries.get_case(work, case_id)
    routes.take_back(work, _route(work, case_id))


@never_stopped("the machinery follows what was done")
def note_referral(work: Work, case_id: UUID) -> None:
    """Whoever handles it has handed it to the body that the rulebook names."""
    queries.get_case(work, case_id)
    routes.note_referral(work, _route(work, case_id))


def _route(work: Work, case_id: UUID) -> SpecialRoute:
    route = routes.standing_route(work, case_id=case_id)
    if route is None:
        raise NotFound()
    return route
