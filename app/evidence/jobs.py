"""What the worker does for evidence: an answer that came by the department's door reaches the case's clocks."""

from uuid import UUID

from app.access.work import Work
from app.evidence import actions


def tell_clocks_of_answer(work: Work, demand_id: UUID) -> None:
    """Safe to run twice: a clock that has stopped stays stopped."""
    actions.tell_clocks_of_answer(work, demand_id)
