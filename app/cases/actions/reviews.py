"""The clock of a review that must be begins also where what demands it became known after its day."""

from typing import Protocol
from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.cases import queries, rules
from app.cases.records import Case
from app.cases.rules.reviews import clocks_to_begin
from app.clocks import actions as clocks


class AboutACase(Protocol):
    """An event of one case: what is alleged, or what was found."""

    @property
    def case_id(self) -> UUID | None: ...


@never_stopped("the machinery follows what was done")
def begin_review_clocks(work: Work, told: AboutACase) -> None:
    """What is alleged or was found may demand a review whose days were counted from before."""
    case = work.session.get(Case, told.case_id)
    if case is None or not work.policies.named(case.policy_id).review.rules:
        return
    work.flush()
    book, asked = work.policies.named(case.policy_id), queries.standing_of(work, case).reviewable
    for rule, event, on in clocks_to_begin(book, asked) if asked else ():
        due_on = clocks.begin_late(work, case.id, case.policy_id, rule, event, on)
        if due_on != case.due_on and case.closed_on is None:
            case.due_on, case.queue_on, case.last_entry_id = due_on, rules.queue_day(due_on), work.entries[-1]
