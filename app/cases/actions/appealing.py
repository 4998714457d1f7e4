"""What follows in a case when its filer asks for a review."""

from datetime import date
from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.cases import queries
from app.cases.actions.cases import tick
from app.clocks import actions as clocks

FILED = "appeal_filed"


@never_stopped("the machinery follows what was done")
def review_was_asked(work: Work, case_id: UUID, on: date) -> None:
    """The clocks that the rulebook ties to an appeal begin and end; a closed case keeps its place in the queue."""
    case = queries.get_case(work, case_id)
    if case.closed_on is None:
        tick(work, case, FILED, on)
    else:
        clocks.reached(work, case.id, case.policy_id, FILED, on)
